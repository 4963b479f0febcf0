/// What a tile of a shallow Winograd convolution works on.
struct WinogradShallowArguments {
  /// (tile, point column, point row, source channel)
  var values: UnsafePointer<Float>
  /// (point column, point row, source channel, lane), of one vector of target channels
  var weights: UnsafePointer<Float>
  /// (tile, pixel row, point column, lane)
  var between: UnsafeMutablePointer<Float>
  var bias: Vector
  /// Sums below this become this: 0 for a ReLU, -∞ for none. NaN stays.
  var floor: Float
  /// A 2×2 max pooling follows.
  var pooling: Bool
}

/// Where a whole tile's values of one vector of channels go.
struct WinogradShallowTarget {
  var values: UnsafeMutablePointer<Float>
  /// Of a pooling, where it is wanted.
  var argmax: UnsafeMutablePointer<UInt8>?
  var rowStride: Int
  var columnStride: Int
}

/// The micro-kernel of a Winograd convolution of few source channels: y = Aᵀ · (Σ_c v[c] ⊙ u[c]) · A for
/// Tiles tiles and one vector of target channels, whose products at the points are never stored. See
/// ``GatherTile`` for how Swift keeps them in registers.
///
/// All distances are known numbers, so that addresses are constants of the instructions.
enum WinogradShallowTile<let Points: Int, let Channels: Int, let Tiles: Int> {
  typealias Group = InlineArray<Tiles, Vector>

  /// Floats from one column of points of a tile to the next.
  @inline(__always) static var columnStride: Int { (Points * Channels + lanes - 1) / lanes * lanes }

  @inline(__always)
  static func run(_ a: WinogradShallowArguments, _ targets: InlineArray<Tiles, WinogradShallowTarget>) {
    let lines = WinogradLines<Points>.self
    var (values, weights, between) = (a.values, a.weights, a.between)
    var column = 0
    while column < Points {
      var y = (products(values, weights, 0), products(values, weights, Points - 1))
      var (y1, y2) = (y.0, y.0)
      addPair(lines, 1, values, weights, &y.0, &y1, &y2, &y.1)
      addPair(lines, 2, values, weights, &y.0, &y1, &y2, &y.1)
      if Points == 8 { addPair(lines, 3, values, weights, &y.0, &y1, &y2, &y.1) }
      var t = 0
      while t < Tiles {
        let rows = between + t * 4 * Points * lanes
        store(y.0[t], to: rows)
        store(y1[t], to: rows + Points * lanes)
        store(y2[t], to: rows + 2 * Points * lanes)
        store(y.1[t], to: rows + 3 * Points * lanes)
        t += 1
      }
      values += columnStride
      weights += Points * Channels * lanes
      between += lanes
      column += 1
    }
    var t = 0
    while t < Tiles {
      finish(a, a.between + t * 4 * Points * lanes, targets[t])
      t += 1
    }
  }

  /// Σ_c v[c] · u[c][o] at one point of all tiles.
  @inline(__always)
  private static func products(
    _ values: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ row: Int
  ) -> Group {
    var sums = Group(repeating: Vector(repeating: 0))
    var channel = 0
    while channel < Channels {
      let weight = load(weights + (row * Channels + channel) * lanes)
      var t = 0
      while t < Tiles {
        let value = Vector(repeating: values[t * Points * columnStride + row * Channels + channel])
        sums[t] = channel == 0 ? value * weight : multiplyAdd(value, weight, sums[t])
        t += 1
      }
      channel += 1
    }
    return sums
  }

  /// Adds what the points ±p of a pair give.
  @inline(__always)
  private static func addPair(
    _ lines: WinogradLines<Points>.Type, _ pair: Int, _ values: UnsafePointer<Float>,
    _ weights: UnsafePointer<Float>, _ y0: inout Group, _ y1: inout Group, _ y2: inout Group,
    _ y3: inout Group
  ) {
    let plus = products(values, weights, 2 * pair - 1)
    let minus = products(values, weights, 2 * pair)
    var t = 0
    while t < Tiles {
      lines.addOutput(pair: pair, plus[t], minus[t], to: &y0[t], &y1[t], &y2[t], &y3[t])
      t += 1
    }
  }

  /// The second pass, along the rows, and the epilogue.
  @inline(__always)
  private static func finish(
    _ a: WinogradShallowArguments, _ between: UnsafePointer<Float>, _ target: WinogradShallowTarget
  ) {
    let lines = WinogradLines<Points>.self
    let floor = Vector(repeating: a.floor)
    @inline(__always) func floored(_ x: Vector) -> Vector { x.replacing(with: floor, where: x .< floor) }
    @inline(__always) func put(_ y: (Vector, Vector, Vector, Vector), _ row: Int) {
      let line = target.values + row * target.rowStride
      store(floored(y.0 + a.bias), to: line)
      store(floored(y.1 + a.bias), to: line + target.columnStride)
      store(floored(y.2 + a.bias), to: line + 2 * target.columnStride)
      store(floored(y.3 + a.bias), to: line + 3 * target.columnStride)
    }
    // The bias is the same for all four cells of a window, so the rest comes last.
    @inline(__always) func pool(
      _ p: Vector, _ q: Vector, _ r: Vector, _ s: Vector, _ row: Int, _ column: Int
    ) {
      let (best, cell) = maximumOfWindow(p + a.bias, q + a.bias, r + a.bias, s + a.bias)
      let offset = row * target.rowStride + column * target.columnStride
      store(floored(best), to: target.values + offset)
      if let argmax = target.argmax { storeBytes(cell, to: argmax + offset, upTo: lanes) }
    }
    var pair = 0
    while pair < 2 {
      let upper = lines.output(between + 2 * pair * Points * lanes, lanes)
      let lower = lines.output(between + (2 * pair + 1) * Points * lanes, lanes)
      if a.pooling {
        pool(upper.0, upper.1, lower.0, lower.1, pair, 0)
        pool(upper.2, upper.3, lower.2, lower.3, pair, 1)
      } else {
        put(upper, 2 * pair)
        put(lower, 2 * pair + 1)
      }
      pair += 1
    }
  }
}
