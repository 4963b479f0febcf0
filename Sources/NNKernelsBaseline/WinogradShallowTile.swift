/// The micro-kernel of a Winograd convolution of few source channels, the sums over them and the first pass
/// back: t = Aᵀ · Σ_c v[c] ⊙ u[c] for Tiles tiles and one vector of target channels. The products at the points
/// are never stored. See ``GatherTile`` for how Swift keeps them in registers.
///
/// All distances are known numbers, so that addresses are constants of the instructions.
enum WinogradShallowTile<let Points: Int, let Channels: Int, let Tiles: Int> {
  typealias Group = InlineArray<Tiles, Vector>

  /// Floats of a column of points of a tile in ``run(_:weights:to:)``'s values, (point row, source channel),
  /// and of its sums, (pixel row, point column, lane).
  @inline(__always) static var columnStride: Int { (Points * Channels + lanes - 1) / lanes * lanes }
  @inline(__always) static var sumStride: Int { 4 * Points * lanes }

  /// From `values`, (tile, point column, point row, source channel), and `weights`, (point column, point row,
  /// source channel, lane), to `sums`, (tile, pixel row, point column, lane).
  @inline(__always)
  static func run(
    _ values: UnsafePointer<Float>, weights: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>
  ) {
    let lines = WinogradLines<Points>.self
    var (values, weights, sums) = (values, weights, sums)
    var column = 0
    while column < Points {
      var y0 = products(values, weights, 0)
      var (y1, y2, y3) = (y0, y0, y0)
      let last = products(values, weights, Points - 1)
      addPair(lines, 1, values, weights, last, &y0, &y1, &y2, &y3)
      addPair(lines, 2, values, weights, last, &y0, &y1, &y2, &y3)
      if Points == 8 { addPair(lines, 3, values, weights, last, &y0, &y1, &y2, &y3) }
      var t = 0
      while t < Tiles {
        let rows = sums + t * sumStride
        store(y0[t], to: rows)
        store(y1[t], to: rows + Points * lanes)
        store(y2[t], to: rows + 2 * Points * lanes)
        store(y3[t], to: rows + 3 * Points * lanes)
        t += 1
      }
      values += columnStride
      weights += Points * Channels * lanes
      sums += lanes
      column += 1
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
    _ weights: UnsafePointer<Float>, _ last: Group, _ y0: inout Group, _ y1: inout Group,
    _ y2: inout Group, _ y3: inout Group
  ) {
    let plus = products(values, weights, 2 * pair - 1)
    let minus = products(values, weights, 2 * pair)
    var t = 0
    while t < Tiles {
      lines.addOutput(pair: pair, plus[t], minus[t], last[t], to: &y0[t], &y1[t], &y2[t], &y3[t])
      t += 1
    }
  }
}
