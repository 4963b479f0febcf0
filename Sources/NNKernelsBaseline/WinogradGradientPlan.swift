import NNKernelInterface
import NNShapes

/// How a Winograd weight gradient is cut. A function of the geometry and of ``BlockSizes`` alone.
///
/// With many tiles the first tasks sum the products at the points, each over its part of the batch, and the
/// others add the parts up and bring them back to the taps. With few tiles the sums would outweigh what
/// they are made from: the first tasks only bring both operands to the points, and each of the others
/// multiplies them for some output channels and brings the products back while they are near.
struct WinogradGradientPlan {
  let forward: WinogradPlan
  let outputChannels: Int
  /// Output channels rounded up to whole vectors.
  let gradientStride: Int
  /// Row tiles of output channels.
  let tiles: Int
  /// Partial sums over parts of the regions, 0 where the operands are made first.
  let partials: Int
  /// Parts of the row tiles.
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
        max(BlockSizes.fewGradientTiles, inputs * outputs / (inputs + outputs))),
      fewTiles: FewWinogradTiles.gradient)
    outputChannels = geometry.outputChannels
    gradientStride = pieces(outputChannels, lanes) * lanes
    tiles = pieces(outputChannels, BlockSizes.winogradRows)
    if forward.valuesFirst {
      partials = 0
      slices = max(1, min(tiles, BlockSizes.wantedTasks))
      return
    }
    let sums = forward.tilePoints * outputChannels * forward.sourceStride
    partials = max(
      1, min(BlockSizes.winogradPartials, forward.regions, BlockSizes.partialFloats / max(1, sums)))
    slices = max(1, min(tiles, BlockSizes.winogradPartials / partials))
  }

  var valuesFirst: Bool { forward.valuesFirst }

  /// Floats from one point to the next of the output gradient's values, (point, tile, channel).
  var gradientPointStride: Int { forward.valueTiles * gradientStride + 16 }
  /// The same for the sums, (point, output channel, input channel).
  var sumPointStride: Int { outputChannels * forward.sourceStride + 16 }
  /// Floats of one partial sum, with the bias's.
  var partialStride: Int { forward.tilePoints * sumPointStride + gradientStride }
  /// The sums for the biases: one part of a partial sum each, or one a region behind the operands.
  var biasStart: Int {
    valuesFirst ? valueFloats + gradientFloats : forward.tilePoints * sumPointStride
  }
  var biasStride: Int { valuesFirst ? gradientStride : partialStride }
  var biasParts: Int { valuesFirst ? forward.regions : partials }
  /// Floats of both operands' values.
  var valueFloats: Int { forward.tilePoints * forward.sourcePointStride }
  var gradientFloats: Int { forward.tilePoints * gradientPointStride }
  /// Floats from one point to the next of the products of a tile.
  var tilePointStride: Int { BlockSizes.fewGradientRows * BlockSizes.width }

  var counts: WinogradGradientCounts {
    let lines = 3 * forward.lineFloats
    if valuesFirst {
      return WinogradGradientCounts(
        tasks: forward.regions,
        sharedCount: biasStart + biasParts * biasStride,
        finishingTasks: slices,
        scratchCount: lines + max(forward.copyFloats, forward.tilePoints * tilePointStride))
    }
    return WinogradGradientCounts(
      tasks: partials * slices, sharedCount: partials * partialStride, finishingTasks: outputChannels,
      scratchCount: lines + forward.copyFloats + valueFloats + gradientFloats)
  }

  /// The output channels of a slice.
  func channels(ofSlice slice: Int) -> Range<Int> {
    firstChannel(
      ofTile: evenStart(slice, slices, tiles))..<firstChannel(
        ofTile: evenStart(slice + 1, slices, tiles))
  }

  /// The output channels that a finishing task writes: a slice's, or a single one.
  func channels(ofFinishingTask task: Int) -> Range<Int> {
    valuesFirst ? channels(ofSlice: task) : task..<task + 1
  }

  /// The first output channel of a row tile, or the number of channels for the tile past the last.
  func firstChannel(ofTile tile: Int) -> Int { evenStart(tile, tiles, outputChannels) }
}
