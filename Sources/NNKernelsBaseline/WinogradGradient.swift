import NNKernelInterface
import NNShapes

// The weight gradient by Winograd's method: F(k×k, 4×4) with the output gradient's 4×4 tiles in the
// place of the kernel. A task sums the products of its part of the batch at every point; the last
// step adds the parts up and brings them back to k×k taps.

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

extension VectorKernels {
  public static func winogradGradientCounts(
    _ geometry: Conv2dGeometry, pooled: Bool
  ) -> WeightGradientCounts {
    WinogradGradientPlan(geometry, pooled: pooled).counts
  }

  public static func winogradGradient(
    _ geometry: Conv2dGeometry, partial: Int, slice: Int, input: UnsafePointer<Float>,
    outputGradient: ConvolutionOutputGradient, sums: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = WinogradGradientPlan(geometry, pooled: outputGradient.argmax != nil)
    if plan.forward.points == 6 {
      sumRegions(
        WinogradLines<6>.self, plan, partial, slice, input, outputGradient, sums, scratch)
    } else {
      sumRegions(
        WinogradLines<8>.self, plan, partial, slice, input, outputGradient, sums, scratch)
    }
  }

  public static func finishWinogradGradient(
    _ geometry: Conv2dGeometry, pooled: Bool, outputChannel: Int, sums: UnsafeMutablePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool, scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = WinogradGradientPlan(geometry, pooled: pooled)
    if plan.forward.points == 6 {
      finishChannel(
        WinogradLines<6>.self, plan, outputChannel, sums, weightGradient, accumulate, scratch)
    } else {
      finishChannel(
        WinogradLines<8>.self, plan, outputChannel, sums, weightGradient, accumulate, scratch)
    }
    guard let biasGradient else { return }
    var sum: Float = 0
    var partial = 0
    while partial < plan.partials {
      sum +=
        sums[partial * plan.partialStride + plan.forward.tilePoints * plan.sumPointStride + outputChannel]
      partial += 1
    }
    biasGradient[outputChannel] = accumulate ? biasGradient[outputChannel] + sum : sum
  }
}

@inline(__always)
private func sumRegions<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradGradientPlan, _ partial: Int, _ slice: Int,
  _ input: UnsafePointer<Float>, _ outputGradient: ConvolutionOutputGradient,
  _ sums: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
) {
  let forward = plan.forward
  let channels = plan.channels(ofSlice: slice)
  let between = scratch
  let values = between + 3 * forward.lineFloats
  let gradients = values + forward.tilePoints * forward.sourcePointStride
  let copy = gradients + forward.tilePoints * plan.gradientPointStride
  let firstRegion = evenStart(partial, plan.partials, forward.regions)
  let endRegion = evenStart(partial + 1, plan.partials, forward.regions)
  let biasSums = sums + forward.tilePoints * plan.sumPointStride
  zero(biasSums + channels.lowerBound, channels.upperBound - channels.lowerBound)

  var index = firstRegion
  while index < endRegion {
    let region = forward.region(index)
    copyWinogradSource(forward, region, input, to: copy)
    transformWinogradSource(lines, forward, region, copy, to: values, between)
    transformGradient(
      lines, plan, region, channels, outputGradient, to: gradients, biasSums, between)
    var point = 0
    while point < forward.tilePoints {
      multiplyPoint(
        plan, channels, region.tiles, values + point * forward.sourcePointStride,
        gradients + point * plan.gradientPointStride, sums + point * plan.sumPointStride,
        accumulate: index > firstRegion)
      point += 1
    }
    index += 1
  }
}

