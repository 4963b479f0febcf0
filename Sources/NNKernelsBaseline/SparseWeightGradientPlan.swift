import NNKernelInterface
import NNShapes

/// The sizes that the sparse weight gradient is cut by.
enum SparseBlockSizes {
  #if NN_AVX512
    /// Vectors of sums a tile, with registers for the gradient and the input to spare.
    static let accumulators = 28
  #elseif NN_AVX2
    /// Vectors of sums a tile: multiply-adds read the input from memory, so one register is left over.
    static let accumulators = 15
  #else
    /// Vectors of sums a tile: a product needs a register of its own.
    static let accumulators = 14
  #endif
  /// Room for the places of a tile's vectors.
  static let placedVectors = 32
  /// Vectors of a row of taps, and rows, that there are tiles for. More than nine would not do: the
  /// compiler makes functions of larger arrays' initializers, which other modules could link to.
  static let vectors = 9
  static let rows = 5
  /// Sums below which the latency of the additions shows.
  static let busyAccumulators = 8
  /// Floats of a block of the input: most of a first-level cache of 32 KB.
  static let blockFloats = 6400
  /// Output channels whose gradients are listed at a time.
  static let listedChannels = 32
  /// Output channels that a slice should have, so that their gradients are transposed in blocks.
  static let sliceChannels = 8
  /// Pooled pixels that are worth a partial sum of their own.
  static let pixelsPerPartial = 128
  /// Floats of a cache line.
  static let lineFloats = 16
}

/// How a sparse weight gradient is cut: the batch into regions of whole pooled rows, which are shared out
/// among partial sums; the output channels into slices; and the input channels of a region into blocks
/// that stay in the first-level cache for all output channels. A function of the geometry alone.
///
/// A block holds, for each pixel, either whole vectors of channels, so that neighbouring taps lie next to
/// one another; or, where the channels do not fill a vector, a copy of the pixel's whole row of taps,
/// which costs memory and makes every load aligned.
struct SparseWeightGradientPlan {
  let outputChannels: Int
  let vertical: GatherAxis
  let horizontal: GatherAxis
  let pooledRows: Int
  let pooledColumns: Int

  /// Each pixel of a block is its row of taps.
  let expandsTaps: Bool
  /// Input channels of a block, and blocks of a group.
  let blockChannels: Int
  let groupBlocks: Int
  /// All blocks.
  let blocks: Int
  /// Runs of neighbouring taps that make up a row of them, and the vectors of one.
  let runs: Int
  let vectors: Int
  /// Row tiles, and the rows of the largest that there may be.
  let tiles: Int
  let tileRows: Int

  /// The sums get memory of their own, padded to whole vectors.
  let padsWeights: Bool
  /// Floats from a tap of the weight to the next one, the one below, and the next output channel.
  let tapStep: Int
  let tapRowStep: Int
  let channelStep: Int

  /// Floats from a pixel of a block to the next one, the one below and the same one of the next image.
  let pixelStride: Int
  let rowStride: Int
  let imageStride: Int
  /// The same of the rows that taps are expanded from; the block's own where they are not.
  let paddedRowStride: Int
  let paddedImageStride: Int
  /// Floats from a block to the next one.
  let blockStride: Int

  let imagesPerRegion: Int
  /// Regions are even parts of an image, or several images.
  let regionsPerImage: Int
  let regions: Int
  let partials: Int
  let slices: Int

  init(_ geometry: Conv2dGeometry) {
    outputChannels = geometry.outputChannels
    vertical = GatherAxis(
      forward: geometry.vertical, size: geometry.inputHeight, outputSize: geometry.outputHeight)
    horizontal = GatherAxis(
      forward: geometry.horizontal, size: geometry.inputWidth, outputSize: geometry.outputWidth)
    pooledRows = geometry.outputHeight / 2
    pooledColumns = geometry.outputWidth / 2

    let channels = geometry.groupInputChannels
    let taps = horizontal.taps
    let runFloats = taps * channels
    expandsTaps = channels < lanes && runFloats <= SparseBlockSizes.vectors * lanes
    if expandsTaps {
      blockChannels = channels
      runs = 1
      vectors = pieces(runFloats, lanes)
      pixelStride = vectors * lanes
    } else {
      // Few channels a block make it small; more of them where the taps alone keep too few sums busy.
      let isDense = horizontal.tapStep == 1 && taps <= SparseBlockSizes.vectors
      let runTaps = isDense ? taps : 1
      let rows = min(vertical.taps, SparseBlockSizes.rows, SparseBlockSizes.accumulators / runTaps)
      let wanted = min(
        pieces(SparseBlockSizes.busyAccumulators, rows * runTaps), pieces(channels, lanes),
        SparseBlockSizes.vectors / runTaps)
      blockChannels = wanted * lanes
      runs = taps / runTaps
      vectors = runTaps * wanted
      pixelStride = blockChannels
    }
    groupBlocks = pieces(channels, blockChannels)
    blocks = geometry.groups * groupBlocks
    tileRows = min(SparseBlockSizes.rows, SparseBlockSizes.accumulators / vectors)
    tiles = pieces(vertical.taps, tileRows)
    let tapFloats = expandsTaps ? channels : groupBlocks * blockChannels
    let rowFloats = expandsTaps ? vectors * lanes : taps * tapFloats
    padsWeights = rowFloats != runFloats
    tapStep = tapFloats
    tapRowStep = rowFloats
    channelStep = vertical.taps * rowFloats

    let columns = expandsTaps ? 2 * pooledColumns : horizontal.extent(of: 2 * pooledColumns)
    rowStride = columns * pixelStride
    let imageFloats = vertical.extent(of: 2 * pooledRows) * rowStride
    let rowsPerRegion: Int
    if imageFloats <= SparseBlockSizes.blockFloats {
      imagesPerRegion = max(
        1, min(geometry.batch, SparseBlockSizes.blockFloats / max(1, imageFloats)))
      rowsPerRegion = pooledRows
    } else {
      imagesPerRegion = 1
      let borderRows = vertical.extent(of: 1) - vertical.positionStep
      let rows = (SparseBlockSizes.blockFloats / rowStride - borderRows) / (2 * vertical.positionStep)
      rowsPerRegion = max(1, min(rows, pooledRows))
    }
    regionsPerImage = pieces(pooledRows, max(1, rowsPerRegion))
    regions = pieces(geometry.batch, imagesPerRegion) * regionsPerImage
    let highestRegion = pieces(pooledRows, max(1, regionsPerImage))
    imageStride = vertical.extent(of: 2 * highestRegion) * rowStride
    // The rows with their borders that taps are expanded from lie behind the block. A vector may read
    // past the end of one.
    let paddedFloats = horizontal.extent(of: 2 * pooledColumns) * blockChannels
    paddedRowStride = expandsTaps ? paddedFloats + lanes : rowStride
    paddedImageStride = vertical.extent(of: 2 * highestRegion) * paddedRowStride
    blockStride = SparseWeightGradientPlan.wholeLines(
      imagesPerRegion * (expandsTaps ? imageStride + paddedImageStride : imageStride))

    // A partial sum costs a pass over the weight, so it should stand for many pixels.
    partials = max(
      1,
      min(
        BlockSizes.wantedTasks, regions,
        geometry.batch * pooledRows * pooledColumns / SparseBlockSizes.pixelsPerPartial,
        BlockSizes.partialFloats / max(1, geometry.weightCount)))
    // Slices share a copy of the whole input, so few partial sums are left uncut.
    slices =
      2 * partials >= BlockSizes.wantedTasks
      ? 1
      : min(
        pieces(geometry.outputChannels, SparseBlockSizes.sliceChannels),
        pieces(BlockSizes.wantedTasks, partials))
  }

