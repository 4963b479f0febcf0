import NNKernelInterface
import NNShapes

/// How a Winograd weight gradient is cut. A function of the geometry and of ``BlockSizes`` alone.
struct WinogradGradientPlan {
  let forward: WinogradPlan
  let outputChannels: Int
  /// Output channels rounded up to whole vectors.
  let gradientStride: Int
  /// Row tiles of output channels.
  let tiles: Int
  /// Partial sums over parts of the regions, and parts of the row tiles.
  let partials: Int
  let slices: Int

  /// `pooled` where the gradient is that of a pooled output.
  init(_ geometry: Conv2dGeometry, pooled: Bool) {
    // Each region reads and writes all sums, C · O at a point, and its own values, C + O at a point and
    // tile, twice: as many tiles as make both alike.
    let (inputs, outputs) = (geometry.inputChannels, geometry.outputChannels)
    forward = WinogradPlan(
      geometry, .forward, pooling: pooled,
      mostTiles: min(
        BlockSizes.manyGradientTiles,
        max(BlockSizes.fewGradientTiles, inputs * outputs / (inputs + outputs))))
    outputChannels = geometry.outputChannels
    gradientStride = pieces(outputChannels, lanes) * lanes
    tiles = pieces(outputChannels, BlockSizes.winogradRows)
    let sums = forward.tilePoints * outputChannels * forward.sourceStride
    partials = max(
      1, min(BlockSizes.winogradPartials, forward.regions, BlockSizes.partialFloats / max(1, sums)))
    slices = max(1, min(tiles, BlockSizes.winogradPartials / partials))
  }

  /// Floats from one point to the next of the output gradient's values, (point, tile, channel).
  var gradientPointStride: Int { forward.regionTiles * gradientStride + 16 }
  /// The same for the sums, (point, output channel, input channel).
  var sumPointStride: Int { outputChannels * forward.sourceStride + 16 }
  /// Floats of one partial sum, with the bias's.
  var partialStride: Int { forward.tilePoints * sumPointStride + gradientStride }

  var counts: WeightGradientCounts {
    WeightGradientCounts(
      partials: partials, slices: slices, sumsCount: partialStride,
      biasSumsStart: forward.tilePoints * sumPointStride, landsInPlace: false,
      scratchCount: 3 * forward.lineFloats + forward.copyFloats
        + forward.tilePoints * (forward.sourcePointStride + gradientPointStride))
  }

  /// The output channels of a slice.
  func channels(ofSlice slice: Int) -> Range<Int> {
    firstChannel(
      ofTile: evenStart(slice, slices, tiles))..<firstChannel(
        ofTile: evenStart(slice + 1, slices, tiles))
  }

  /// The first output channel of a row tile, or the number of channels for the tile past the last.
  func firstChannel(ofTile tile: Int) -> Int { evenStart(tile, tiles, outputChannels) }
}
