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

/// The micro-kernel of a Winograd convolution: at Points points after the other, Rows tiles × (Vectors ·
/// lanes) target channels each, kept in registers. Two points at a time where one alone would not keep
/// enough sums under way. See ``GatherTile`` for how Swift keeps them there.
///
/// m[t][o] (+)= Σ_c v[t][c] · u[c][o].
enum WinogradTile<let Rows: Int, let Vectors: Int, let Points: Int> {
  /// The number of points is a multiple of Points.
  @inline(__always)
  static func run(_ a: WinogradTileArguments) {
    var point = 0
    while point < a.points {
      multiply(
        a, a.source + point * a.sourcePointStep, a.weights + point * a.weightPointStep,
        a.target + point * a.targetPointStep)
      point += Points
    }
  }

  @inline(__always)
  private static func multiply(
    _ a: WinogradTileArguments, _ source: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    typealias Group = InlineArray<Vectors, Vector>
    var sums: InlineArray<Rows, InlineArray<Points, Group>> = zeroSums()
    var rows = InlineArray<Rows, UnsafePointer<Float>>(repeating: source)
    var (r, p, v) = (0, 0, 0)
    while r < Rows {
      rows[r] = source + r * a.sourceStep
      if a.accumulate {
        p = 0
        while p < Points {
          v = 0
          while v < Vectors {
            sums[r][p][v] = load(target + p * a.targetPointStep + (r * Vectors + v) * lanes)
            v += 1
          }
          p += 1
        }
      }
      r += 1
    }
    var weights = weights
    var k = 0
    while k < a.depth {
      var weight = InlineArray<Points, Group>(repeating: Group(repeating: Vector(repeating: 0)))
      p = 0
      while p < Points {
        v = 0
        while v < Vectors {
          weight[p][v] = load(weights + p * a.weightPointStep + v * lanes)
          v += 1
        }
        p += 1
      }
      r = 0
      while r < Rows {
        p = 0
        while p < Points {
          let value = Vector(repeating: rows[r][k + p * a.sourcePointStep])
          v = 0
          while v < Vectors {
            sums[r][p][v] = multiplyAdd(value, weight[p][v], sums[r][p][v])
            v += 1
          }
          p += 1
        }
        r += 1
      }
      weights += Vectors * lanes
      k += 1
    }
    r = 0
    while r < Rows {
      p = 0
      while p < Points {
        v = 0
        while v < Vectors {
          store(sums[r][p][v], to: target + p * a.targetPointStep + (r * Vectors + v) * lanes)
          v += 1
        }
        p += 1
      }
      r += 1
    }
  }
}

/// Runs the tile of `rows`, at most ``BlockSizes/winogradRows``, × `vectors`, 1 or ``BlockSizes/vectors``.
func runWinogradTile(rows: Int, vectors: Int, _ a: WinogradTileArguments) {
  if vectors > 1 {
    switch rows {
    case 1: WinogradTile<1, 2, 1>.run(a)
    case 2: WinogradTile<2, 2, 1>.run(a)
    case 3: WinogradTile<3, 2, 1>.run(a)
    case 4: WinogradTile<4, 2, 1>.run(a)
    case 5: WinogradTile<5, 2, 1>.run(a)
    #if NN_AVX512
      case 6: WinogradTile<6, 2, 1>.run(a)
      case 7: WinogradTile<7, 2, 1>.run(a)
      case 8: WinogradTile<8, 2, 1>.run(a)
      case 9: WinogradTile<9, 2, 1>.run(a)
      default: WinogradTile<10, 2, 1>.run(a)
    #else
      default: WinogradTile<6, 2, 1>.run(a)
    #endif
    }
  } else if rows < 5 && a.points % 2 == 0 {
    switch rows {
    case 1: WinogradTile<1, 1, 2>.run(a)
    case 2: WinogradTile<2, 1, 2>.run(a)
    case 3: WinogradTile<3, 1, 2>.run(a)
    default: WinogradTile<4, 1, 2>.run(a)
    }
  } else {
    switch rows {
    case 1: WinogradTile<1, 1, 1>.run(a)
    case 2: WinogradTile<2, 1, 1>.run(a)
    case 3: WinogradTile<3, 1, 1>.run(a)
    case 4: WinogradTile<4, 1, 1>.run(a)
    case 5: WinogradTile<5, 1, 1>.run(a)
    #if NN_AVX512
      case 6: WinogradTile<6, 1, 1>.run(a)
      case 7: WinogradTile<7, 1, 1>.run(a)
      case 8: WinogradTile<8, 1, 1>.run(a)
      case 9: WinogradTile<9, 1, 1>.run(a)
      default: WinogradTile<10, 1, 1>.run(a)
    #else
      default: WinogradTile<6, 1, 1>.run(a)
    #endif
    }
  }
}