  /// Pooled pixels of the largest region.
  var regionPixels: Int {
    imagesPerRegion * pieces(pooledRows, max(1, regionsPerImage)) * pooledColumns
  }

  /// Floats of all blocks of a region.
  var regionStride: Int { blocks * blockStride }

  /// Each task copies what it needs, or all share one copy.
  var sharesCopy: Bool { slices > 1 }

  /// Floats from one output channel's list to the next.
  var listStride: Int { SparseWeightGradientPlan.wholeLines(regionPixels) }

  var counts: SparseWeightGradientCounts {
    SparseWeightGradientCounts(
      partials: partials, slices: slices, regions: regions, blocks: blocks,
      copyCount: sharesCopy ? regions * regionStride : 0,
      scratchCount: SparseScratch.count(self))
  }

  static func wholeLines(_ count: Int) -> Int {
    pieces(count, SparseBlockSizes.lineFloats) * SparseBlockSizes.lineFloats
  }
}

/// A part of the batch: whole images, or rows of one.
struct SparseRegion {
  let firstImage: Int
  let images: Int
  /// Pooled rows.
  let firstRow: Int
  let endRow: Int

  init(_ index: Int, _ plan: SparseWeightGradientPlan, batch: Int) {
    firstImage = index / plan.regionsPerImage * plan.imagesPerRegion
    images = min(plan.imagesPerRegion, batch - firstImage)
    let part = index % plan.regionsPerImage
    firstRow = evenStart(part, plan.regionsPerImage, plan.pooledRows)
    endRow = evenStart(part + 1, plan.regionsPerImage, plan.pooledRows)
  }
}

/// The parts of a task's scratch memory, each of whole cache lines.
struct SparseScratch {
  /// The lists of ``SparseBlockSizes/listedChannels`` output channels.
  let values: UnsafeMutablePointer<Float>
  let offsets: UnsafeMutablePointer<Int32>
  /// The offsets pixel by pixel.
  let untransposed: UnsafeMutablePointer<Int32>
  /// Where the vectors of a tile belong.
  let targetOffsets: UnsafeMutablePointer<Int32>
  /// The weights of a slice, where they are padded.
  let paddedWeights: UnsafeMutablePointer<Float>
  /// The blocks of a region, where they are the task's own.
  let copy: UnsafeMutablePointer<Float>

  init(_ plan: SparseWeightGradientPlan, _ memory: UnsafeMutablePointer<Float>) {
    let list = SparseBlockSizes.listedChannels * plan.listStride
    values = memory
    offsets = UnsafeMutableRawPointer(memory + list).assumingMemoryBound(to: Int32.self)
    untransposed = offsets + list
    targetOffsets = untransposed + list
    paddedWeights = memory + 3 * list + SparseBlockSizes.placedVectors
    copy = paddedWeights + SparseScratch.paddedCount(plan)
  }

  /// Floats of all parts.
  static func count(_ plan: SparseWeightGradientPlan) -> Int {
    3 * SparseBlockSizes.listedChannels * plan.listStride + SparseBlockSizes.placedVectors
      + paddedCount(plan) + (plan.sharesCopy ? 0 : plan.regionStride)
  }

  private static func paddedCount(_ plan: SparseWeightGradientPlan) -> Int {
    guard plan.padsWeights else { return 0 }
    return SparseWeightGradientPlan.wholeLines(
      pieces(plan.outputChannels, plan.slices) * plan.channelStep)
  }
}