/// m[o][c] (+)= Σ_t w[t][o] · v[t][c] at one point, for some output channels and all input channels.
private func multiplyPoint(
  _ plan: WinogradGradientPlan, _ channels: Range<Int>, _ tiles: Int,
  _ values: UnsafePointer<Float>, _ gradients: UnsafePointer<Float>,
  _ sums: UnsafeMutablePointer<Float>, accumulate: Bool
) {
  let stride = plan.forward.sourceStride
  var column = 0
  while column < stride {
    let vectors = min(BlockSizes.vectors, (stride - column) / lanes)
    var row = channels.lowerBound
    let groups = pieces(channels.upperBound - row, BlockSizes.winogradRows)
    var group = 0
    while group < groups {
      let end =
        channels.lowerBound
        + evenStart(group + 1, groups, channels.upperBound - channels.lowerBound)
      runWinogradGradientTile(
        rows: end - row, vectors: vectors, tiles: tiles, gradient: gradients + row,
        gradientStep: plan.gradientStride, source: values + column, sourceStep: stride,
        target: sums + row * stride + column, targetStep: stride, accumulate: accumulate)
      row = end
      group += 1
    }
    column += BlockSizes.width
  }
}

/// The output gradient's values at all points, w = G · dy · Gᵀ, to (point, tile, channel), and its sums
/// for the bias.
@inline(__always)
private func transformGradient<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradGradientPlan, _ region: WinogradRegion,
  _ channels: Range<Int>, _ outputGradient: ConvolutionOutputGradient,
  to values: UnsafeMutablePointer<Float>, _ biasSums: UnsafeMutablePointer<Float>,
  _ between: UnsafeMutablePointer<Float>
) {
  let pixels = between
  let lined = between + 16 * lanes
  var tile = 0
  while tile < region.tiles {
    let (image, place) = (tile / region.tilesPerImage, tile % region.tilesPerImage)
    let source = GradientTile(
      plan, image: region.firstImage + image, row: region.firstTileRow + place / region.tileColumns,
      column: place % region.tileColumns)
    var channel = channels.lowerBound / lanes * lanes
    while channel < channels.upperBound {
      let count = min(lanes, plan.outputChannels - channel)
      let sum: Vector
      if let argmax = outputGradient.argmax {
        sum = source.expand(outputGradient.values, argmax, channel, count, to: pixels)
      } else {
        sum = source.copy(outputGradient.values, channel, count, to: pixels)
      }
      addBias(sum, biasSums, channel, channels)
      var line = 0
      while line < 4 {
        lines.outputGradient(pixels + line * 4 * lanes, lanes, lined + line * Points * lanes, lanes)
        line += 1
      }
      var x = 0
      while x < Points {
        lines.outputGradient(
          lined + x * lanes, Points * lanes,
          values + x * plan.gradientPointStride + tile * plan.gradientStride + channel,
          Points * plan.gradientPointStride)
        x += 1
      }
      channel += lanes
    }
    tile += 1
  }
}

/// The 4×4 pixels of one tile of the output gradient.
private struct GradientTile {
  let channels: Int
  /// The tile's first pixel, and how many of its rows and columns there are.
  let pixel: Int
  let width: Int
  let rows: Int
  let columns: Int
  /// The same in the pooled map.
  let pooledPixel: Int

  @inline(__always)
  init(_ plan: WinogradGradientPlan, image: Int, row: Int, column: Int) {
    let height = plan.forward.targetHeight
    channels = plan.outputChannels
    width = plan.forward.targetWidth
    pixel = (image * height + 4 * row) * width + 4 * column
    pooledPixel = (image * (height / 2) + 2 * row) * (width / 2) + 2 * column
    rows = min(4, height - 4 * row)
    columns = min(4, width - 4 * column)
  }

  /// Copies one vector of channels of all 16 pixels, zeros for those outside; returns their sum.
  @inline(__always)
  func copy(
    _ gradient: UnsafePointer<Float>, _ channel: Int, _ count: Int,
    to pixels: UnsafeMutablePointer<Float>
  ) -> Vector {
    var sum = Vector(repeating: 0)
    var y = 0
    while y < 4 {
      var x = 0
      while x < 4 {
        var value = Vector(repeating: 0)
        if y < rows && x < columns {
          value = load(gradient + (pixel + y * width + x) * channels + channel, upTo: count)
        }
        sum += value
        store(value, to: pixels + (y * 4 + x) * lanes)
        x += 1
      }
      y += 1
    }
    return sum
  }

