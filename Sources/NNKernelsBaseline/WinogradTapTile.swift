#if NN_AVX512
  /// What a tap tile works on.
  struct WinogradTapTileArguments {
    /// The source's values at the points, (point, tile, source channel), and the distances of points and tiles.
    var source: UnsafePointer<Float>
    var sourcePointStep: Int
    var sourceStep: Int
    /// The output gradient's, (point, tile, output channel).
    var gradient: UnsafePointer<Float>
    var gradientPointStep: Int
    var gradientStep: Int
    /// (output channel, tap row, point column, lane)
    var target: UnsafeMutablePointer<Float>
  }

  /// The micro-kernel of the weight gradient of a 3×3 kernel with at most four tiles: the sums over the tiles and
  /// the first pass back to the taps, of Outputs output channels and one vector of input channels. With so few
  /// tiles the products' way to the cache and back would take as long as they do.
  ///
  /// t[o] = Aᵀ · Σ_n w[n][o] ⊙ v[n].
  enum WinogradTapTile<let Tiles: Int, let Outputs: Int> {
    private typealias Group = InlineArray<Outputs, Vector>

    @inline(__always)
    static func run(_ a: WinogradTapTileArguments) {
      var (a, column) = (a, 0)
      while column < 6 {
        let (zero, infinity) = (products(a, 0), products(a, 5))
        let (plusA, minusA) = (products(a, 1), products(a, 2))
        let (plusB, minusB) = (products(a, 3), products(a, 4))
        var o = 0
        while o < Outputs {
          let taps = WinogradLines<6>.threeTaps(
            zero[o], plusA[o], minusA[o], plusB[o], minusB[o], infinity[o])
          store(taps.0, to: a.target + 18 * o * lanes)
          store(taps.1, to: a.target + (18 * o + 6) * lanes)
          store(taps.2, to: a.target + (18 * o + 12) * lanes)
          o += 1
        }
        a.source += a.sourcePointStep
        a.gradient += a.gradientPointStep
        a.target += lanes
        column += 1
      }
    }

    /// The sums at the point in that row of the column that `a` starts with.
    @inline(__always)
    private static func products(_ a: WinogradTapTileArguments, _ row: Int) -> Group {
      let source = a.source + row * 6 * a.sourcePointStep
      let gradient = a.gradient + row * 6 * a.gradientPointStep
      var sums = Group(repeating: Vector(repeating: 0))
      var tile = 0
      while tile < Tiles {
        let x = load(source + tile * a.sourceStep)
        var o = 0
        while o < Outputs {
          let dy = Vector(repeating: gradient[tile * a.gradientStep + o])
          sums[o] = tile == 0 ? dy * x : multiplyAdd(dy, x, sums[o])
          o += 1
        }
        tile += 1
      }
      return sums
    }
  }

  /// The tiles of a number of output channels, by theirs.
  private enum WinogradTapTiles<let Outputs: Int> {
    @inline(__always)
    static func run(tiles: Int, _ a: WinogradTapTileArguments) {
      switch tiles {
      case 1: WinogradTapTile<1, Outputs>.run(a)
      case 2: WinogradTapTile<2, Outputs>.run(a)
      case 3: WinogradTapTile<3, Outputs>.run(a)
      default: WinogradTapTile<4, Outputs>.run(a)
      }
    }
  }

  /// Runs the tile of `tiles` and `outputs`, 1 ... 4 each.
  func runWinogradTapTile(tiles: Int, outputs: Int, _ a: WinogradTapTileArguments) {
    switch outputs {
    case 1: WinogradTapTiles<1>.run(tiles: tiles, a)
    case 2: WinogradTapTiles<2>.run(tiles: tiles, a)
    case 3: WinogradTapTiles<3>.run(tiles: tiles, a)
    default: WinogradTapTiles<4>.run(tiles: tiles, a)
    }
  }
#endif
