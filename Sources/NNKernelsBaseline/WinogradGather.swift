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
  let products = values + plan.tilePoints * plan.sourcePointStride
  let copy = products + plan.tilePoints * plan.productPointStride
  if let argmax = source.argmax {
    copyWinogradSource(plan, region, pooled: source.values, argmax, to: copy)
  } else {
    copyWinogradSource(plan, region, source.values, to: copy)
  }
  transformWinogradSource(lines, plan, region, copy, to: values, between)

  let tiles = region.tiles
  let groups = pieces(tiles, BlockSizes.winogradRows)
  var block = evenStart(split, plan.splits, plan.blocks)
  let endBlock = evenStart(split + 1, plan.splits, plan.blocks)
  while block < endBlock {
    var point = 0
    while point < plan.tilePoints {
      let weights = packed + block * plan.weightBlockStride + point * plan.weightPointStride
      let pointValues = values + point * plan.sourcePointStride
      let pointProducts = products + point * plan.productPointStride
      var group = 0
      while group < groups {
        let first = evenStart(group, groups, tiles)
        runWinogradTile(
          rows: evenStart(group + 1, groups, tiles) - first, depth: plan.sourceChannels,
          source: pointValues + first * plan.sourceStride, sourceStep: plan.sourceStride,
          weights: weights, target: pointProducts + first * BlockSizes.width)
        group += 1
      }
      point += 1
    }
    writeBlock(lines, plan, region, epilogue, block, products, bias, target, argmax, between)
    block += 1
  }
}

// MARK: Back to pixels

/// y = Aᵀ · m · A for the tiles of a region and the channels of a block, with the epilogue.
@inline(__always)
private func writeBlock<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradPlan, _ region: WinogradRegion,
  _ epilogue: ConvolutionEpilogue, _ block: Int, _ products: UnsafePointer<Float>,
  _ bias: UnsafePointer<Float>?, _ target: UnsafeMutablePointer<Float>,
  _ argmax: UnsafeMutablePointer<UInt8>?, _ between: UnsafeMutablePointer<Float>
) {
  let shift = epilogue.pooling ? 1 : 0
  let (height, width) = (plan.targetHeight >> shift, plan.targetWidth >> shift)
  var v = 0
  while v < BlockSizes.vectors {
    let channel = block * BlockSizes.width + v * lanes
    let count = min(lanes, plan.targetChannels - channel)
    if count <= 0 { return }
    let offset = bias.map { load($0 + channel, upTo: count) } ?? Vector(repeating: 0)
    var tile = 0
    while tile < region.tiles {
      let (image, place) = (tile / region.tilesPerImage, tile % region.tilesPerImage)
      let row = (region.firstTileRow + place / region.tileColumns) * (4 >> shift)
      let column = place % region.tileColumns * (4 >> shift)
      let pixel = ((region.firstImage + image) * height + row) * width + column
      let output = WinogradOutput(
        values: target + pixel * plan.targetChannels + channel,
        argmax: argmax.map { $0 + pixel * plan.targetChannels + channel },
        rowStride: width * plan.targetChannels, columnStride: plan.targetChannels,
        rows: min(4 >> shift, height - row), columns: min(4 >> shift, width - column), count: count,
        relu: epilogue.relu)
      let tileProducts = products + tile * BlockSizes.width + v * lanes
      var x = 0
      while x < Points {
        let (y0, y1, y2, y3) = lines.output(
          tileProducts + x * plan.productPointStride, Points * plan.productPointStride)
        store(y0, to: between + x * lanes)
        store(y1, to: between + (Points + x) * lanes)
        store(y2, to: between + (2 * Points + x) * lanes)
        store(y3, to: between + (3 * Points + x) * lanes)
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
      tile += 1
    }
    v += 1
  }
}

/// Where one tile's values of one vector of channels go.
private struct WinogradOutput {
  let values: UnsafeMutablePointer<Float>
  let argmax: UnsafeMutablePointer<UInt8>?
  let rowStride: Int
  let columnStride: Int
  /// Of the tile's pixels, those inside the target.
  let rows: Int
  let columns: Int
  /// Channels inside the target.
  let count: Int
  let relu: Bool

  /// One row of pixels.
  @inline(__always)
  func put(_ y: (Vector, Vector, Vector, Vector), _ row: Int, _ bias: Vector) {
    if row >= rows { return }
    let line = values + row * rowStride
    store(finished(y.0 + bias), to: line, upTo: count)
    if columns > 1 { store(finished(y.1 + bias), to: line + columnStride, upTo: count) }
    if columns > 2 { store(finished(y.2 + bias), to: line + 2 * columnStride, upTo: count) }
    if columns > 3 { store(finished(y.3 + bias), to: line + 3 * columnStride, upTo: count) }
  }

  /// One window. The bias is the same for all four cells, so it comes last.
  @inline(__always)
  func pool(
    _ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector, _ row: Int, _ column: Int, _ bias: Vector
  ) {
    if row >= rows || column >= columns { return }
    let (best, cell) = maximumOfWindow(a + bias, b + bias, c + bias, d + bias)
    let offset = row * rowStride + column * columnStride
    store(finished(best), to: values + offset, upTo: count)
    guard let argmax else { return }
    storeBytes(cell, to: argmax + offset, upTo: count)
  }

  @inline(__always)
  private func finished(_ value: Vector) -> Vector { relu ? rectified(value) : value }
}

/// max(x, 0); NaN stays.
@inline(__always)
func rectified(_ x: Vector) -> Vector {
  let zero = Vector(repeating: 0)
  return x.replacing(with: zero, where: x .< zero)
}

/// The largest of a 2×2 window and its cell: the first of equal ones, the last NaN.
@inline(__always)
func maximumOfWindow(_ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) -> (Vector, IntVector) {
  var (best, cell) = (a, IntVector(repeating: 0))
  let second = (b .> best) .| (b .!= b)
  best = best.replacing(with: b, where: second)
  cell = cell.replacing(with: IntVector(repeating: 1), where: second)
  let third = (c .> best) .| (c .!= c)
  best = best.replacing(with: c, where: third)
  cell = cell.replacing(with: IntVector(repeating: 2), where: third)
  let fourth = (d .> best) .| (d .!= d)
  best = best.replacing(with: d, where: fourth)
  cell = cell.replacing(with: IntVector(repeating: 3), where: fourth)
  return (best, cell)
}
