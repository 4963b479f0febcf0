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

/// The same one vector wide for few tiles, at two points at a time: a point alone would not keep enough
/// sums under way.
enum WinogradPairTile<let Rows: Int> {
  @inline(__always)
  static func run(_ a: WinogradTileArguments) {
    var point = 0
    while point < a.points {
      multiply(
        a, a.source + point * a.sourcePointStep, a.weights + point * a.weightPointStep,
        a.target + point * a.targetPointStep)
      point += 2
    }
  }

  @inline(__always)
  private static func multiply(
    _ a: WinogradTileArguments, _ source: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    var first: InlineArray<Rows, Vector> = zeroSums()
    var second = first
    var rows = InlineArray<Rows, UnsafePointer<Float>>(repeating: source)
    let next = target + a.targetPointStep
    var r = 0
    while r < Rows {
      rows[r] = source + r * a.sourceStep
      if a.accumulate {
        first[r] = load(target + r * lanes)
        second[r] = load(next + r * lanes)
      }
      r += 1
    }
    var weights = weights
    var k = 0
    while k < a.depth {
      let (firstWeight, secondWeight) = (load(weights), load(weights + a.weightPointStep))
      r = 0
      while r < Rows {
        first[r] = multiplyAdd(Vector(repeating: rows[r][k]), firstWeight, first[r])
        second[r] = multiplyAdd(
          Vector(repeating: rows[r][k + a.sourcePointStep]), secondWeight, second[r])
        r += 1
      }
      weights += lanes
      k += 1
    }
    r = 0
    while r < Rows {
      store(first[r], to: target + r * lanes)
      store(second[r], to: next + r * lanes)
      r += 1
    }
  }
}

/// Runs the tile of `rows`, at most ``BlockSizes/winogradRows``, × `vectors`, 1 or ``BlockSizes/vectors``.
func runWinogradTile(rows: Int, vectors: Int, _ a: WinogradTileArguments) {
  if vectors > 1 {
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
  } else if rows < 5 && a.points % 2 == 0 {
    switch rows {
    case 1: WinogradPairTile<1>.run(a)
    case 2: WinogradPairTile<2>.run(a)
    case 3: WinogradPairTile<3>.run(a)
    default: WinogradPairTile<4>.run(a)
    }
  } else {
    switch rows {
    case 1: WinogradTile<1, 1>.run(a)
    case 2: WinogradTile<2, 1>.run(a)
    case 3: WinogradTile<3, 1>.run(a)
    case 4: WinogradTile<4, 1>.run(a)
    case 5: WinogradTile<5, 1>.run(a)
    #if NN_AVX512
      case 6: WinogradTile<6, 1>.run(a)
      case 7: WinogradTile<7, 1>.run(a)
      case 8: WinogradTile<8, 1>.run(a)
      case 9: WinogradTile<9, 1>.run(a)
      default: WinogradTile<10, 1>.run(a)
    #else
      default: WinogradTile<6, 1>.run(a)
    #endif
    }
  }
}
