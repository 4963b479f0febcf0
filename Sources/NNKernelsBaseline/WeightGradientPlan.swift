import NNKernelInterface
import NNShapes

/// How a weight gradient is cut: the batch into regions, whose sums are added up in as few partial
/// sums as keep the threads busy, and the weight into slices. A function of the geometry and of
/// ``BlockSizes`` alone.
struct WeightGradientPlan {
  let vertical: GatherAxis
  let horizontal: GatherAxis
  /// Floats of a stretch of taps without gaps, and how many make up a row of taps.
  let runLength: Int
  let runs: Int
  /// The input is copied: a tap leaves it, or a vector would read past its end.
  let copies: Bool
  let imagesPerRegion: Int
  let rowsPerRegion: Int
  let regionsPerImage: Int
  let regions: Int
  /// Row tiles of a group.
  let groupTiles: Int
  /// Row tiles of all groups.
  let tiles: Int
  let partials: Int
  /// A slice is a part of the tiles and a part of the rows of taps.
  let tileSlices: Int
  let tapSlices: Int
  let source: PaddedSource

  init(_ geometry: Conv2dGeometry) {
    vertical = GatherAxis(
      forward: geometry.vertical, size: geometry.inputHeight, outputSize: geometry.outputHeight)
    horizontal = GatherAxis(
      forward: geometry.horizontal, size: geometry.inputWidth, outputSize: geometry.outputWidth)
    let channels = geometry.inputChannels
    let isDense = horizontal.tapStep == 1 && geometry.groups == 1
    runLength = isDense ? horizontal.taps * channels : geometry.groupInputChannels
    runs = isDense ? 1 : horizontal.taps
    copies = vertical.needsPadding || horizontal.needsPadding || runLength % lanes != 0

    let rowPixels = horizontal.positions
    let pixels = vertical.positions * rowPixels
    let imageFloats =
      vertical.extent(of: vertical.positions) * horizontal.extent(of: rowPixels) * channels
    if pixels <= BlockSizes.gradientPixels && imageFloats <= BlockSizes.scratchFloats {
      imagesPerRegion = max(
        1,
        min(
          geometry.batch, BlockSizes.gradientPixels / pixels,
          BlockSizes.scratchFloats / max(1, imageFloats)))
      rowsPerRegion = vertical.positions
    } else {
      imagesPerRegion = 1
      let rowFloats = vertical.positionStep * horizontal.extent(of: rowPixels) * channels
      rowsPerRegion = max(
        1,
        min(
          BlockSizes.manyPixels / rowPixels, BlockSizes.scratchFloats / max(1, rowFloats),
          vertical.positions))
    }
    regionsPerImage = pieces(vertical.positions, rowsPerRegion)
    regions = pieces(geometry.batch, imagesPerRegion) * regionsPerImage
    source =
      copies
      ? PaddedSource(copyOf: rowsPerRegion, vertical, horizontal, channels: channels)
      : PaddedSource(whole: vertical, horizontal, channels: channels)

    groupTiles = pieces(geometry.groupOutputChannels, BlockSizes.gradientRows)
    tiles = geometry.groups * groupTiles
    // A partial sum costs a pass over the weight, so it should stand for many pixels.
    partials = max(
      1,
      min(
        BlockSizes.wantedTasks, regions, geometry.batch * pixels / BlockSizes.pixelsPerPartial,
        BlockSizes.partialFloats / max(1, geometry.weightCount)))
    let wantedSlices = pieces(BlockSizes.wantedTasks, partials)
    tileSlices = min(tiles, wantedSlices)
    tapSlices = max(1, min(vertical.taps, wantedSlices / tileSlices))
  }

  /// The first output channel of a row tile, or the number of channels for the tile past the last.
  func firstChannel(ofTile tile: Int, _ geometry: Conv2dGeometry) -> Int {
    tile / groupTiles * geometry.groupOutputChannels
      + evenStart(tile % groupTiles, groupTiles, geometry.groupOutputChannels)
  }

  var counts: WeightGradientCounts {
    let copied = copies ? imagesPerRegion * source.imageStride + BlockSizes.width : 0
    return WeightGradientCounts(
      partials: partials, slices: tileSlices * tapSlices, scratchCount: copied)
  }
}
