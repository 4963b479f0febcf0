import NNKernelInterface

// From sums at the Winograd points back to pixels.

/// Where sums go, and what is done to them on the way.
struct BlockOutput {
  let epilogue: ConvolutionEpilogue
  let bias: UnsafePointer<Float>?
  let target: UnsafeMutablePointer<Float>
  let argmax: UnsafeMutablePointer<UInt8>?
}

/// y = Aᵀ · m · A for the tiles of a region and the channels of a block, with the epilogue.
@inline(__always)
func writeBlock<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ products: WinogradProducts,
  _ block: Int, _ place: BlockOutput, _ between: UnsafeMutablePointer<Float>
) {
  // Known numbers, so that addresses take few registers.
  if products.plan.width == lanes {
    writeBlock(lines, products, block, width: lanes, place, between)
  } else {
    writeBlock(lines, products, block, width: BlockSizes.width, place, between)
  }
}

@inline(__always)
private func writeBlock<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ products: WinogradProducts,
  _ block: Int, width blockWidth: Int, _ place: BlockOutput, _ between: UnsafeMutablePointer<Float>
) {
  let (plan, region) = (products.plan, products.region)
  let (epilogue, target) = (place.epilogue, place.target)
  let shift = epilogue.pooling ? 1 : 0
  let (vertical, horizontal) = (plan.vertical, plan.horizontal)
  let (height, width) = (vertical.targetSize >> shift, horizontal.targetSize >> shift)
  let (phase, firstChannel) = plan.place(ofBlock: block)
  let (phaseHeight, phaseWidth) = (
    vertical.targets(ofPhase: phase.row) >> shift, horizontal.targets(ofPhase: phase.column) >> shift
  )
  let vectors = min(blockWidth / lanes, pieces(plan.targetChannels - firstChannel, lanes))
  var tile = 0
  while tile < region.tiles {
    let (image, inImage) = (tile / region.tilesPerImage, tile % region.tilesPerImage)
    let row = (region.firstTileRow + inImage / region.tileColumns) * (4 >> shift)
    let column = inImage % region.tileColumns * (4 >> shift)
    let (rows, columns) = (min(4 >> shift, phaseHeight - row), min(4 >> shift, phaseWidth - column))
    // A phase may have fewer tiles than another.
    if rows <= 0 || columns <= 0 {
      tile += 1
      continue
    }
    let pixel =
      ((region.firstImage + image) * height + row * vertical.targetStep + phase.row) * width
      + column * horizontal.targetStep + phase.column
    var v = 0
    while v < vectors {
      let channel = firstChannel + v * lanes
      let count = min(lanes, plan.targetChannels - channel)
      let offset = place.bias.map { load($0 + channel, upTo: count) } ?? Vector(repeating: 0)
      let output = WinogradOutput(
        values: target + pixel * plan.targetChannels + channel,
        argmax: place.argmax.map { $0 + pixel * plan.targetChannels + channel },
        rowStride: vertical.targetStep * width * plan.targetChannels,
        columnStride: horizontal.targetStep * plan.targetChannels,
        rows: rows, columns: columns, count: count, relu: epilogue.relu)
      var x = 0
      while x < Points {
        let y = lines.output(
          products.sums + x * plan.productPointStride + tile * blockWidth + v * lanes,
          Points * plan.productPointStride)
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

/// Where one tile's values of one vector of channels go.
struct WinogradOutput {
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
  return select(x .< zero, zero, x)
}

/// The largest of a 2×2 window and its cell: the first of equal ones, the last NaN.
@inline(__always)
func maximumOfWindow(_ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) -> (Vector, IntVector) {
  let second = (b .> a) .| (b .!= b)
  var best = select(second, b, a)
  var cell = select(second, IntVector(repeating: 1), IntVector(repeating: 0))
  let third = (c .> best) .| (c .!= c)
  best = select(third, c, best)
  cell = select(third, IntVector(repeating: 2), cell)
  let fourth = (d .> best) .| (d .!= d)
  best = select(fourth, d, best)
  cell = select(fourth, IntVector(repeating: 3), cell)
  return (best, cell)
}
