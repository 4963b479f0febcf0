/// The second pass of a shallow Winograd convolution: whole tiles of one vector of target channels to pixels,
/// y = t · A, with the epilogue.
struct WinogradShallowOutput {
  /// Of the vector's channels.
  var bias: UnsafePointer<Float>
  /// Sums below this become this: 0 for a ReLU, -∞ for none. NaN stays.
  let floor: Float
  /// A 2×2 max pooling follows.
  let pooling: Bool

  /// From `sums`, (pixel row, point column, lane), to the pixels of `target`. In one piece: the compiler does
  /// not always inline what takes this many vectors, and a call would take them through memory.
  @inline(never)
  func write<let Points: Int>(
    _ lines: WinogradLines<Points>.Type, _ sums: UnsafePointer<Float>, to target: WinogradShallowTarget
  ) {
    let (bias, floor) = (load(bias), Vector(repeating: floor))
    let step = target.columnStride
    var pair = 0
    while pair < 2 {
      let (a, b, c, d) = lines.output(sums + 2 * pair * Points * lanes, lanes)
      let (e, f, g, h) = lines.output(sums + (2 * pair + 1) * Points * lanes, lanes)
      if pooling {
        // The cells have the bias before they are compared, as without a pooling.
        let (left, leftCell) = maximumOfWindow(a + bias, b + bias, e + bias, f + bias)
        let (right, rightCell) = maximumOfWindow(c + bias, d + bias, g + bias, h + bias)
        let row = target.values + pair * target.rowStride
        store(atLeast(floor, left), to: row)
        store(atLeast(floor, right), to: row + step)
        if let argmax = target.argmax {
          storeBytes(leftCell, to: argmax + pair * target.rowStride, upTo: lanes)
          storeBytes(rightCell, to: argmax + pair * target.rowStride + step, upTo: lanes)
        }
      } else {
        let upper = target.values + 2 * pair * target.rowStride
        let lower = upper + target.rowStride
        store(atLeast(floor, a + bias), to: upper)
        store(atLeast(floor, b + bias), to: upper + step)
        store(atLeast(floor, c + bias), to: upper + 2 * step)
        store(atLeast(floor, d + bias), to: upper + 3 * step)
        store(atLeast(floor, e + bias), to: lower)
        store(atLeast(floor, f + bias), to: lower + step)
        store(atLeast(floor, g + bias), to: lower + 2 * step)
        store(atLeast(floor, h + bias), to: lower + 3 * step)
      }
      pair += 1
    }
  }
}

/// Where a whole tile's values of one vector of channels go.
struct WinogradShallowTarget {
  let values: UnsafeMutablePointer<Float>
  /// Of a pooling, where it is wanted.
  let argmax: UnsafeMutablePointer<UInt8>?
  let rowStride: Int
  let columnStride: Int
}

/// max(x, floor); NaN stays.
@inline(__always)
private func atLeast(_ floor: Vector, _ x: Vector) -> Vector { select(x .< floor, floor, x) }
