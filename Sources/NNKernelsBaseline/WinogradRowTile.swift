#if NN_AVX512
  /// What a row tile works on.
  struct WinogradRowTileArguments {
    /// The first tap for the first source channel and the vector of target channels.
    var taps: UnsafePointer<Float>
    var tapStride: Int
    var sourceStride: Int
    /// Source channels to sum over.
    var depth: Int
    /// The source's values at the row's points, (source channel, point, tile), with the weights' scales.
    var values: UnsafePointer<Float>
    /// (point, tile, block channel), from the row's first point on.
    var sums: UnsafeMutablePointer<Float>
    var pointStep: Int
    var tileStep: Int
    /// Add to what is there.
    var accumulate: Bool
  }

  /// The micro-kernel of a 3×3 convolution of at most four tiles: one row of six points × Tiles tiles × one
  /// vector of target channels. The weights of a source channel are brought to the row's points in registers
  /// and used there, where few tiles would not repay their way to the cache and back; without their scales,
  /// which leaves fewer multiplications.
  ///
  /// m[x][t][o] (+)= Σ_c v[c][x][t] · (G · g[c][o] · Gᵀ)[row][x], the row that of the pair's first or second
  /// point.
  enum WinogradRowTile<let Tiles: Int, let Pair: Int, let Second: Int> {
    @inline(__always)
    static func run(_ a: WinogradRowTileArguments, _ ahead: inout RowsAhead) {
      typealias Lines = WinogradLines<6>
      typealias Group = InlineArray<Tiles, Vector>
      var sums: InlineArray<6, Group> = zeroSums()
      var (x, t) = (0, 0)
      if a.accumulate {
        while x < 6 {
          t = 0
          while t < Tiles {
            sums[x][t] = load(a.sums + x * a.pointStep + t * a.tileStep)
            t += 1
          }
          x += 1
        }
      }
      var (taps, values) = (a.taps, a.values)
      var c = 0
      while c < a.depth {
        if Pair == 1 || Pair + Second == 0 { ahead.fetch() }
        var columns = InlineArray<3, Vector>(repeating: Vector(repeating: 0))
        var column = 0
        while column < 3 {
          let pair = Lines.unscaledWeightPair(Pair) { load(taps + ($0 * 3 + column) * a.tapStride) }
          columns[column] = Second == 0 ? pair.0 : pair.1
          column += 1
        }
        // Not a loop: it would be unrolled too late for the sums to stay in registers.
        addProducts(PointPair<0>.self, columns, values, to: &sums)
        addProducts(PointPair<1>.self, columns, values, to: &sums)
        addProducts(PointPair<2>.self, columns, values, to: &sums)
        taps += a.sourceStride
        values += 6 * Tiles
        c += 1
      }
      x = 0
      while x < 6 {
        t = 0
        while t < Tiles {
          store(sums[x][t], to: a.sums + x * a.pointStep + t * a.tileStep)
          t += 1
        }
        x += 1
      }
    }
  }

  extension WinogradRowTile {
    /// A pair of points that is known beforehand.
    private enum PointPair<let Index: Int> {}

    /// The products at two points of the row.
    @inline(__always)
    private static func addProducts<let Index: Int>(
      _ pair: PointPair<Index>.Type, _ columns: InlineArray<3, Vector>, _ values: UnsafePointer<Float>,
      to sums: inout InlineArray<6, InlineArray<Tiles, Vector>>
    ) {
      let (first, second) = WinogradLines<6>.rows(ofPair: Index)
      let weights = WinogradLines<6>.unscaledWeightPair(Index) { columns[$0] }
      var t = 0
      while t < Tiles {
        sums[first][t] = multiplyAdd(
          Vector(repeating: values[first * Tiles + t]), weights.0, sums[first][t])
        sums[second][t] = multiplyAdd(
          Vector(repeating: values[second * Tiles + t]), weights.1, sums[second][t])
        t += 1
      }
    }
  }

  /// Runs the tile of `row`, 0 ..< 6, and `tiles`, 1 ... 4.
  func runWinogradRowTile(row: Int, tiles: Int, _ a: WinogradRowTileArguments, _ ahead: inout RowsAhead) {
    switch tiles {
    case 1: runRow(WinogradTiles<1>.self, row, a, &ahead)
    case 2: runRow(WinogradTiles<2>.self, row, a, &ahead)
    case 3: runRow(WinogradTiles<3>.self, row, a, &ahead)
    default: runRow(WinogradTiles<4>.self, row, a, &ahead)
    }
  }

  /// A number of tiles that is known beforehand.
  private enum WinogradTiles<let Count: Int> {}

  @inline(__always)
  private func runRow<let Count: Int>(
    _ tiles: WinogradTiles<Count>.Type, _ row: Int, _ a: WinogradRowTileArguments,
    _ ahead: inout RowsAhead
  ) {
    switch row {
    case 0: WinogradRowTile<Count, 0, 0>.run(a, &ahead)
    case 1: WinogradRowTile<Count, 1, 0>.run(a, &ahead)
    case 2: WinogradRowTile<Count, 1, 1>.run(a, &ahead)
    case 3: WinogradRowTile<Count, 2, 0>.run(a, &ahead)
    case 4: WinogradRowTile<Count, 2, 1>.run(a, &ahead)
    default: WinogradRowTile<Count, 0, 1>.run(a, &ahead)
    }
  }
#endif
