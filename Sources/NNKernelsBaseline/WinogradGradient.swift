import NNKernelInterface
import NNShapes

// The weight gradient by Winograd's method: F(k×k, 4×4) with the output gradient's 4×4 tiles in the
// place of the kernel. A task sums the products of its part of the batch at every point; the last
// step adds the parts up and brings them back to k×k taps.

extension VectorKernels {
  public static func winogradGradientCounts(
    _ geometry: Conv2dGeometry, pooled: Bool
  ) -> WeightGradientCounts {
    WinogradGradientPlan(geometry, pooled: pooled).counts
  }

  public static func winogradGradient(
    _ geometry: Conv2dGeometry, partial: Int, slice: Int, input: UnsafePointer<Float>,
    outputGradient: ConvolutionOutputGradient, sums: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = WinogradGradientPlan(geometry, pooled: outputGradient.argmax != nil)
    if plan.forward.points == 6 {
      sumRegions(
        WinogradLines<6>.self, plan, partial, slice, input, outputGradient, sums, scratch)
    } else {
      sumRegions(
        WinogradLines<8>.self, plan, partial, slice, input, outputGradient, sums, scratch)
    }
  }

  public static func finishWinogradGradient(
    _ geometry: Conv2dGeometry, pooled: Bool, outputChannel: Int, sums: UnsafeMutablePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool, scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = WinogradGradientPlan(geometry, pooled: pooled)
    if plan.forward.points == 6 {
      finishChannel(
        WinogradLines<6>.self, plan, outputChannel, sums, weightGradient, accumulate, scratch)
    } else {
      finishChannel(
        WinogradLines<8>.self, plan, outputChannel, sums, weightGradient, accumulate, scratch)
    }
    guard let biasGradient else { return }
    var sum: Float = 0
    var partial = 0
    while partial < plan.partials {
      sum +=
        sums[partial * plan.partialStride + plan.forward.tilePoints * plan.sumPointStride + outputChannel]
      partial += 1
    }
    biasGradient[outputChannel] = accumulate ? biasGradient[outputChannel] + sum : sum
  }
}

@inline(__always)
private func sumRegions<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradGradientPlan, _ partial: Int, _ slice: Int,
  _ input: UnsafePointer<Float>, _ outputGradient: ConvolutionOutputGradient,
  _ sums: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
) {
  let forward = plan.forward
  let channels = plan.channels(ofSlice: slice)
  let between = scratch
  let values = between + 3 * forward.lineFloats
  let gradients = values + forward.tilePoints * forward.sourcePointStride
  let copy = gradients + forward.tilePoints * plan.gradientPointStride
  let firstRegion = evenStart(partial, plan.partials, forward.regions)
  let endRegion = evenStart(partial + 1, plan.partials, forward.regions)
  let biasSums = sums + forward.tilePoints * plan.sumPointStride
  zero(biasSums + channels.lowerBound, channels.upperBound - channels.lowerBound)

  var index = firstRegion
  while index < endRegion {
    let region = forward.region(index)
    copyWinogradSource(
      forward, region, ConvolutionOutputGradient(values: input, argmax: nil), to: copy)
    transformWinogradSource(lines, forward, region, copy, to: values, between)
    transformGradient(
      lines, plan, region, channels, outputGradient, to: gradients, biasSums, between)
    var point = 0
    while point < forward.tilePoints {
      multiplyPoint(
        plan, channels, region.tiles, values + point * forward.sourcePointStride,
        gradients + point * plan.gradientPointStride, sums + point * plan.sumPointStride,
        accumulate: index > firstRegion)
      point += 1
    }
    index += 1
  }
}

/// m[o][c] (+)= Σ_t w[t][o] · v[t][c] at one point, for some output channels and all input channels.
private func multiplyPoint(
  _ plan: WinogradGradientPlan, _ channels: Range<Int>, _ tiles: Int,
  _ values: UnsafePointer<Float>, _ gradients: UnsafePointer<Float>,
  _ sums: UnsafeMutablePointer<Float>, accumulate: Bool
) {
  let stride = plan.forward.sourceStride
  var column = 0
  while column < stride {
    let vectors = min(BlockSizes.vectors, (stride - column) / lanes)
    var row = channels.lowerBound
    let groups = pieces(channels.upperBound - row, BlockSizes.winogradRows)
    var group = 0
    while group < groups {
      let end =
        channels.lowerBound
        + evenStart(group + 1, groups, channels.upperBound - channels.lowerBound)
      runWinogradGradientTile(
        rows: end - row, vectors: vectors, tiles: tiles, gradient: gradients + row,
        gradientStep: plan.gradientStride, source: values + column, sourceStep: stride,
        target: sums + row * stride + column, targetStep: stride, accumulate: accumulate)
      row = end
      group += 1
    }
    column += BlockSizes.width
  }
}

/// dw = Aᵀ · m · A for one output channel, after adding up the partial sums.
@inline(__always)
private func finishChannel<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradGradientPlan, _ outputChannel: Int,
  _ sums: UnsafeMutablePointer<Float>, _ weightGradient: UnsafeMutablePointer<Float>,
  _ accumulate: Bool, _ scratch: UnsafeMutablePointer<Float>
) {
  let stride = plan.forward.sourceStride
  let channels = plan.forward.sourceChannels
  let total = scratch
  let between = total + Points * Points * lanes
  let taps = between + Points * Points * lanes
  let target = weightGradient + outputChannel * lines.taps * lines.taps * channels
  var channel = 0
  while channel < channels {
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
    var column = 0
    while column < Points {
      lines.weightGradient(
        total + column * lanes, Points * lanes, between + column * lanes, Points * lanes)
      column += 1
    }
    let count = min(lanes, channels - channel)
    var row = 0
    while row < lines.taps {
      lines.weightGradient(between + row * Points * lanes, lanes, taps, lanes)
      var tap = 0
      while tap < lines.taps {
        let place = target + (row * lines.taps + tap) * channels + channel
        let value = load(taps + tap * lanes)
        store(
          accumulate ? load(UnsafePointer(place), upTo: count) + value : value, to: place, upTo: count)
        tap += 1
      }
      row += 1
    }
    channel += lanes
  }
}
