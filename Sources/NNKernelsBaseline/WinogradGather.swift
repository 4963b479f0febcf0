import NNKernelInterface
import NNShapes

// Forward and input gradient by Winograd's method, F(4×4, 3×3) and F(4×4, 5×5): the source's tiles and
// the weights are brought to the points, each point's tiles are multiplied by the weights at that point,
// a matrix product, and the sums are brought back to 4×4 pixels a tile. ``WinogradPlan`` says which task
// does what.
extension VectorKernels {
  public static func winogradCounts(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, pooling: Bool
  ) -> GatherCounts {
    WinogradPlan(geometry, pass, pooling: pooling).counts
  }

  public static func packWinograd(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, pooling: Bool, task: Int,
    source: ConvolutionOutputGradient, weight: UnsafePointer<Float>,
    packed: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = WinogradPlan(geometry, pass, pooling: pooling)
    let rest = scratch + plan.lineFloats
    if plan.valuesFirst {
      let region = plan.region(task)
      let target = packed + plan.firstTile(region) * plan.sourceStride
      copyWinogradSource(plan, region, source, to: rest)
      if plan.points == 6 {
        transformWinogradSource(WinogradLines<6>.self, plan, region, rest, to: target, scratch)
      } else {
        transformWinogradSource(WinogradLines<8>.self, plan, region, rest, to: target, scratch)
      }
    } else {
      let taps = WinogradTaps(plan, geometry, pass, block: task, weight, copy: rest)
      let target = packed + task * plan.weightBlockStride
      if plan.points == 6 {
        pack(WinogradLines<6>.self, plan, taps, to: target)
      } else {
        pack(WinogradLines<8>.self, plan, taps, to: target)
      }
    }
  }

  public static func winograd(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, epilogue: ConvolutionEpilogue, task: Int,
    source: ConvolutionOutputGradient, weight: UnsafePointer<Float>, packed: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, target: UnsafeMutablePointer<Float>,
    argmax: UnsafeMutablePointer<UInt8>?, scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = WinogradPlan(geometry, pass, pooling: epilogue.pooling)
    let output = BlockOutput(epilogue: epilogue, bias: bias, target: target, argmax: argmax)
    if plan.valuesFirst {
      let copy =
        scratch + plan.lineFloats + plan.tilePoints * plan.productPointStride + plan.weightRowsFloats
      let taps = WinogradTaps(plan, geometry, pass, block: task, weight, copy: copy)
      if plan.points == 6 {
        gatherBlock(WinogradLines<6>.self, plan, task, packed, taps, output, scratch)
      } else {
        gatherBlock(WinogradLines<8>.self, plan, task, packed, taps, output, scratch)
      }
    } else if plan.points == 6 {
      gatherRegion(WinogradLines<6>.self, plan, task, source, packed, output, scratch)
    } else {
      gatherRegion(WinogradLines<8>.self, plan, task, source, packed, output, scratch)
    }
  }
}

/// One block's weights at all points.
@inline(__always)
private func pack<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradPlan, _ taps: WinogradTaps,
  to packed: UnsafeMutablePointer<Float>
) {
  var pair = 0
  while pair < Points / 2 {
    let (upper, lower) = lines.rows(ofPair: pair)
    taps.transform(
      lines, pair: pair, sources: plan.sourceChannels,
      to: packed + upper * Points * plan.weightPointStride,
      packed + lower * Points * plan.weightPointStride, pointStride: plan.weightPointStride)
    pair += 1
  }
}

