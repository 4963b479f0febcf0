import NNKernelInterface
import NNShapes

/// How a Winograd convolution is cut. A function of the geometry and of ``BlockSizes``, and where there are
/// few tiles of the number of threads; what is added up in which order is the geometry's alone.
///
/// The target is covered by tiles of 4×4 pixels. A region is a number of whole images where they are
/// small, or else a number of rows of tiles of one image. A block is ``vectors`` vectors of target
/// channels.
///
/// Both operands have to be brought to the points; ``Order`` says which is first.
struct WinogradPlan {
  enum Order {
    /// With many tiles: the weights, by tasks of their own. A task then computes a region, whose values it
    /// makes itself.
    case weightsFirst
    /// With few tiles, which the weights outweigh: the source's values, all of them by each thread, for
    /// which they cost less than their way from another's cache. A task then computes some blocks of all
    /// tiles, and brings their weights to the points a few source channels at a time, so that they never
    /// leave the cache.
    case valuesFirst
    /// With few tiles and still fewer weights, on several threads: a task makes the values of a region
    /// and then all weights, as above.
    case regionFirst
  }

  /// The axes of the pass, their positions rounded up to whole tiles.
  let vertical: GatherAxis
  let horizontal: GatherAxis
  /// Target rows and columns that are wanted: those that a pooling drops are not.
  let targetHeight: Int
  let targetWidth: Int
  let batch: Int
  let sourceChannels: Int
  let targetChannels: Int
  /// Source channels rounded up to whole vectors.
  let sourceStride: Int
  /// Points along an axis, 6 or 8, and of a tile.
  let points: Int
  let tilePoints: Int
  /// Tiles of an image.
  let tileRows: Int
  let tileColumns: Int
  let imagesPerRegion: Int
  let tileRowsPerRegion: Int
  let regionsPerImage: Int
  let regions: Int
  /// Vectors of a block: one where the target has no more channels, or too few blocks for the threads.
  let vectors: Int
  /// Blocks of target channels, and the parts that they are split into where there are few regions.
  let blocks: Int
  let splits: Int
  let order: Order
  /// Whether ``WinogradRowTile`` computes the products: a 3×3 kernel and no more tiles than fit its sums. Those
  /// that a pooling drops count too, so that it does not change a bit.
  let fusesRows: Bool
  /// Blocks that are computed together, where the weights are not first; more than one only where all are
  /// full.
  private(set) var blocksPerTask = 1

  /// `pooling` where a 2×2 max pooling follows the forward pass.
  @inline(__always)
  init(_ geometry: Conv2dGeometry, _ pass: ConvolutionPass, pooling: Bool, threads: Int) {
    let channels = pass == .forward ? geometry.inputChannels : geometry.outputChannels
    let points = geometry.vertical.kernel + 3
    let mostTiles =
      channels <= ShallowWinograd.channels
      ? BlockSizes.shallowFloats / (points * pieces(points * channels, lanes) * lanes)
      : min(
        BlockSizes.manyWinogradTiles,
        BlockSizes.winogradFloats / (points * points * pieces(channels, lanes) * lanes))
    self.init(
      geometry, pass, pooling: pooling, threads: threads, mostTiles: mostTiles,
      fewTiles: FewWinogradTiles.gathered)
  }

