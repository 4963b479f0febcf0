import NNKernelInterface
import NNShapes

/// How a weight gradient is cut: the batch into regions, whose sums are added up in as few partial
/// sums as keep the threads busy, and the weight into slices. A function of the geometry and of
/// ``BlockSizes`` alone.
///
/// Where the channels of a tap are whole tile widths, a tile's columns run along them: it leaves out the
/// pixels whose tap lies in the padding, and its sums are stored where the weights lie. A block is then
/// as many output channels as a tile has rows. Else its columns are output channels, and a block a full
/// width of them or the rest: a partial sum then holds for each block a row for each float of a window.
struct WeightGradientPlan {
  let vertical: GatherAxis
  let horizontal: GatherAxis
  /// The input is copied: a tap leaves it, and the tiles need zeros there.
  let copies: Bool
  let imagesPerRegion: Int
  let rowsPerRegion: Int
  let regionsPerImage: Int
  let regions: Int
  /// Floats of a window, and channels of a pixel of it.
  let depth: Int
  let groupInputs: Int
  let groupOutputs: Int
  private let channels: Int
  private let batch: Int
  /// Each channel is a group of its own: they count as one, and a block is one vector of them.
  let isChannelwise: Bool
  private let blockWidth: Int
  /// Blocks of a group, and of all groups.
  let groupBlocks: Int
  let blocks: Int
  /// Columns run along the window, the channels of a tap.
  let followsTap: Bool
  let partials: Int
  /// A slice is a part of the blocks and a part of the window.
  let blockSlices: Int
  let depthSlices: Int
  /// Floats of a window that a slice is a multiple of, but for the last one.
  let depthUnit: Int
  let source: PaddedSource

  /// `pooled` where the output gradient is that of a pooled map.
  init(_ geometry: Conv2dGeometry, pooled: Bool) {
    vertical = GatherAxis(
      forward: geometry.vertical, size: geometry.inputHeight, outputSize: geometry.outputHeight,
      pooling: pooled)
    horizontal = GatherAxis(
      forward: geometry.horizontal, size: geometry.inputWidth, outputSize: geometry.outputWidth,
      pooling: pooled)
    depth = geometry.multiplyAddsPerOutput
    groupInputs = geometry.groupInputChannels
    channels = geometry.outputChannels
    batch = geometry.batch
    isChannelwise = geometry.isChannelwise
    blockWidth = isChannelwise ? lanes : BlockSizes.width
    groupOutputs = isChannelwise ? channels : geometry.groupOutputChannels
    followsTap = groupInputs % BlockSizes.width == 0
    copies =
      !followsTap
      && (vertical.needsPadding || horizontal.needsPadding || isChannelwise && channels % lanes != 0)
    groupBlocks = pieces(groupOutputs, followsTap ? BlockSizes.pixels : blockWidth)
    blocks = channels / groupOutputs * groupBlocks

    let rowPixels = max(1, horizontal.positions)
    let pixels = max(1, vertical.positions * rowPixels)
    let rowFloats = max(1, vertical.positionStep * horizontal.extent(of: rowPixels) * geometry.inputChannels)
    let regionFloats = copies ? BlockSizes.scratchFloats : BlockSizes.regionFloats
    if pixels <= BlockSizes.gradientPixels {
      imagesPerRegion = max(
        1,
        min(
          geometry.batch, BlockSizes.gradientPixels / pixels,
          regionFloats / (rowFloats * max(1, vertical.positions))))
      rowsPerRegion = max(1, vertical.positions)
    } else {
      imagesPerRegion = 1
      rowsPerRegion = max(
        1, min(BlockSizes.gradientPixels / rowPixels, regionFloats / rowFloats))
    }
    regionsPerImage = pieces(vertical.positions, rowsPerRegion)
    regions =
      horizontal.positions == 0 ? 0 : pieces(geometry.batch, imagesPerRegion) * regionsPerImage
    source =
      copies
      ? PaddedSource(
        copyOf: rowsPerRegion, vertical, horizontal, channels: geometry.inputChannels)
      : PaddedSource(whole: vertical, horizontal, channels: geometry.inputChannels)

    // A partial sum costs a pass over the weight, so it should stand for many pixels.
    partials = max(
      1,
      min(
        BlockSizes.wantedTasks, regions, geometry.batch * pixels / BlockSizes.pixelsPerPartial,
        BlockSizes.partialFloats / max(1, geometry.weightCount)))
    let wantedSlices = pieces(BlockSizes.wantedTasks, partials)
    blockSlices = min(blocks, wantedSlices)
    depthUnit = followsTap ? BlockSizes.width : BlockSizes.pixels
    depthSlices = max(1, min(pieces(depth, depthUnit), wantedSlices / blockSlices))
  }

