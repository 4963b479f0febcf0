import NNKernelInterface
import NNShapes

// Forward and input gradient by Winograd's method, F(4×4, 3×3) and F(4×4, 5×5): a task brings the
// tiles of its region to the points, multiplies each point's tiles by the weights at that point, a
// matrix product, and brings the sums back to 4×4 pixels a tile.
extension VectorKernels {
  public static func winogradCounts(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, pooling: Bool
  ) -> GatherCounts {
    WinogradPlan(geometry, pass, pooling: pooling).counts
  }

  public static func packWinograd(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, task: Int, weight: UnsafePointer<Float>,
    packed: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = WinogradPlan(geometry, pass, pooling: false)
    let taps = gatherTaps(plan, geometry, pass, block: task, weight, scratch + plan.lineFloats)
    let target = packed + task * plan.weightBlockStride
    if plan.points == 6 {
      transformWeights(WinogradLines<6>.self, plan, taps, to: target, scratch)
    } else {
      transformWeights(WinogradLines<8>.self, plan, taps, to: target, scratch)
    }
  }

  public static func winograd(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, epilogue: ConvolutionEpilogue, task: Int,
    source: ConvolutionOutputGradient, packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    target: UnsafeMutablePointer<Float>, argmax: UnsafeMutablePointer<UInt8>?,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = WinogradPlan(geometry, pass, pooling: epilogue.pooling)
    if plan.points == 6 {
      gatherRegion(
        WinogradLines<6>.self, plan, epilogue, task, source, packed, bias, target, argmax, scratch)
    } else {
      gatherRegion(
        WinogradLines<8>.self, plan, epilogue, task, source, packed, bias, target, argmax, scratch)
    }
  }
}

@inline(__always)
private func gatherRegion<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradPlan, _ epilogue: ConvolutionEpilogue,
  _ task: Int, _ source: ConvolutionOutputGradient, _ packed: UnsafePointer<Float>,
  _ bias: UnsafePointer<Float>?, _ target: UnsafeMutablePointer<Float>,
  _ argmax: UnsafeMutablePointer<UInt8>?, _ scratch: UnsafeMutablePointer<Float>
) {
  let region = plan.region(task / plan.splits)
  let split = task % plan.splits
  let between = scratch
  let values = between + plan.lineFloats
  let sums = values + plan.tilePoints * plan.sourcePointStride
  let copy = sums + plan.tilePoints * plan.productPointStride
  copyWinogradSource(plan, region, source, to: copy)
  transformWinogradSource(lines, plan, region, copy, to: values, between)

  let products = WinogradProducts(
    values: values, weights: packed, sums: sums, region: region, plan: plan)
  var block = evenStart(split, plan.splits, plan.blocks)
  let endBlock = evenStart(split + 1, plan.splits, plan.blocks)
  while block < endBlock {
    // A sum over few channels costs less than its way to memory and back.
    switch plan.sourceChannels {
    case 1: writeBlock(lines, products, Depth<1>.self, epilogue, block, bias, target, argmax, between)
    case 3: writeBlock(lines, products, Depth<3>.self, epilogue, block, bias, target, argmax, between)
    default:
      products.multiply(block)
      writeBlock(lines, products, Depth<0>.self, epilogue, block, bias, target, argmax, between)
    }
    block += 1
  }
}

// MARK: Back to pixels

