/// What a tile of a Winograd convolution works on.
struct WinogradTileArguments {
  var points: Int
  /// Source channels to sum over.
  var depth: Int
  /// The source's values, (point, tile, source channel), and the distances of points and tiles.
  var source: UnsafePointer<Float>
  var sourcePointStep: Int
  var sourceStep: Int
  /// (point, source channel, block channel)
  var weights: UnsafePointer<Float>
  var weightPointStep: Int
  /// (point, tile, block channel)
  var target: UnsafeMutablePointer<Float>
  var targetPointStep: Int
  /// Add to what is there.
  var accumulate: Bool
}

/// The micro-kernel of a Winograd convolution: at one point after the other, Rows tiles × (Vectors ·
/// lanes) target channels, kept in registers. See ``GatherTile`` for how Swift keeps them there.
///
/// m[t][o] (+)= Σ_c v[t][c] · u[c][o].
enum WinogradTile<let Rows: Int, let Vectors: Int> {
  @inline(__always)
  static func run(_ a: WinogradTileArguments) {
    var point = 0
    while point < a.points {
      multiply(
        a, a.source + point * a.sourcePointStep, a.weights + point * a.weightPointStep,
        a.target + point * a.targetPointStep)
      point += 1
    }
  }

  @inline(__always)
  private static func multiply(
    _ a: WinogradTileArguments, _ source: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    typealias Group = InlineArray<Vectors, Vector>
    var sums: InlineArray<Rows, Group> = zeroSums()
    var rows = InlineArray<Rows, UnsafePointer<Float>>(repeating: source)
    var (r, v) = (0, 0)
    while r < Rows {
      rows[r] = source + r * a.sourceStep
      if a.accumulate {
        v = 0
        while v < Vectors {
          sums[r][v] = load(target + (r * Vectors + v) * lanes)
          v += 1
        }
      }
      r += 1
    }
    var weights = weights
    var k = 0
    while k < a.depth {
      var weight = Group(repeating: Vector(repeating: 0))
      v = 0
      while v < Vectors {
        weight[v] = load(weights + v * lanes)
        v += 1
      }
      r = 0
      while r < Rows {
        let value = Vector(repeating: rows[r][k])
        v = 0
        while v < Vectors {
          sums[r][v] = multiplyAdd(value, weight[v], sums[r][v])
          v += 1
        }
        r += 1
      }
      weights += Vectors * lanes
      k += 1
    }
    r = 0
    while r < Rows {
      v = 0
      while v < Vectors {
        store(sums[r][v], to: target + (r * Vectors + v) * lanes)
        v += 1
      }
      r += 1
    }
  }
}

/// Runs the tile of `rows`, at most ``BlockSizes/winogradRows``, × ``BlockSizes/vectors``.
func runWinogradTile(rows: Int, _ a: WinogradTileArguments) {
  switch rows {
  case 1: WinogradTile<1, 2>.run(a)
  case 2: WinogradTile<2, 2>.run(a)
  case 3: WinogradTile<3, 2>.run(a)
  case 4: WinogradTile<4, 2>.run(a)
  case 5: WinogradTile<5, 2>.run(a)
  #if NN_AVX512
    case 6: WinogradTile<6, 2>.run(a)
    case 7: WinogradTile<7, 2>.run(a)
    case 8: WinogradTile<8, 2>.run(a)
    case 9: WinogradTile<9, 2>.run(a)
    default: WinogradTile<10, 2>.run(a)
  #else
    default: WinogradTile<6, 2>.run(a)
  #endif
  }
}
