import NNKernelInterface
import NNShapes

// Forward and input gradient by Winograd's method, F(4×4, k×k) for k = 2, 3 and 5: the source's tiles and
// the weights are brought to the points, each point's tiles are multiplied by the weights at that point,
// a matrix product, and the sums are brought back to 4×4 pixels a tile. ``WinogradPlan`` says which task
// does what.
extension VectorKernels {
  public static func winogradCounts(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, pooling: Bool, threads: Int
  ) -> GatherCounts {
    WinogradPlan(geometry, pass, pooling: pooling, threads: threads).counts
  }

  public static func packWinograd(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, pooling: Bool, threads: Int, task: Int,
    weight: UnsafePointer<Float>, packed: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = WinogradPlan(geometry, pass, pooling: pooling, threads: threads)
    let taps = WinogradTaps(
      plan, geometry, pass, block: task, weight, copy: scratch + plan.lineFloats)
    let target = packed + task * plan.weightBlockStride
    switch plan.points {
    case 5: pack(WinogradLines<5>.self, plan, taps, to: target)
    case 6: pack(WinogradLines<6>.self, plan, taps, to: target)
    default: pack(WinogradLines<8>.self, plan, taps, to: target)
    }
  }

  public static func winograd(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, epilogue: ConvolutionEpilogue, threads: Int,
    task: Int, source: ConvolutionOutputGradient, weight: UnsafePointer<Float>,
    packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, target: UnsafeMutablePointer<Float>,
    argmax: UnsafeMutablePointer<UInt8>?, scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = WinogradPlan(geometry, pass, pooling: epilogue.pooling, threads: threads)
    let output = BlockOutput(epilogue: epilogue, bias: bias, target: target, argmax: argmax)
    if plan.isShallow {
      gatherShallowRegion(plan, task, source, packed, output, scratch)
    } else if plan.order == .weightsFirst {
      switch plan.points {
      case 5: gatherRegion(WinogradLines<5>.self, plan, task, source, packed, output, scratch)
      case 6: gatherRegion(WinogradLines<6>.self, plan, task, source, packed, output, scratch)
      default: gatherRegion(WinogradLines<8>.self, plan, task, source, packed, output, scratch)
      }
    } else if plan.points == 6 {
      gatherFewTiles(
        WinogradLines<6>.self, plan, geometry, pass, task, source, weight, output, scratch)
    } else {
      gatherFewTiles(
        WinogradLines<8>.self, plan, geometry, pass, task, source, weight, output, scratch)
    }
  }
}

/// One block's weights at all points.
@inline(__always)
private func pack<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradPlan, _ taps: WinogradTaps,
  to packed: UnsafeMutablePointer<Float>
) {
  var ahead = RowsAhead.none
  // A shallow convolution reads the weights of one column of points after the other.
  let shallowStride = plan.sourceChannels * lanes
  let pointStride = plan.isShallow ? Points * shallowStride : plan.weightPointStride
  let rowStride = plan.isShallow ? shallowStride : Points * plan.weightPointStride
  var pair = 0
  while pair < lines.pairs {
    let (upper, lower) = lines.rows(ofPair: pair)
    taps.transform(
      lines, pair: pair, sources: plan.sourceChannels,
      to: packed + upper * rowStride, packed + lower * rowStride, pointStride: pointStride,
      ahead: &ahead)
    pair += 1
  }
}

/// Some blocks of all tiles, or all blocks of one region. The first float of `scratch` is 0 in a worker's
/// first task, and tells the others that the values of all tiles are there.
@inline(__always)
private func gatherFewTiles<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradPlan, _ geometry: Conv2dGeometry,
  _ pass: ConvolutionPass, _ task: Int, _ source: ConvolutionOutputGradient,
  _ weight: UnsafePointer<Float>, _ output: BlockOutput, _ scratch: UnsafeMutablePointer<Float>
) {
  let between = scratch + BlockSizes.lineFloats
  let values = between + plan.lineFloats
  let rest = values + plan.valueFloats + plan.rowValueFloats
  var (region, block, end) = (plan.everything, 0, plan.blocks)
  if plan.order == .regionFirst {
    region = plan.region(task)
    copyWinogradSource(plan, region, source, to: rest)
    transformWinogradSource(lines, plan, region, rest, to: values, between)
  } else {
    if scratch[0] == 0 {
      transformWholeSource(lines, plan, source, copy: rest, to: values, between)
      if plan.fusesRows { copyRowValues(plan, values, to: values + plan.valueFloats) }
      scratch[0] = 1
    }
    block = task * plan.blocksPerTask
    end = min(block + plan.blocksPerTask, plan.blocks)
  }
  let copy = rest + plan.blocksPerTask * plan.blockSums + plan.weightRowsFloats
  while block < end {
    let taps = WinogradTaps(plan, geometry, pass, block: block, weight, copy: copy)
    let next = WinogradTaps.rows(plan, geometry, pass, block: block + plan.blocksPerTask, weight)
    gatherBlocks(lines, plan, region, block, values, taps, next, output, rest, between)
    block += plan.blocksPerTask
  }
}

