import NNKernelInterface
import NNShapes

/// What a Winograd weight gradient is made from.
struct GradientOperands {
  let plan: WinogradGradientPlan
  let input: UnsafePointer<Float>
  let outputGradient: ConvolutionOutputGradient

  /// Brings a region's inputs and some channels of its output gradients to the points, and adds the
  /// latter up for the bias.
  @inline(__always)
  func transform<let Points: Int>(
    _ lines: WinogradLines<Points>.Type, _ region: WinogradRegion, _ channels: Range<Int>,
    values: UnsafeMutablePointer<Float>, gradients: UnsafeMutablePointer<Float>,
    biasSums: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
  ) {
    let between = scratch
    let copy = between + 3 * plan.forward.lineFloats
    copyWinogradSource(
      plan.forward, region, ConvolutionOutputGradient(values: input, argmax: nil), to: copy)
    transformWinogradSource(lines, plan.forward, region, copy, to: values, between)
    transformGradient(lines, plan, region, channels, outputGradient, to: gradients, biasSums, between)
  }
}

/// The output gradient's values at all points, w = G · dy · Gᵀ, to (point, tile, channel), and its sums
/// for the bias.
@inline(__always)
func transformGradient<let Points: Int>(
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
    let height = plan.forward.vertical.targetSize
    channels = plan.outputChannels
    width = plan.forward.horizontal.targetSize
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
