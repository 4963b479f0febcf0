import NNKernelInterface
import NNShapes

/// How a weight gradient is cut: the batch into regions, whose sums are added up in as few partial
/// sums as keep the threads busy, and the weight into slices. A function of the geometry and of
/// ``BlockSizes`` alone.
///
/// A block is ``BlockSizes/width`` output channels of one group, or the rest of them. A partial sum holds
/// for each block a bias row and then a row for each float of a window.
struct WeightGradientPlan {
  let vertical: GatherAxis
  let horizontal: GatherAxis
  /// The input is copied: a tap leaves it.
  let copies: Bool
  let imagesPerRegion: Int
  let rowsPerRegion: Int
  let regionsPerImage: Int
  let regions: Int
  /// Floats of a window, and channels of a pixel of it.
  let depth: Int
  let groupInputs: Int
  let groupOutputs: Int
  /// Blocks of a group, and of all groups.
  let groupBlocks: Int
  let blocks: Int
  let partials: Int
  /// A slice is a part of the blocks and a part of the window.
  let blockSlices: Int
  let depthSlices: Int
  let source: PaddedSource

  /// `pooled` where the output gradient is that of a pooled map.
  init(_ geometry: Conv2dGeometry, pooled: Bool) {
    vertical = GatherAxis(
      forward: geometry.vertical, size: geometry.inputHeight, outputSize: geometry.outputHeight,
      pooling: pooled)
    horizontal = GatherAxis(
      forward: geometry.horizontal, size: geometry.inputWidth, outputSize: geometry.outputWidth,
      pooling: pooled)
    copies = vertical.needsPadding || horizontal.needsPadding
    depth = geometry.multiplyAddsPerOutput
    groupInputs = geometry.groupInputChannels
    groupOutputs = geometry.groupOutputChannels
    groupBlocks = pieces(groupOutputs, BlockSizes.width)
    blocks = geometry.groups * groupBlocks

    let channels = geometry.inputChannels
    let rowPixels = max(1, horizontal.positions)
    let pixels = max(1, vertical.positions * rowPixels)
    let rowFloats = max(1, vertical.positionStep * horizontal.extent(of: rowPixels) * channels)
    if pixels <= BlockSizes.gradientPixels {
      imagesPerRegion = max(
        1,
        min(
          geometry.batch, BlockSizes.gradientPixels / pixels,
          BlockSizes.scratchFloats / (rowFloats * max(1, vertical.positions))))
      rowsPerRegion = max(1, vertical.positions)
    } else {
      imagesPerRegion = 1
      rowsPerRegion = max(
        1, min(BlockSizes.gradientPixels / rowPixels, BlockSizes.scratchFloats / rowFloats))
    }
    regionsPerImage = pieces(vertical.positions, rowsPerRegion)
    regions =
      horizontal.positions == 0 ? 0 : pieces(geometry.batch, imagesPerRegion) * regionsPerImage
    source =
      copies
      ? PaddedSource(copyOf: rowsPerRegion, vertical, horizontal, channels: channels)
      : PaddedSource(whole: vertical, horizontal, channels: channels)

    // A partial sum costs a pass over the weight, so it should stand for many pixels.
    partials = max(
      1,
      min(
        BlockSizes.wantedTasks, regions, geometry.batch * pixels / BlockSizes.pixelsPerPartial,
        BlockSizes.partialFloats / max(1, geometry.weightCount)))
    let wantedSlices = pieces(BlockSizes.wantedTasks, partials)
    blockSlices = min(blocks, wantedSlices)
    depthSlices = max(1, min(pieces(depth, BlockSizes.pixels), wantedSlices / blockSlices))
  }

  /// Output channels of block `index`.
  func channels(ofBlock index: Int) -> Int {
    min(BlockSizes.width, groupOutputs - index % groupBlocks * BlockSizes.width)
  }

  /// The first output channel of block `index`.
  func firstChannel(ofBlock index: Int) -> Int {
    index / groupBlocks * groupOutputs + index % groupBlocks * BlockSizes.width
  }

  /// Where the bias row of block `index` starts in a partial sum.
  func biasSums(_ index: Int) -> Int { index * (depth + 1) * BlockSizes.width }

  /// Where the rows of its window start.
  func sums(_ index: Int) -> Int { biasSums(index) + BlockSizes.width }

  /// Floats from one partial sum to the next.
  var sumsCount: Int { wholeLines(biasSums(blocks)) }

  /// Pixels of a region, at most.
  var regionPixels: Int { imagesPerRegion * rowsPerRegion * horizontal.positions }

  /// Where the offsets of a region's pixels start in a worker's scratch memory, behind those of a window's
  /// floats.
  var pixelTableStart: Int { wholeLines(depth) }

  /// Where a row of zeros and the offsets of a tile start.
  var stripStart: Int { pixelTableStart + wholeLines(regionPixels) }

  /// Where the output gradients of one block start.
  var panelStart: Int { stripStart + wholeLines(TileStrip.floats(pixels: 1)) }

  /// Where the copied input starts.
  var copyStart: Int { panelStart + regionPixels * BlockSizes.width }

  var counts: WeightGradientCounts {
    let copied = copies ? max(0, imagesPerRegion * source.imageStride) : 0
    return WeightGradientCounts(
      partials: partials, slices: blockSlices * depthSlices, sumsCount: sumsCount,
      scratchCount: max(copyStart + copied, BlockSizes.transposedFloats * BlockSizes.width))
  }
}