  /// `mostTiles` a region, but at least ``BlockSizes/fewWinogradTiles``; the weights first above `fewTiles`
  /// tiles.
  @inline(__always)
  init(
    _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, pooling: Bool, threads: Int, mostTiles: Int,
    fewTiles: Int
  ) {
    var (rows, columns): (GatherAxis, GatherAxis)
    switch pass {
    case .forward:
      rows = GatherAxis(
        forward: geometry.vertical, size: geometry.inputHeight, outputSize: geometry.outputHeight)
      columns = GatherAxis(
        forward: geometry.horizontal, size: geometry.inputWidth, outputSize: geometry.outputWidth)
      sourceChannels = geometry.inputChannels
      targetChannels = geometry.outputChannels
    case .inputGradient:
      rows = GatherAxis(
        inputGradient: geometry.vertical, size: geometry.inputHeight,
        outputSize: geometry.outputHeight, phase: 0)
      columns = GatherAxis(
        inputGradient: geometry.horizontal, size: geometry.inputWidth,
        outputSize: geometry.outputWidth, phase: 0)
      sourceChannels = geometry.outputChannels
      targetChannels = geometry.inputChannels
    }
    let wholeTiles = geometry.batch * pieces(rows.positions, 4) * pieces(columns.positions, 4)
    targetHeight = pooling ? rows.positions / 2 * 2 : rows.positions
    targetWidth = pooling ? columns.positions / 2 * 2 : columns.positions
    tileRows = pieces(targetHeight, 4)
    tileColumns = pieces(targetWidth, 4)
    rows.positions = 4 * tileRows
    columns.positions = 4 * tileColumns
    vertical = rows
    horizontal = columns
    batch = geometry.batch
    sourceStride = pieces(sourceChannels, lanes) * lanes
    points = geometry.vertical.kernel + 3
    tilePoints = points * points

    let least = BlockSizes.fewWinogradTiles
    let tiles = tileRows * tileColumns
    let isShallow = sourceChannels <= ShallowWinograd.channels
    let hasFewTiles = batch * tiles <= fewTiles && sourceChannels >= lanes && !isShallow
    let hasFewWeights = targetChannels <= BlockSizes.fewWeightsPerTile * batch * tiles
    let splitsTiles = hasFewTiles && hasFewWeights && threads > 1 && batch * tiles >= 2 * least
    let wanted =
      splitsTiles
      ? max(least, pieces(batch * tiles, threads))
      : min(max(least, mostTiles), max(least, batch * tiles / BlockSizes.wantedTasks))
    if tiles <= wanted {
      let images = splitsTiles ? pieces(wanted, tiles) : wanted / max(1, tiles)
      imagesPerRegion = max(1, min(batch, images))
      tileRowsPerRegion = max(1, tileRows)
    } else {
      imagesPerRegion = 1
      // Evenly, or the last region of an image would be a small one.
      let rows = splitsTiles ? pieces(wanted, tileColumns) : wanted / max(1, tileColumns)
      let perRegion = max(1, min(tileRows, rows))
      tileRowsPerRegion = pieces(tileRows, pieces(tileRows, perRegion))
    }
    regionsPerImage = pieces(tileRows, tileRowsPerRegion)
    regions = tiles == 0 ? 0 : pieces(batch, imagesPerRegion) * regionsPerImage
    order = !hasFewTiles ? .weightsFirst : splitsTiles && regions > 1 ? .regionFirst : .valuesFirst
    #if NN_AVX512
      fusesRows = order == .valuesFirst && points == 6 && wholeTiles <= BlockSizes.winogradRowTiles
    #else
      fusesRows = false
    #endif
    let wideBlocks = pieces(targetChannels, BlockSizes.width)
    let isNarrow = targetChannels <= lanes || isShallow || order == .valuesFirst && wideBlocks < threads
    vectors = isNarrow ? 1 : BlockSizes.vectors
    blocks = pieces(targetChannels, vectors * lanes)
    splits = max(1, min(blocks, BlockSizes.wantedTasks / 4 / max(1, regions)))
    if hasFewTiles && pass == .inputGradient && targetChannels % (vectors * lanes) == 0 {
      // A block of the turned weights lies in short pieces, far apart: neighbours are read together.
      let most = BlockSizes.winogradSumFloats / blockSums
      let tasks = max(BlockSizes.fewBlockTasks, threads)
      blocksPerTask = max(1, min(min(BlockSizes.winogradBlocks, most), blocks / tasks))
    }
  }

  /// Target channels of a block.
  var width: Int { vectors * lanes }
  /// Tiles of a region, at most.
  var regionTiles: Int { imagesPerRegion * tileRowsPerRegion * tileColumns }
  /// Tiles of the whole batch.
  var allTiles: Int { batch * tileRows * tileColumns }
  /// Tiles whose values lie together.
  var valueTiles: Int { order == .valuesFirst ? allTiles : regionTiles }

  // MARK: Layouts

  /// The padded copy of what a region reads: (image, row, column, channel).
  var copyRows: Int { 4 * tileRowsPerRegion + points - 4 }
  var copyRowStride: Int { (4 * tileColumns + points - 4) * sourceStride }
  var copyImageStride: Int { copyRows * copyRowStride }
  var copyFloats: Int { imagesPerRegion * copyImageStride }