  /// The first output channel of block `index`.
  func firstChannel(ofBlock index: Int) -> Int {
    let block = index % groupBlocks
    return index / groupBlocks * groupOutputs
      + (followsTap
        ? evenStart(block, groupBlocks, groupOutputs) : block * blockWidth)
  }

  /// Output channels of block `index`.
  func channels(ofBlock index: Int) -> Int {
    let end =
      (index + 1) % groupBlocks == 0
      ? (index / groupBlocks + 1) * groupOutputs : firstChannel(ofBlock: index + 1)
    return end - firstChannel(ofBlock: index)
  }

  /// Where the sums of block `index` start in a partial sum, where columns run along channels.
  func sums(_ index: Int) -> Int { index * depth * BlockSizes.width }

  /// Channels of a partial sum: those of the weight where it lies like one, else a full width a block.
  private var sumChannels: Int { followsTap ? channels : blocks * BlockSizes.width }

  /// Where the sums of the biases start in a partial sum, behind those of the weights.
  var biasSumsStart: Int { wholeLines(sumChannels * depth) }

  /// Floats from one partial sum to the next.
  var sumsCount: Int { biasSumsStart + wholeLines(sumChannels) }

  /// Pixels of a region, at most.
  var regionPixels: Int { imagesPerRegion * rowsPerRegion * horizontal.positions }

  /// Where the output gradients of a block start in a worker's scratch memory, behind the tables.
  var panelStart: Int {
    wholeLines(
      followsTap ? WeightGradientTapTables.floats(self) : WeightGradientTables.floats(self))
  }

  /// Floats of the output gradients of one block, and of what its loads and stores have beyond them.
  var panelFloats: Int {
    wholeLines(
      regionPixels * (followsTap ? BlockSizes.pixels : BlockSizes.width) + BlockSizes.narrowPixels)
  }

  /// Where the copied input starts, or a row of a pooled map with its zeros.
  var copyStart: Int {
    panelStart + (followsTap ? BlockSizes.gradientBlocks : 1) * panelFloats
  }

  private var copyFloats: Int {
    if followsTap {
      return horizontal.positions * BlockSizes.gradientBlocks * BlockSizes.pixels
        + BlockSizes.narrowPixels
    }
    return copies ? max(0, imagesPerRegion * source.imageStride) + lanes : 0
  }

  var counts: WeightGradientCounts {
    WeightGradientCounts(
      partials: partials, slices: blockSlices * depthSlices, sumsCount: sumsCount,
      biasSumsStart: biasSumsStart, landsInPlace: followsTap && partials == 1,
      scratchCount: max(copyStart + copyFloats, BlockSizes.transposedFloats * BlockSizes.width),
      multiplyAdds: Double(batch * channels * groupInputs)
        * Double(tapsOfAllPositions(vertical) * tapsOfAllPositions(horizontal)))
  }

  /// The taps along one axis that are multiplied, over all positions.
  private func tapsOfAllPositions(_ axis: GatherAxis) -> Int {
    if !followsTap { return axis.positions * axis.taps }
    var sum = 0
    var tap = 0
    while tap < axis.taps {
      sum += axis.positions(inside: tap).count
      tap += 1
    }
    return sum
  }
}
