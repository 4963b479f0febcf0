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