/// One block of all tiles, whose values are there.
@inline(__always)
private func gatherBlock<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradPlan, _ block: Int,
  _ values: UnsafePointer<Float>, _ taps: WinogradTaps, _ output: BlockOutput,
  _ scratch: UnsafeMutablePointer<Float>
) {
  let between = scratch
  let sums = between + plan.lineFloats
  let weights = sums + plan.tilePoints * plan.productPointStride
  let rowFloats = Points * plan.weightPointStride
  let products = WinogradProducts(
    values: values, weights: UnsafePointer(weights), sums: sums, region: plan.everything, plan: plan)
  var pair = 0
  while pair < Points / 2 {
    let (upper, lower) = lines.rows(ofPair: pair)
    var first = 0
    while first < plan.sourceChannels {
      let count = min(plan.weightDepth, plan.sourceChannels - first)
      taps.from(first).transform(
        lines, pair: pair, sources: count, to: weights, weights + rowFloats,
        pointStride: plan.weightPointStride)
      let sources = first..<first + count
      products.multiply(
        points: upper * Points..<(upper + 1) * Points, sources, UnsafePointer(weights))
      products.multiply(
        points: lower * Points..<(lower + 1) * Points, sources, UnsafePointer(weights + rowFloats))
      first += count
    }
    pair += 1
  }
  writeBlock(lines, products, Depth<0>.self, block, output, between)
}

/// All or some blocks of one region, whose weights are there.
@inline(__always)
private func gatherRegion<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradPlan, _ task: Int,
  _ source: ConvolutionOutputGradient, _ packed: UnsafePointer<Float>, _ output: BlockOutput,
  _ scratch: UnsafeMutablePointer<Float>
) {
  let region = plan.region(task / plan.splits)
  let split = task % plan.splits
  let between = scratch
  let values = between + plan.lineFloats
  let sums = values + plan.tilePoints * plan.sourcePointStride
  let copy = sums + plan.tilePoints * plan.productPointStride
  copyWinogradSource(plan, region, source, to: copy)
  transformWinogradSource(lines, plan, region, copy, to: values, between)

  var block = evenStart(split, plan.splits, plan.blocks)
  let endBlock = evenStart(split + 1, plan.splits, plan.blocks)
  while block < endBlock {
    let products = WinogradProducts(
      values: values, weights: packed + block * plan.weightBlockStride, sums: sums, region: region,
      plan: plan)
    // A sum over few channels costs less than its way to memory and back.
    switch plan.sourceChannels {
    case 1: writeBlock(lines, products, Depth<1>.self, block, output, between)
    case 3: writeBlock(lines, products, Depth<3>.self, block, output, between)
    default:
      products.multiply(points: 0..<plan.tilePoints, 0..<plan.sourceChannels, products.weights)
      writeBlock(lines, products, Depth<0>.self, block, output, between)
    }
    block += 1
  }
}

// MARK: Back to pixels

/// Where sums go, and what is done to them on the way.
private struct BlockOutput {
  let epilogue: ConvolutionEpilogue
  let bias: UnsafePointer<Float>?
  let target: UnsafeMutablePointer<Float>
  let argmax: UnsafeMutablePointer<UInt8>?
}

/// y = Aᵀ · m · A for the tiles of a region and the channels of a block, with the epilogue.
@inline(__always)
private func writeBlock<let Points: Int, let Channels: Int>(
  _ lines: WinogradLines<Points>.Type, _ products: WinogradProducts, _ depth: Depth<Channels>.Type,
  _ block: Int, _ place: BlockOutput, _ between: UnsafeMutablePointer<Float>
) {
  let (plan, region) = (products.plan, products.region)
  let (epilogue, target) = (place.epilogue, place.target)
  let shift = epilogue.pooling ? 1 : 0
  let (height, width) = (plan.targetHeight >> shift, plan.targetWidth >> shift)
  let vectors = plan.targetChannels - block * BlockSizes.width > lanes ? BlockSizes.vectors : 1
  var tile = 0
  while tile < region.tiles {
    let (image, inImage) = (tile / region.tilesPerImage, tile % region.tilesPerImage)
    let row = (region.firstTileRow + inImage / region.tileColumns) * (4 >> shift)
    let column = inImage % region.tileColumns * (4 >> shift)
    let pixel = ((region.firstImage + image) * height + row) * width + column
    var v = 0
    while v < vectors {
      let channel = block * BlockSizes.width + v * lanes
      let count = min(lanes, plan.targetChannels - channel)
      let offset = place.bias.map { load($0 + channel, upTo: count) } ?? Vector(repeating: 0)
      let output = WinogradOutput(
        values: target + pixel * plan.targetChannels + channel,
        argmax: place.argmax.map { $0 + pixel * plan.targetChannels + channel },
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
          let weight = products.weights + x * plan.weightPointStride + v * lanes
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
