import NNKernelInterface
import NNShapes

/// How one phase of a gathering pass is cut into regions of target pixels and blocks of target
/// channels. A function of the geometry and of ``BlockSizes`` alone.
///
/// A region is a number of whole images where they are small, or else a number of rows of one image.
/// A block is ``BlockSizes/width`` channels of one group, or the rest of them. Where each channel is a group
/// of its own, a block is one vector of channels, and all channels count as one group.
struct GatherPlan {
  let vertical: GatherAxis
  let horizontal: GatherAxis
  let batch: Int
  let groups: Int
  /// Each channel is a group of its own.
  let isChannelwise: Bool
  /// Channels of a block.
  let blockWidth: Int
  /// Channels of the whole source and target, and of a group.
  let sourceChannels: Int
  let targetChannels: Int
  let groupSources: Int
  let groupTargets: Int
  /// Floats that one target value sums over.
  let depth: Int
  /// Blocks of a group, and of all groups.
  let groupBlocks: Int
  let blocks: Int
  /// The source is copied: some tap leaves it, or its zeros are not stored.
  let copies: Bool
  /// The target takes the maxima of 2×2 windows only.
  let pools: Bool
  let imagesPerRegion: Int
  let rowsPerRegion: Int
  let regionsPerImage: Int
  let regions: Int
  /// Parts that the blocks are split into, where there are few regions.
  let splits: Int

  init(
    _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, _ epilogue: ConvolutionEpilogue, _ phase: Int
  ) {
    switch pass {
    case .forward:
      vertical = GatherAxis(
        forward: geometry.vertical, size: geometry.inputHeight, outputSize: geometry.outputHeight,
        pooling: epilogue.pooling)
      horizontal = GatherAxis(
        forward: geometry.horizontal, size: geometry.inputWidth, outputSize: geometry.outputWidth,
        pooling: epilogue.pooling)
      sourceChannels = geometry.inputChannels
      targetChannels = geometry.outputChannels
    case .inputGradient:
      vertical = GatherAxis(
        inputGradient: geometry.vertical, size: geometry.inputHeight,
        outputSize: geometry.outputHeight, phase: phase / geometry.horizontalPhases)
      horizontal = GatherAxis(
        inputGradient: geometry.horizontal, size: geometry.inputWidth,
        outputSize: geometry.outputWidth, phase: phase % geometry.horizontalPhases)
      sourceChannels = geometry.outputChannels
      targetChannels = geometry.inputChannels
    }
    batch = geometry.batch
    isChannelwise = geometry.isChannelwise
    blockWidth = isChannelwise ? lanes : BlockSizes.width
    groups = isChannelwise ? 1 : geometry.groups
    groupSources = sourceChannels / geometry.groups
    groupTargets = targetChannels / groups
    depth = vertical.taps * horizontal.taps * groupSources
    groupBlocks = pieces(groupTargets, blockWidth)
    blocks = groups * groupBlocks
    pools = pass == .forward && epilogue.pooling
    // The last vector of channels may reach beyond its pixel.
    let overruns = isChannelwise && groupTargets % lanes != 0
    let hasZeros = pass == .inputGradient && epilogue.pooling
    copies =
      depth > 0
      && (vertical.needsPadding || horizontal.needsPadding || hasZeros || overruns)

    let rowPixels = max(1, horizontal.positions)
    let pixels = vertical.positions * rowPixels
    if pixels < BlockSizes.fewPixels {
      imagesPerRegion = max(1, min(batch, pieces(2 * BlockSizes.fewPixels, max(1, pixels))))
      rowsPerRegion = max(1, vertical.positions)
    } else {
      imagesPerRegion = 1
      let wanted = max(1, batch * vertical.positions / BlockSizes.wantedTasks)
      let least = pieces(BlockSizes.fewPixels, rowPixels)
      let rowFloats = vertical.positionStep * horizontal.extent(of: rowPixels) * sourceChannels
      let most = min(
        BlockSizes.manyPixels / rowPixels, copies ? BlockSizes.scratchFloats / max(1, rowFloats) : .max)
      let rows = max(1, min(max(wanted, least), most, vertical.positions))
      // Windows of a pooling are not cut; the positions are even.
      rowsPerRegion = pools ? rows + rows % 2 : rows
    }
    regionsPerImage = pieces(vertical.positions, rowsPerRegion)
    regions = horizontal.positions == 0 ? 0 : pieces(batch, imagesPerRegion) * regionsPerImage
    splits = max(1, min(blocks, BlockSizes.wantedTasks / max(1, regions)))
  }

  /// The layout of the source that the tiles read.
  var source: PaddedSource {
    copies
      ? PaddedSource(copyOf: rowsPerRegion, vertical, horizontal, channels: sourceChannels)
      : PaddedSource(whole: vertical, horizontal, channels: sourceChannels)
  }

  /// Target pixels of a region, at most.
  var regionPixels: Int { imagesPerRegion * rowsPerRegion * horizontal.positions }

  /// Channels of block `index` of a group.
  func channels(ofGroupBlock index: Int) -> Int {
    min(blockWidth, groupTargets - index * blockWidth)
  }

  /// The offsets of a window's floats in the source, at the start of the packed weights.
  func termOffsets(_ packed: UnsafePointer<Float>) -> UnsafePointer<Int32> {
    UnsafeRawPointer(packed).assumingMemoryBound(to: Int32.self)
  }

  /// Where the bias of block `index` starts, in front of its weights: blocks have room for a full width
  /// each.
  func packedBias(_ index: Int) -> Int {
    wholeLines(depth) + index * BlockSizes.width * (depth + 1)
  }

  /// Where the weights of block `index` start.
  func packedWeights(_ index: Int) -> Int { packedBias(index) + BlockSizes.width }

  /// Where the strip starts in a worker's scratch memory, behind the tables of pixel offsets.
  var stripStart: Int { wholeLines(2 * regionPixels) }

  /// Where the copied source starts.
  var copyStart: Int { stripStart + TileStrip.floats(pixels: BlockSizes.stripPixels) }

  var counts: GatherCounts {
    let copied = copies ? max(0, imagesPerRegion * source.imageStride) + lanes : 0
    return GatherCounts(
      packingTasks: blocks, packedCount: packedBias(blocks),
      tasks: regions * splits, scratchCount: copyStart + copied)
  }
}