/// Some blocks, from `firstBlock` on, of tiles whose values are there: some source channels after the other.
@inline(__always)
private func gatherBlocks<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradPlan, _ region: WinogradRegion,
  _ firstBlock: Int, _ values: UnsafePointer<Float>, _ taps: WinogradTaps, _ next: RowsAhead,
  _ output: BlockOutput, _ sums: UnsafeMutablePointer<Float>, _ between: UnsafeMutablePointer<Float>
) {
  let weights = sums + plan.blocksPerTask * plan.blockSums
  let rowFloats = Points * plan.weightPointStride
  let blocks = min(plan.blocksPerTask, plan.blocks - firstBlock)
  @inline(__always) func products(_ block: Int) -> WinogradProducts {
    WinogradProducts(
      values: values, weights: UnsafePointer(weights), sums: sums + block * plan.blockSums,
      region: region, plan: plan)
  }
  var ahead = next
  var block = 0
  var first = 0
  while first < plan.sourceChannels {
    let count = min(plan.weightDepth, plan.sourceChannels - first)
    block = 0
    while block < blocks {
      #if NN_AVX512
        if plan.fusesRows {
          multiplyRows(
            plan, taps.from(first, block: block), first..<first + count, values + plan.valueFloats,
            to: sums + block * plan.blockSums, &ahead)
          block += 1
          continue
        }
      #endif
      var pair = 0
      while pair < lines.pairs {
        taps.from(first, block: block).transform(
          lines, pair: pair, sources: count, to: weights, weights + rowFloats,
          pointStride: plan.weightPointStride, ahead: &ahead)
        let (upper, lower) = lines.rows(ofPair: pair)
        let sources = first..<first + count
        products(block).multiply(
          points: upper * Points..<(upper + 1) * Points, sources, UnsafePointer(weights))
        products(block).multiply(
          points: lower * Points..<(lower + 1) * Points, sources, UnsafePointer(weights + rowFloats))
        pair += 1
      }
      block += 1
    }
    first += count
  }
  block = 0
  while block < blocks {
    writeBlock(lines, products(block), firstBlock + block, output, between)
    block += 1
  }
}

#if NN_AVX512
  /// Adds a block's products for some source channels, whose weights are not at the points yet, to `sums`.
  private func multiplyRows(
    _ plan: WinogradPlan, _ taps: WinogradTaps, _ sources: Range<Int>, _ values: UnsafePointer<Float>,
    to sums: UnsafeMutablePointer<Float>, _ ahead: inout RowsAhead
  ) {
    let tiles = plan.allTiles
    var channel = 0
    while channel < plan.width {
      var row = 0
      while row < plan.points {
        runWinogradRowTile(
          row: row, tiles: tiles,
          WinogradRowTileArguments(
            taps: taps.first + channel, tapStride: taps.tapStride, sourceStride: taps.sourceStride,
            depth: sources.upperBound - sources.lowerBound,
            values: values + row * plan.rowValueStride + sources.lowerBound * plan.points * tiles,
            sums: sums + row * plan.points * plan.productPointStride + channel,
            pointStep: plan.productPointStride, tileStep: plan.width,
            accumulate: sources.lowerBound > 0), &ahead)
        row += 1
      }
      channel += lanes
    }
  }
#endif

/// All or some blocks of one region, whose weights are there.
@inline(__always)
private func gatherRegion<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradPlan, _ task: Int,
  _ source: ConvolutionOutputGradient, _ packed: UnsafePointer<Float>, _ output: BlockOutput,
  _ scratch: UnsafeMutablePointer<Float>
) {
  let region = plan.region(task / plan.splits)
  let split = task % plan.splits
  let between = scratch
  let values = between + plan.lineFloats
  let sums = values + plan.tilePoints * plan.sourcePointStride
  let copy = sums + plan.blockSums
  copyWinogradSource(plan, region, source, to: copy)
  transformWinogradSource(lines, plan, region, copy, to: values, between)

  var block = evenStart(split, plan.splits, plan.blocks)
  let endBlock = evenStart(split + 1, plan.splits, plan.blocks)
  while block < endBlock {
    let products = WinogradProducts(
      values: values, weights: packed + block * plan.weightBlockStride, sums: sums, region: region,
      plan: plan)
    products.multiplyAll(block: block)
    writeBlock(lines, products, block, output, between)
    block += 1
  }
}
