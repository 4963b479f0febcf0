import NNKernelInterface

// The weight gradient by Winograd's method where there are few tiles: see ``WinogradGradientPlan``.

/// The values of some channels of the whole output gradient, and their sums for the bias.
@inline(__always)
func transformAllTiles<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ operands: GradientOperands, _ channels: Range<Int>,
  to gradients: UnsafeMutablePointer<Float>, _ between: UnsafeMutablePointer<Float>
) {
  let plan = operands.plan
  let biasSums = gradients + plan.biasStart
  zero(biasSums + channels.lowerBound, channels.count)
  transformGradient(
    lines, plan, plan.forward.everything, channels, operands.outputGradient, to: gradients, biasSums,
    between)
}

/// The gradients of some output channels, a tile of the micro-kernel at a time: all its points, then back
/// to the taps. The first float of `scratch` is 0 in a worker's first task, and tells the others that the
/// input's values are there. Returns where the output gradient's values are.
@inline(__always)
func multiplyChannels<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ operands: GradientOperands, _ target: GradientTarget,
  _ channels: Range<Int>, _ shared: UnsafePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
) -> UnsafePointer<Float> {
  let plan = target.plan
  let stride = plan.forward.sourceStride
  let between = scratch + BlockSizes.lineFloats
  let values = between + 3 * plan.forward.lineFloats
  let products = values + plan.forward.valueFloats
  if scratch[0] == 0 {
    transformWholeSource(
      lines, plan.forward, ConvolutionOutputGradient(values: operands.input, argmax: nil),
      copy: products, to: values, between)
    scratch[0] = 1
  }
  var gradients = shared
  if plan.ownsGradients {
    let own = products + plan.productFloats
    transformAllTiles(lines, operands, channels, to: own, between)
    gradients = UnsafePointer(own)
  }
  #if NN_AVX512
    if plan.forward.fusesRows {
      multiplyToTaps(target, channels, values, gradients, between)
      return gradients
    }
  #endif
  let groups = pieces(channels.upperBound - channels.lowerBound, BlockSizes.fewGradientRows)
  var row = channels.lowerBound
  var group = 0
  while group < groups {
    let end =
      channels.lowerBound + evenStart(group + 1, groups, channels.upperBound - channels.lowerBound)
    var column = 0
    while column < stride {
      let vectors = min(BlockSizes.vectors, (stride - column) / lanes)
      target.prefetch(row..<end, column, channels: vectors * lanes)
      runWinogradGradientTile(
        rows: end - row, vectors: vectors,
        WinogradGradientTileArguments(
          points: plan.forward.tilePoints, tiles: plan.forward.allTiles, gradient: gradients + row,
          gradientPointStep: plan.gradientPointStride, gradientStep: plan.gradientStride,
          source: values + column, sourcePointStep: plan.forward.sourcePointStride, sourceStep: stride,
          target: products, targetPointStep: plan.tilePointStride, targetStep: BlockSizes.width,
          accumulate: false))
      var r = row
      while r < end {
        var v = 0
        while v < vectors && column + v * lanes < plan.forward.sourceChannels {
          target.write(
            lines, products + (r - row) * BlockSizes.width + v * lanes, pointStep: plan.tilePointStride, r,
            column + v * lanes, between)
          v += 1
        }
        r += 1
      }
      column += BlockSizes.width
    }
    row = end
    group += 1
  }
  return gradients
}

#if NN_AVX512
  /// The same where a tap tile brings the products back. A vector of the source's values stays near for all
  /// output channels.
  private func multiplyToTaps(
    _ target: GradientTarget, _ channels: Range<Int>, _ values: UnsafePointer<Float>,
    _ gradients: UnsafePointer<Float>, _ between: UnsafeMutablePointer<Float>
  ) {
    let plan = target.plan
    let groups = pieces(channels.upperBound - channels.lowerBound, BlockSizes.tapTileOutputs)
    var column = 0
    while column < plan.forward.sourceStride {
      var row = channels.lowerBound
      var group = 0
      while group < groups {
        let end =
          channels.lowerBound + evenStart(group + 1, groups, channels.upperBound - channels.lowerBound)
        target.prefetch(row..<end, column, channels: lanes)
        runWinogradTapTile(
          tiles: plan.forward.allTiles, outputs: end - row,
          WinogradTapTileArguments(
            source: values + column, sourcePointStep: plan.forward.sourcePointStride,
            sourceStep: plan.forward.sourceStride, gradient: gradients + row,
            gradientPointStep: plan.gradientPointStride, gradientStep: plan.gradientStride,
            target: between))
        var o = row
        while o < end {
          target.writeTaps(WinogradLines<6>.self, between + (o - row) * 18 * lanes, o, column)
          o += 1
        }
        row = end
        group += 1
      }
      column += lanes
    }
  }
#endif
