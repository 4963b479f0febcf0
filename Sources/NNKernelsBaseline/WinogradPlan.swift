import NNKernelInterface
import NNShapes

/// How a Winograd convolution is cut. A function of the geometry and of ``BlockSizes``, and where there are
/// few tiles of the number of threads; what is added up in which order is the geometry's alone.
///
/// The target is covered by tiles of 4×4 pixels, in an input gradient with a stride each of its phases. A
/// region is a number of whole images where they are small, or else a number of rows of tiles of one image.
/// A block is ``vectors`` vectors of target channels.
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
      geometry, pass, pooling: pooling, threads: threads,
      regionTiles: (BlockSizes.fewWinogradTiles, mostTiles), parts: BlockSizes.wantedTasks,
      fewTiles: FewWinogradTiles.gathered)
  }

  /// At least and at most so many tiles a region, so that there are `parts` of them where that allows; the
  /// weights first above `fewTiles` tiles.
  @inline(__always)
  init(
    _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, pooling: Bool, threads: Int,
    regionTiles: (least: Int, most: Int), parts: Int, fewTiles: Int
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

    let (least, most) = regionTiles
    let tiles = tileRows * tileColumns
    isShallow = Self.isShallow(mapChannels, stride: rows.stride)
    let hasFewTiles =
      batch * tiles <= fewTiles && sourceChannels >= lanes && rows.stride == 1 && !isShallow
    let hasFewWeights = targetChannels <= BlockSizes.fewWeightsPerTile * batch * tiles
    let splitsTiles = hasFewTiles && hasFewWeights && threads > 1 && batch * tiles >= 2 * least
    let wanted =
      splitsTiles
      ? max(least, pieces(batch * tiles, threads))
      : min(max(least, most), max(least, batch * tiles / parts))
    if tiles <= wanted {
      let images = splitsTiles ? pieces(wanted, tiles) : wanted / max(1, tiles)
      imagesPerRegion = max(1, min(batch, images))
      tileRowsPerRegion = max(1, tileRows)
    } else {
      imagesPerRegion = 1
      // Evenly, or the last region of an image would be a small one.
      let wantedRows = splitsTiles ? pieces(wanted, tileColumns) : wanted / max(1, tileColumns)
      let perRegion = max(1, min(tileRows, wantedRows))
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
}
