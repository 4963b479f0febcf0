/// What a tile of a Winograd weight gradient works on.
struct WinogradGradientTileArguments {
  var points: Int
  /// At least one.
  var tiles: Int
  /// The output gradient's values, (point, tile, output channel), and the distances of points and tiles.
  var gradient: UnsafePointer<Float>
  var gradientPointStep: Int
  var gradientStep: Int
  /// The same of the source's values, (point, tile, input channel).
  var source: UnsafePointer<Float>
  var sourcePointStep: Int
  var sourceStep: Int
  /// (point, output channel, input channel), and the distances of points and output channels.
  var target: UnsafeMutablePointer<Float>
  var targetPointStep: Int
  var targetStep: Int
  /// Add to what is there.
  var accumulate: Bool
}

/// The micro-kernel of a Winograd weight gradient: at one point after the other, Rows output channels ×
/// (Vectors · lanes) input channels, kept in registers over all tiles of a region. See ``GatherTile`` for
/// how Swift keeps them there.
///
/// m[o][c] (+)= Σ_t w[t][o] · v[t][c].
enum WinogradGradientTile<let Rows: Int, let Vectors: Int> {
  @inline(__always)
  static func run(_ a: WinogradGradientTileArguments) {
    var point = 0
    while point < a.points {
      multiply(
        a, a.gradient + point * a.gradientPointStep, a.source + point * a.sourcePointStep,
        a.target + point * a.targetPointStep)
      point += 1
    }
  }

  private typealias Group = InlineArray<Vectors, Vector>
  private typealias Sums = InlineArray<Rows, Group>

  @inline(__always)
  private static func multiply(
    _ a: WinogradGradientTileArguments, _ gradient: UnsafePointer<Float>,
    _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
  ) {
    var sums: Sums = zeroSums()
    var (r, v) = (0, 0)
    var tile = 0
    if a.accumulate {
      while r < Rows {
        v = 0
        while v < Vectors {
          sums[r][v] = load(target + r * a.targetStep + v * lanes)
          v += 1
        }
        r += 1
      }
    } else {
      // There may be few tiles: the first one's products are the first sums, without zeros to add them to.
      addTile(gradient, source, to: &sums, isFirst: true)
      tile = 1
    }
    var (gradient, source) = (gradient + tile * a.gradientStep, source + tile * a.sourceStep)
    while tile < a.tiles {
      addTile(gradient, source, to: &sums, isFirst: false)
      gradient += a.gradientStep
      source += a.sourceStep
      tile += 1
    }
    r = 0
    while r < Rows {
      v = 0
      while v < Vectors {
        store(sums[r][v], to: target + r * a.targetStep + v * lanes)
        v += 1
      }
      r += 1
    }
  }

  /// One tile's products, in the place of the sums where it is the first.
  @inline(__always)
  private static func addTile(
    _ gradient: UnsafePointer<Float>, _ source: UnsafePointer<Float>, to sums: inout Sums, isFirst: Bool
  ) {
    var x = Group(repeating: Vector(repeating: 0))
    var v = 0
    while v < Vectors {
      x[v] = load(source + v * lanes)
      v += 1
    }
    var r = 0
    while r < Rows {
      let dy = Vector(repeating: gradient[r])
      v = 0
      while v < Vectors {
        sums[r][v] = isFirst ? dy * x[v] : multiplyAdd(dy, x[v], sums[r][v])
        v += 1
      }
      r += 1
    }
  }
}

/// The tiles of a width, by their rows.
private enum WinogradGradientTiles<let Vectors: Int> {
  @inline(__always)
  static func run(rows: Int, _ a: WinogradGradientTileArguments) {
    switch rows {
    case 1: WinogradGradientTile<1, Vectors>.run(a)
    case 2: WinogradGradientTile<2, Vectors>.run(a)
    case 3: WinogradGradientTile<3, Vectors>.run(a)
    case 4: WinogradGradientTile<4, Vectors>.run(a)
    case 5: WinogradGradientTile<5, Vectors>.run(a)
    #if NN_AVX512
      case 6: WinogradGradientTile<6, Vectors>.run(a)
      case 7: WinogradGradientTile<7, Vectors>.run(a)
      case 8: WinogradGradientTile<8, Vectors>.run(a)
      case 9: WinogradGradientTile<9, Vectors>.run(a)
      default: WinogradGradientTile<10, Vectors>.run(a)
    #else
      default: WinogradGradientTile<6, Vectors>.run(a)
    #endif
    }
  }
}

/// Runs the tile of `rows`, at most ``BlockSizes/winogradRows``, × `vectors`, 1 or 2.
func runWinogradGradientTile(rows: Int, vectors: Int, _ a: WinogradGradientTileArguments) {
  if vectors == 1 {
    WinogradGradientTiles<1>.run(rows: rows, a)
  } else {
    WinogradGradientTiles<2>.run(rows: rows, a)
  }
}
