import NNKernelInterface
import NNShapes

/// How a Winograd convolution is cut. A function of the geometry and of ``BlockSizes``, and where there are
/// few tiles of the number of threads; what is added up in which order is the geometry's alone.
///
/// The target is covered by tiles of 4×4 pixels; with a stride of 2, each phase of it. A region is a number of whole images where they are
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

  let vertical: WinogradAxis
  let horizontal: WinogradAxis
  let batch: Int
  /// Channels of the source's map, and rounded up to whole vectors.
  let mapChannels: Int
  let mapStride: Int
  /// Channels that are summed over: those of the map, or of all its phases one after the other.
  let sourceChannels: Int
  /// The same rounded up to whole vectors.
  let sourceStride: Int
  let targetChannels: Int
  /// Points along an axis, 5, 6 or 8, and of a tile.
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
  /// Blocks of the target channels of one phase and of all, and the parts that they are split into where
  /// there are few regions.
  let phaseBlocks: Int
  let blocks: Int
  let splits: Int
  let order: Order
  /// Few source channels, those of images: see ``gatherShallowRegion(_:_:_:_:_:_:)``.
  let isShallow: Bool
  /// Whether ``WinogradRowTile`` computes the products: a 3×3 kernel and no more tiles than fit its sums. Those
  /// that a pooling drops count too, so that it does not change a bit.
  let fusesRows: Bool
  /// Blocks that are computed together, where the weights are not first; more than one only where all are
  /// full.
  private(set) var blocksPerTask = 1

  /// `pooling` where a 2×2 max pooling follows the forward pass.
  @inline(__always)
  init(_ geometry: Conv2dGeometry, _ pass: ConvolutionPass, pooling: Bool, threads: Int) {
    let stride = geometry.vertical.stride
    let channels = pass == .forward ? geometry.inputChannels : geometry.outputChannels
    let phases = pass == .forward ? stride * stride : 1
    let points = pieces(geometry.vertical.kernel, stride) + 3
    let mostTiles =
      Self.isShallow(channels, stride: stride)
      ? BlockSizes.shallowFloats / (points * pieces(points * channels, lanes) * lanes)
      : min(
        BlockSizes.manyWinogradTiles,
        BlockSizes.winogradFloats / (points * points * phases * pieces(channels, lanes) * lanes))
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
    let (rows, columns) = (geometry.vertical, geometry.horizontal)
    let (height, width) = (geometry.inputHeight, geometry.inputWidth)
    let (outputHeight, outputWidth) = (geometry.outputHeight, geometry.outputWidth)
    switch pass {
    case .forward:
      vertical = WinogradAxis(
        forward: rows, size: height, outputSize: outputHeight, pooling: pooling)
      horizontal = WinogradAxis(
        forward: columns, size: width, outputSize: outputWidth, pooling: pooling)
      mapChannels = geometry.inputChannels
      targetChannels = geometry.outputChannels
    case .inputGradient:
      vertical = WinogradAxis(inputGradient: rows, size: height, outputSize: outputHeight)
      horizontal = WinogradAxis(inputGradient: columns, size: width, outputSize: outputWidth)
      mapChannels = geometry.outputChannels
      targetChannels = geometry.inputChannels
    }
    tileRows = vertical.tiles
    tileColumns = horizontal.tiles
    batch = geometry.batch
    mapStride = pieces(mapChannels, lanes) * lanes
    let sourcePhases = vertical.sourceStep * horizontal.sourceStep
    sourceStride = sourcePhases * mapStride
    sourceChannels = sourcePhases == 1 ? mapChannels : sourceStride
    points = vertical.taps + 3
    tilePoints = points * points

    let least = BlockSizes.fewWinogradTiles
    let tiles = tileRows * tileColumns
    isShallow = Self.isShallow(mapChannels, stride: rows.stride)
    let hasFewTiles =
      batch * tiles <= fewTiles && sourceChannels >= lanes && rows.stride == 1 && !isShallow
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
      let most = splitsTiles ? pieces(wanted, tileColumns) : wanted / max(1, tileColumns)
      let perRegion = max(1, min(tileRows, most))
      tileRowsPerRegion = pieces(tileRows, pieces(tileRows, perRegion))
    }
    regionsPerImage = pieces(tileRows, tileRowsPerRegion)
    regions = tiles == 0 ? 0 : pieces(batch, imagesPerRegion) * regionsPerImage
    order = !hasFewTiles ? .weightsFirst : splitsTiles && regions > 1 ? .regionFirst : .valuesFirst
    #if NN_AVX512
      fusesRows =
        order == .valuesFirst && points == 6
        && batch * vertical.unpooledTiles * horizontal.unpooledTiles <= BlockSizes.winogradRowTiles
    #else
      fusesRows = false
    #endif
    let wideBlocks = pieces(targetChannels, BlockSizes.width)
    let isNarrow = targetChannels <= lanes || isShallow || order == .valuesFirst && wideBlocks < threads
    vectors = isNarrow ? 1 : BlockSizes.vectors
    phaseBlocks = pieces(targetChannels, vectors * lanes)
    blocks = vertical.targetStep * horizontal.targetStep * phaseBlocks
    splits = max(1, min(blocks, BlockSizes.wantedTasks / 4 / max(1, regions)))
    if hasFewTiles && pass == .inputGradient && targetChannels % (vectors * lanes) == 0 {
      // A block of the turned weights lies in short pieces, far apart: neighbours are read together.
      let most = BlockSizes.winogradSumFloats / blockSums
      let tasks = max(BlockSizes.fewBlockTasks, threads)
      blocksPerTask = max(1, min(min(BlockSizes.winogradBlocks, most), blocks / tasks))
    }
  }

  private static func isShallow(_ channels: Int, stride: Int) -> Bool {
    stride == 1 && channels <= ShallowWinograd.channels
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
  var copyRows: Int { vertical.sourceStep * (4 * tileRowsPerRegion + points - 4) }
  var copyColumns: Int { horizontal.sourceStep * (4 * tileColumns + points - 4) }
  var copyRowStride: Int { copyColumns * mapStride }
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
  var tapFloats: Int { vertical.taps * horizontal.taps * tapStride }

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

  /// The phase of a block, and its first channel there.
  @inline(__always)
  func place(ofBlock block: Int) -> (phase: WinogradPhase, channel: Int) {
    let phase = block / phaseBlocks
    return (
      WinogradPhase(row: phase / horizontal.targetStep, column: phase % horizontal.targetStep),
      (block - phase * phaseBlocks) * width
    )
  }

  /// Calls `body` with the source channels that are summed over at a point, run by run: all, but for those of
  /// the phases that have nothing there for lack of a last tap.
  @inline(__always)
  func forEachRun(atPoint point: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    let steps = vertical.sourceStep
    if steps == 1 { return body(0, sourceChannels) }
    let lastPhase = steps - 1
    let rows = point / points == points - 1 && vertical.lacksLastTap(phase: lastPhase) ? 1 : steps
    let columns = point % points == points - 1 && horizontal.lacksLastTap(phase: lastPhase) ? 1 : steps
    if columns == steps { return body(0, rows * steps * mapStride) }
    var row = 0
    while row < rows {
      body(row * steps * mapStride, columns * mapStride)
      row += 1
    }
  }

  /// All products of a block at a point are zeros, for lack of a last tap of its phase of the target.
  @inline(__always)
  func isZero(atPoint point: Int, ofPhase phase: WinogradPhase) -> Bool {
    if vertical.targetStep == 1 { return false }
    return point / points == points - 1 && vertical.lacksLastTap(phase: phase.row)
      || point % points == points - 1 && horizontal.lacksLastTap(phase: phase.column)
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

/// One phase of a map: its rows and columns.
struct WinogradPhase {
  let row: Int
  let column: Int
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
