import NNKernelInterface
import NNShapes

// The weight gradient by Winograd's method: F(k×k, 4×4) with the output gradient's 4×4 tiles in the
// place of the kernel. ``WinogradGradientPlan`` says which task does what.

extension VectorKernels {
  public static func winogradGradientCounts(
    _ geometry: Conv2dGeometry, pooled: Bool, threads: Int
  ) -> WinogradGradientCounts {
    WinogradGradientPlan(geometry, pooled: pooled, threads: threads).counts
  }

  public static func winogradGradient(
    _ geometry: Conv2dGeometry, threads: Int, task: Int, input: UnsafePointer<Float>,
    outputGradient: ConvolutionOutputGradient, shared: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = WinogradGradientPlan(
      geometry, pooled: outputGradient.argmax != nil, threads: threads)
    let operands = GradientOperands(plan: plan, input: input, outputGradient: outputGradient)
    if plan.forward.points == 6 {
      begin(WinogradLines<6>.self, operands, task, shared, scratch)
    } else {
      begin(WinogradLines<8>.self, operands, task, shared, scratch)
    }
  }

  public static func finishWinogradGradient(
    _ geometry: Conv2dGeometry, threads: Int, task: Int, input: UnsafePointer<Float>,
    outputGradient: ConvolutionOutputGradient, shared: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool, scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = WinogradGradientPlan(
      geometry, pooled: outputGradient.argmax != nil, threads: threads)
    let operands = GradientOperands(plan: plan, input: input, outputGradient: outputGradient)
    let target = GradientTarget(plan: plan, weightGradient: weightGradient, accumulate: accumulate)
    let sums =
      plan.forward.points == 6
      ? finish(WinogradLines<6>.self, operands, target, task, shared, scratch)
      : finish(WinogradLines<8>.self, operands, target, task, shared, scratch)
    guard let biasGradient else { return }
    let channels = plan.channels(ofFinishingTask: task)
    var channel = channels.lowerBound
    while channel < channels.upperBound {
      var sum: Float = 0
      var part = 0
      while part < plan.biasParts {
        sum += sums[plan.biasStart + part * plan.partialStride + channel]
        part += 1
      }
      biasGradient[channel] = accumulate ? biasGradient[channel] + sum : sum
      channel += 1
    }
  }
}

@inline(__always)
private func begin<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ operands: GradientOperands, _ task: Int,
  _ shared: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
) {
  let plan = operands.plan
  if plan.hasFewTiles {
    transformAllTiles(lines, operands, plan.channels(ofGradientTask: task), to: shared, scratch)
  } else {
    let partial = task / plan.slices
    sumRegions(
      lines, operands, partial, task % plan.slices, shared + partial * plan.partialStride, scratch)
  }
}

/// Returns where the bias's sums are.
@inline(__always)
private func finish<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ operands: GradientOperands, _ target: GradientTarget, _ task: Int,
  _ shared: UnsafePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
) -> UnsafePointer<Float> {
  if target.plan.hasFewTiles {
    return multiplyChannels(
      lines, operands, target, target.plan.channels(ofFinishingTask: task), shared, scratch)
  }
  addPartials(lines, target, task, shared, scratch)
  return shared
}

@inline(__always)
private func sumRegions<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ operands: GradientOperands, _ partial: Int, _ slice: Int,
  _ sums: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
) {
  let plan = operands.plan
  let forward = plan.forward
  let channels = plan.channels(ofSlice: slice)
  let values = scratch
  let gradients = values + forward.valueFloats
  let rest = gradients + plan.gradientFloats
  let endRegion = evenStart(partial + 1, plan.partials, forward.regions)
  let firstRegion = evenStart(partial, plan.partials, forward.regions)
  let biasSums = sums + plan.biasStart
  zero(biasSums + channels.lowerBound, channels.upperBound - channels.lowerBound)

  var index = firstRegion
  while index < endRegion {
    let region = forward.region(index)
    operands.transform(
      lines, region, channels, values: values, gradients: gradients, biasSums: biasSums, rest)
    var point = 0
    while point < forward.tilePoints {
      // The sums of the others are not defined: only taps that are not there would use them.
      forward.forEachRun(atPoint: point) { sources in
        multiplyPoint(
          plan, channels, sources, region.tiles, values + point * forward.sourcePointStride,
          gradients + point * plan.gradientPointStride, sums + point * plan.sumPointStride,
          accumulate: index > firstRegion)
      }
      point += 1
    }
    index += 1
  }
}

/// m[o][c] (+)= Σ_t w[t][o] · v[t][c] at one point, for some output and some input channels.
private func multiplyPoint(
  _ plan: WinogradGradientPlan, _ channels: Range<Int>, _ sources: Range<Int>, _ tiles: Int,
  _ values: UnsafePointer<Float>, _ gradients: UnsafePointer<Float>,
  _ sums: UnsafeMutablePointer<Float>, accumulate: Bool
) {
  let stride = plan.forward.sourceStride
  var column = sources.lowerBound
  let endColumn = pieces(sources.upperBound, lanes) * lanes
  while column < endColumn {
    let vectors = min(BlockSizes.vectors, (endColumn - column) / lanes)
    var row = channels.lowerBound
    let groups = pieces(channels.upperBound - row, BlockSizes.winogradRows)
    var group = 0
    while group < groups {
      let end =
        channels.lowerBound
        + evenStart(group + 1, groups, channels.upperBound - channels.lowerBound)
      runWinogradGradientTile(
        rows: end - row, vectors: vectors,
        WinogradGradientTileArguments(
          points: 1, tiles: tiles, gradient: gradients + row, gradientPointStep: 0,
          gradientStep: plan.gradientStride, source: values + column, sourcePointStep: 0,
          sourceStep: stride, target: sums + row * stride + column, targetPointStep: 0,
          targetStep: stride, accumulate: accumulate))
      row = end
      group += 1
    }
    column += BlockSizes.width
  }
}

/// dw = Aᵀ · m · A for one output channel, after adding up the partial sums.
@inline(__always)
private func addPartials<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ target: GradientTarget, _ outputChannel: Int,
  _ sums: UnsafePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
) {
  let plan = target.plan
  let stride = plan.forward.sourceStride
  let total = scratch
  let between = total + Points * Points * lanes
  var channel = 0
  while channel < plan.forward.sourceChannels {
    var point = 0
    while point < Points * Points {
      var source = sums + point * plan.sumPointStride + outputChannel * stride + channel
      var sum = load(source)
      var partial = 1
      while partial < plan.partials {
        source += plan.partialStride
        sum += load(source)
        partial += 1
      }
      store(sum, to: total + point * lanes)
      point += 1
    }
    target.write(lines, total, pointStep: lanes, outputChannel, channel, between)
    channel += lanes
  }
}