  /// The same from the four pooled values: each goes to the cell of its window that `argmax` names.
  @inline(__always)
  func expand(
    _ gradient: UnsafePointer<Float>, _ argmax: UnsafePointer<UInt8>, _ channel: Int, _ count: Int,
    to pixels: UnsafeMutablePointer<Float>
  ) -> Vector {
    let none = Vector(repeating: 0)
    var sum = none
    var y = 0
    while y < 2 {
      var x = 0
      while x < 2 {
        var value = none
        var cell = IntVector(repeating: 0)
        if 2 * y < rows && 2 * x < columns {
          let position = (pooledPixel + y * (width / 2) + x) * channels + channel
          value = load(gradient + position, upTo: count)
          cell = loadBytes(argmax + position, upTo: count)
        }
        sum += value
        let window = pixels + (8 * y + 2 * x) * lanes
        store(none.replacing(with: value, where: cell .== IntVector(repeating: 0)), to: window)
        store(none.replacing(with: value, where: cell .== IntVector(repeating: 1)), to: window + lanes)
        store(none.replacing(with: value, where: cell .== IntVector(repeating: 2)), to: window + 4 * lanes)
        store(none.replacing(with: value, where: cell .== IntVector(repeating: 3)), to: window + 5 * lanes)
        x += 1
      }
      y += 1
    }
    return sum
  }
}

/// Adds a tile's sum to those lanes of the bias's that are the slice's own.
@inline(__always)
private func addBias(
  _ sum: Vector, _ biasSums: UnsafeMutablePointer<Float>, _ channel: Int, _ channels: Range<Int>
) {
  if channel >= channels.lowerBound && channel + lanes <= channels.upperBound {
    store(load(biasSums + channel) + sum, to: biasSums + channel)
  } else {
    addLanes(sum, biasSums, channel, channels)
  }
}

@inline(never)
private func addLanes(
  _ sum: Vector, _ biasSums: UnsafeMutablePointer<Float>, _ channel: Int, _ channels: Range<Int>
) {
  var lane = 0
  while lane < lanes {
    if channel + lane >= channels.lowerBound && channel + lane < channels.upperBound {
      biasSums[channel + lane] += sum[lane]
    }
    lane += 1
  }
}

/// dw = Aᵀ · m · A for one output channel, after adding up the partial sums.
@inline(__always)
private func finishChannel<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradGradientPlan, _ outputChannel: Int,
  _ sums: UnsafeMutablePointer<Float>, _ weightGradient: UnsafeMutablePointer<Float>,
  _ accumulate: Bool, _ scratch: UnsafeMutablePointer<Float>
) {
  let stride = plan.forward.sourceStride
  let channels = plan.forward.sourceChannels
  let total = scratch
  let between = total + Points * Points * lanes
  let taps = between + Points * Points * lanes
  let target = weightGradient + outputChannel * lines.taps * lines.taps * channels
  var channel = 0
  while channel < channels {
    var point = 0
    while point < Points * Points {
      var source = sums + point * plan.sumPointStride + outputChannel * stride + channel
      var sum = load(source)
      var partial = 1
      while partial < plan.partials {
        source += plan.partialStride
        sum += load(source)
        partial += 1
      }
      store(sum, to: total + point * lanes)
      point += 1
    }
    var column = 0
    while column < Points {
      lines.weightGradient(
        total + column * lanes, Points * lanes, between + column * lanes, Points * lanes)
      column += 1
    }
    let count = min(lanes, channels - channel)
    var row = 0
    while row < lines.taps {
      lines.weightGradient(between + row * Points * lanes, lanes, taps, lanes)
      var tap = 0
      while tap < lines.taps {
        let place = target + (row * lines.taps + tap) * channels + channel
        let value = load(taps + tap * lanes)
        store(
          accumulate ? load(UnsafePointer(place), upTo: count) + value : value, to: place, upTo: count)
        tap += 1
      }
      row += 1
    }
    channel += lanes
  }
}