  /// Floats from one point to the next of the source's values, (point, tile, channel). A cache line
  /// more than needed: points at a distance of a power of two would share a few cache sets.
  var sourcePointStride: Int { valueTiles * sourceStride + 16 }
  var valueFloats: Int { tilePoints * sourcePointStride }
  /// The same values as ``WinogradRowTile`` reads them, (row, source channel, point, tile), scaled.
  var rowValueStride: Int { sourceChannels * points * allTiles }
  var rowValueFloats: Int { fusesRows ? wholeLines(points * rowValueStride) : 0 }
  /// The same for a block's products, (point, tile, block channel).
  var productPointStride: Int { valueTiles * width + 16 }
  /// Floats of a block's products.
  var blockSums: Int { tilePoints * productPointStride }
  /// Source channels whose weights are at the points at a time.
  var weightDepth: Int {
    if order == .weightsFirst { return sourceChannels }
    // A row tile has no weights in memory; its sums go there and back after each step.
    let most =
      fusesRows ? BlockSizes.winogradRowDepth : BlockSizes.winogradWeightFloats / (2 * points * width)
    return min(sourceChannels, max(lanes, most / lanes * lanes))
  }
  /// The same for the weights, (block, point, source channel, block channel); of a shallow convolution (block,
  /// point column, point row, source channel, lane) without a gap.
  var weightPointStride: Int { weightDepth * width + 16 }
  var weightBlockStride: Int { tilePoints * (isShallow ? sourceChannels * lanes : weightPointStride) }
  /// Floats of the weights that are at the points at a time, two rows of points, where a task brings them
  /// there itself.
  var weightRowsFloats: Int { 2 * points * weightPointStride }

  /// Floats of the values between a tile's two passes over its columns and rows, for a block's vectors.
  var lineFloats: Int { BlockSizes.vectors * tilePoints * lanes }
  /// The same for the taps of one block, (tap, source channel, block channel).
  var tapStride: Int { sourceChannels * width + 16 }
  var tapFloats: Int { (points - 3) * (points - 3) * tapStride }

  var counts: GatherCounts {
    switch order {
    case .weightsFirst:
      GatherCounts(
        packingTasks: blocks, packedCount: blocks * weightBlockStride, tasks: regions * splits,
        scratchCount: max(
          lineFloats + tapFloats,
          isShallow ? shallowFloats : lineFloats + copyFloats + valueFloats + blockSums))
    case .valuesFirst, .regionFirst:
      GatherCounts(
        packingTasks: 0, packedCount: 0,
        tasks: regions == 0 ? 0 : order == .regionFirst ? regions : pieces(blocks, blocksPerTask),
        scratchCount: BlockSizes.lineFloats + lineFloats + valueFloats + rowValueFloats
          + max(copyFloats, blocksPerTask * blockSums + weightRowsFloats + tapFloats))
    }
  }

  /// What region `index` holds.
  @inline(__always)
  func region(_ index: Int) -> WinogradRegion {
    let firstImage = index / regionsPerImage * imagesPerRegion
    let firstTileRow = index % regionsPerImage * tileRowsPerRegion
    return WinogradRegion(
      firstImage: firstImage, images: min(imagesPerRegion, batch - firstImage),
      firstTileRow: firstTileRow, tileRows: min(tileRowsPerRegion, tileRows - firstTileRow),
      tileColumns: tileColumns)
  }

  /// All tiles.
  var everything: WinogradRegion {
    WinogradRegion(
      firstImage: 0, images: batch, firstTileRow: 0, tileRows: tileRows, tileColumns: tileColumns)
  }

  /// The number of a region's first tile among all.
  func firstTile(_ region: WinogradRegion) -> Int {
    (region.firstImage * tileRows + region.firstTileRow) * tileColumns
  }
}

/// The tiles of one task, numbered image by image and row by row.
struct WinogradRegion {
  let firstImage: Int
  let images: Int
  let firstTileRow: Int
  let tileRows: Int
  let tileColumns: Int

  var tilesPerImage: Int { tileRows * tileColumns }
  var tiles: Int { images * tilesPerImage }
}
