import NNKernelInterface
import NNShapes

/// How a Winograd weight gradient is cut. A function of the geometry and of ``BlockSizes``, and for the slices
/// of the number of threads; what is added up in which order is the geometry's alone.
///
/// With many tiles the first tasks sum the products at the points, each over its part of the batch, and the
/// others add the parts up and bring them back to the taps. With few tiles the sums would outweigh what
/// they are made from: the first tasks only bring the output gradient to the points, some channels each;
/// each thread does the same for the whole input, which costs it less than the way from another's cache;
/// and each of the others multiplies them for some output channels and brings the products back while they
/// are near. Or there are no first tasks: see ``ownsGradients``.
struct WinogradGradientPlan {
  let forward: WinogradPlan
  let outputChannels: Int
  /// Output channels rounded up to whole vectors.
  let gradientStride: Int
  /// Row tiles of output channels.
  let tiles: Int
  /// With few tiles and vectors of output channels for all threads, a task brings the output gradient's values
  /// that it needs to the points for itself, which saves a loop and their way from another's cache.
  let ownsGradients: Bool
  /// Else tasks of their own do so: whole vectors of channels each.
  let gradientTasks: Int
  /// Partial sums over parts of the regions, 0 with few tiles.
  let partials: Int
  /// Parts of the row tiles.
  let slices: Int

  /// `pooled` where the gradient is that of a pooled output.
  init(_ geometry: Conv2dGeometry, pooled: Bool, threads: Int) {
    // Each region reads and writes all sums, C · O at a point, and its own values, C + O at a point and
    // tile, twice: as many tiles as make both alike. Cut as for one thread: the cut decides what is summed.
    let stride = geometry.vertical.stride
    let (inputs, outputs) = (stride * stride * geometry.inputChannels, geometry.outputChannels)
    forward = WinogradPlan(
      geometry, .forward, pooling: pooled, threads: 1,
      regionTiles: (
        BlockSizes.fewGradientTiles,
        min(BlockSizes.manyGradientTiles, inputs * outputs / (inputs + outputs))
      ),
      parts: BlockSizes.winogradPartials, fewTiles: FewWinogradTiles.gradient)
    outputChannels = geometry.outputChannels
    gradientStride = pieces(outputChannels, lanes) * lanes
    gradientTasks = min(BlockSizes.wantedTasks, gradientStride / lanes)
    tiles = pieces(outputChannels, BlockSizes.winogradRows)
    ownsGradients = forward.order == .valuesFirst && gradientTasks >= threads
    if forward.order == .valuesFirst {
      partials = 0
      slices = ownsGradients ? gradientTasks : max(1, min(tiles, BlockSizes.wantedTasks))
      return
    }
    let sums = forward.tilePoints * outputChannels * forward.sourceStride
    partials = max(
      1, min(min(BlockSizes.winogradPartials, forward.regions), BlockSizes.partialFloats / max(1, sums)))
    // Each slice brings the inputs to the points anew, but its sums shall not outgrow the caches.
    slices = max(
      1, min(tiles, max(pieces(threads, partials), pieces(sums, BlockSizes.gradientSumFloats))))
  }

  var hasFewTiles: Bool { forward.order == .valuesFirst }

  /// Floats from one point to the next of the output gradient's values, (point, tile, channel).
  var gradientPointStride: Int { forward.valueTiles * gradientStride + 16 }
  /// The same for the sums, (point, output channel, input channel).
  var sumPointStride: Int { outputChannels * forward.sourceStride + 16 }
  /// Floats of one partial sum, with the bias's.
  var partialStride: Int { forward.tilePoints * sumPointStride + gradientStride }
  /// The sums for the biases: in each partial sum, or behind the output gradient's values.
  var biasStart: Int { hasFewTiles ? gradientFloats : forward.tilePoints * sumPointStride }
  var biasParts: Int { hasFewTiles ? 1 : partials }
  /// Floats of the output gradient's values.
  var gradientFloats: Int { forward.tilePoints * gradientPointStride }
  /// Floats from one point to the next of the products of a tile.
  var tilePointStride: Int { BlockSizes.fewGradientRows * BlockSizes.width }
  /// Floats of all of them, where a region's copy lies before.
  var productFloats: Int { max(forward.copyFloats, forward.tilePoints * tilePointStride) }

  var counts: WinogradGradientCounts {
    let lines = 3 * forward.lineFloats
    if hasFewTiles {
      let gradients = biasStart + gradientStride
      return WinogradGradientCounts(
        tasks: ownsGradients ? 0 : gradientTasks, sharedCount: ownsGradients ? 0 : gradients,
        finishingTasks: slices,
        scratchCount: BlockSizes.lineFloats + lines + forward.valueFloats + productFloats
          + (ownsGradients ? gradients : 0))
    }
    return WinogradGradientCounts(
      tasks: partials * slices, sharedCount: partials * partialStride, finishingTasks: outputChannels,
      scratchCount: lines + forward.copyFloats + forward.valueFloats + gradientFloats)
  }

  /// The output channels whose values a task brings to the points, where there are few tiles.
  func channels(ofGradientTask task: Int) -> Range<Int> {
    let vectors = gradientStride / lanes
    let first = evenStart(task, gradientTasks, vectors) * lanes
    let end = evenStart(task + 1, gradientTasks, vectors) * lanes
    return first..<min(outputChannels, end)
  }

  /// The output channels of a slice.
  func channels(ofSlice slice: Int) -> Range<Int> {
    firstChannel(
      ofTile: evenStart(slice, slices, tiles))..<firstChannel(
        ofTile: evenStart(slice + 1, slices, tiles))
  }

  /// The output channels that a finishing task writes: a slice's, or a single one.
  func channels(ofFinishingTask task: Int) -> Range<Int> {
    if ownsGradients { return channels(ofGradientTask: task) }
    return hasFewTiles ? channels(ofSlice: task) : task..<task + 1
  }

  /// The first output channel of a row tile, or the number of channels for the tile past the last.
  func firstChannel(ofTile tile: Int) -> Int { evenStart(tile, tiles, outputChannels) }
}