/// y = Aᵀ · m · A for the tiles of a region and the channels of a block, with the epilogue.
@inline(__always)
private func writeBlock<let Points: Int, let Channels: Int>(
  _ lines: WinogradLines<Points>.Type, _ products: WinogradProducts, _ depth: Depth<Channels>.Type,
  _ epilogue: ConvolutionEpilogue, _ block: Int, _ bias: UnsafePointer<Float>?,
  _ target: UnsafeMutablePointer<Float>, _ argmax: UnsafeMutablePointer<UInt8>?,
  _ between: UnsafeMutablePointer<Float>
) {
  let (plan, region) = (products.plan, products.region)
  let shift = epilogue.pooling ? 1 : 0
  let (height, width) = (plan.targetHeight >> shift, plan.targetWidth >> shift)
  let weights = products.weights + block * plan.weightBlockStride
  let vectors = plan.targetChannels - block * BlockSizes.width > lanes ? BlockSizes.vectors : 1
  var tile = 0
  while tile < region.tiles {
    let (image, place) = (tile / region.tilesPerImage, tile % region.tilesPerImage)
    let row = (region.firstTileRow + place / region.tileColumns) * (4 >> shift)
    let column = place % region.tileColumns * (4 >> shift)
    let pixel = ((region.firstImage + image) * height + row) * width + column
    var v = 0
    while v < vectors {
      let channel = block * BlockSizes.width + v * lanes
      let count = min(lanes, plan.targetChannels - channel)
      let offset = bias.map { load($0 + channel, upTo: count) } ?? Vector(repeating: 0)
      let output = WinogradOutput(
        values: target + pixel * plan.targetChannels + channel,
        argmax: argmax.map { $0 + pixel * plan.targetChannels + channel },
        rowStride: width * plan.targetChannels, columnStride: plan.targetChannels,
        rows: min(4 >> shift, height - row), columns: min(4 >> shift, width - column), count: count,
        relu: epilogue.relu)
      var x = 0
      while x < Points {
        let y: (Vector, Vector, Vector, Vector)
        if Channels == 0 {
          y = lines.output(
            products.sums + x * plan.productPointStride + tile * BlockSizes.width + v * lanes,
            Points * plan.productPointStride)
        } else {
          let value = products.values + x * plan.sourcePointStride + tile * plan.sourceStride
          let weight = weights + x * plan.weightPointStride + v * lanes
          y = lines.output { line in
            depth.dot(
              value + line * Points * plan.sourcePointStride,
              weight + line * Points * plan.weightPointStride)
          }
        }
        store(y.0, to: between + x * lanes)
        store(y.1, to: between + (Points + x) * lanes)
        store(y.2, to: between + (2 * Points + x) * lanes)
        store(y.3, to: between + (3 * Points + x) * lanes)
        x += 1
      }
      var pair = 0
      while pair < 2 {
        let upper = lines.output(between + 2 * pair * Points * lanes, lanes)
        let lower = lines.output(between + (2 * pair + 1) * Points * lanes, lanes)
        if epilogue.pooling {
          output.pool(upper.0, upper.1, lower.0, lower.1, pair, 0, offset)
          output.pool(upper.2, upper.3, lower.2, lower.3, pair, 1, offset)
        } else {
          output.put(upper, 2 * pair, offset)
          output.put(lower, 2 * pair + 1, offset)
        }
        pair += 1
      }
      v += 1
    }
    tile += 1
  }
}

/// A number of source channels that is known beforehand; 0 for any.
private enum Depth<let Channels: Int> {
  /// Σ_c v[c] · u[c][o] at one point for one vector of target channels.
  @inline(__always)
  static func dot(_ value: UnsafePointer<Float>, _ weight: UnsafePointer<Float>) -> Vector {
    var sum = Vector(repeating: value[0]) * load(weight)
    var channel = 1
    while channel < Channels {
      sum = multiplyAdd(
        Vector(repeating: value[channel]), load(weight + channel * BlockSizes.width), sum)
      channel += 1
    }
    return sum
  }
}

/// The sums over the source channels, m[t][o] = Σ_c v[t][c] · u[c][o], of one block at all points.
private struct WinogradProducts {
  /// (point, tile, source channel)
  let values: UnsafePointer<Float>
  /// (block, point, source channel, block channel)
  let weights: UnsafePointer<Float>
  /// (point, tile, block channel)
  let sums: UnsafeMutablePointer<Float>
  let region: WinogradRegion
  let plan: WinogradPlan

  /// Computes ``sums``.
  func multiply(_ block: Int) {
    let tiles = region.tiles
    let groups = pieces(tiles, BlockSizes.winogradRows)
    var point = 0
    while point < plan.tilePoints {
      let pointWeights = weights + block * plan.weightBlockStride + point * plan.weightPointStride
      let pointValues = values + point * plan.sourcePointStride
      let pointSums = sums + point * plan.productPointStride
      var group = 0
      while group < groups {
        let first = evenStart(group, groups, tiles)
        runWinogradTile(
          rows: evenStart(group + 1, groups, tiles) - first, depth: plan.sourceChannels,
          source: pointValues + first * plan.sourceStride, sourceStep: plan.sourceStride,
          weights: pointWeights, target: pointSums + first * BlockSizes.width)
        group += 1
      }
      point += 1
    }
  }
}
