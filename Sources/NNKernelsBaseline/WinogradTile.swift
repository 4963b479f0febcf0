/// The micro-kernel of a Winograd convolution: at one point, Rows tiles × (Vectors · lanes) target
/// channels, kept in registers. See ``GatherTile`` for how Swift keeps them there.
///
/// m[t][o] = Σ_c v[t][c] · u[c][o].
enum WinogradTile<let Rows: Int, let Vectors: Int> {
  @inline(__always)
  static func run(
    _ depth: Int, _ source: UnsafePointer<Float>, _ sourceStep: Int, _ weights: UnsafePointer<Float>,
    _ target: UnsafeMutablePointer<Float>
  ) {
    typealias Group = InlineArray<Vectors, Vector>
    var sums: InlineArray<Rows, Group> = zeroSums()
    var rows = InlineArray<Rows, UnsafePointer<Float>>(repeating: source)
    var (r, v) = (0, 0)
    while r < Rows {
      rows[r] = source + r * sourceStep
      r += 1
    }
    var weights = weights
    var k = 0
    while k < depth {
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
func runWinogradTile(
  rows: Int, depth: Int, source: UnsafePointer<Float>, sourceStep: Int,
  weights: UnsafePointer<Float>, target: UnsafeMutablePointer<Float>
) {
  switch rows {
  case 1: WinogradTile<1, 2>.run(depth, source, sourceStep, weights, target)
  case 2: WinogradTile<2, 2>.run(depth, source, sourceStep, weights, target)
  case 3: WinogradTile<3, 2>.run(depth, source, sourceStep, weights, target)
  case 4: WinogradTile<4, 2>.run(depth, source, sourceStep, weights, target)
  case 5: WinogradTile<5, 2>.run(depth, source, sourceStep, weights, target)
  #if NN_AVX512
    case 6: WinogradTile<6, 2>.run(depth, source, sourceStep, weights, target)
    case 7: WinogradTile<7, 2>.run(depth, source, sourceStep, weights, target)
    case 8: WinogradTile<8, 2>.run(depth, source, sourceStep, weights, target)
    case 9: WinogradTile<9, 2>.run(depth, source, sourceStep, weights, target)
    default: WinogradTile<10, 2>.run(depth, source, sourceStep, weights, target)
  #else
    default: WinogradTile<6, 2>.run(depth, source, sourceStep, weights, target)
  #endif
  }
}

/// The micro-kernel of a Winograd weight gradient: at one point, Rows output channels × (Vectors ·
/// lanes) input channels, kept in registers over all tiles of a region.
///
/// m[o][c] (+)= Σ_t w[t][o] · v[t][c].
enum WinogradGradientTile<let Rows: Int, let Vectors: Int> {
  @inline(__always)
  static func run(
    _ tiles: Int, _ gradient: UnsafePointer<Float>, _ gradientStep: Int,
    _ source: UnsafePointer<Float>, _ sourceStep: Int, _ target: UnsafeMutablePointer<Float>,
    _ targetStep: Int, _ accumulate: Bool
  ) {
    typealias Group = InlineArray<Vectors, Vector>
    var sums: InlineArray<Rows, Group> = zeroSums()
    var (r, v) = (0, 0)
    if accumulate {
      while r < Rows {
        v = 0
        while v < Vectors {
          sums[r][v] = load(target + r * targetStep + v * lanes)
          v += 1
        }
        r += 1
      }
    }
    var (gradient, source) = (gradient, source)
    var tile = 0
    while tile < tiles {
      var x = Group(repeating: Vector(repeating: 0))
      v = 0
      while v < Vectors {
        x[v] = load(source + v * lanes)
        v += 1
      }
      r = 0
      while r < Rows {
        let dy = Vector(repeating: gradient[r])
        v = 0
        while v < Vectors {
          sums[r][v] = multiplyAdd(dy, x[v], sums[r][v])
          v += 1
        }
        r += 1
      }
      gradient += gradientStep
      source += sourceStep
      tile += 1
    }
    r = 0
    while r < Rows {
      v = 0
      while v < Vectors {
        store(sums[r][v], to: target + r * targetStep + v * lanes)
        v += 1
      }
      r += 1
    }
  }
}

/// Runs the tile of `rows`, at most ``BlockSizes/winogradRows``, × `vectors`, 1 or 2.
func runWinogradGradientTile(
  rows: Int, vectors: Int, tiles: Int, gradient: UnsafePointer<Float>, gradientStep: Int,
  source: UnsafePointer<Float>, sourceStep: Int, target: UnsafeMutablePointer<Float>,
  targetStep: Int, accumulate: Bool
) {
  if vectors == 1 {
    // A last single vector of channels: rare, so one row at a time.
    var row = 0
    while row < rows {
      WinogradGradientTile<1, 1>.run(
        tiles, gradient + row, gradientStep, source, sourceStep, target + row * targetStep, targetStep,
        accumulate)
      row += 1
    }
    return
  }
  switch rows {
  case 1:
    WinogradGradientTile<1, 2>.run(
      tiles, gradient, gradientStep, source, sourceStep, target, targetStep, accumulate)
  case 2:
    WinogradGradientTile<2, 2>.run(
      tiles, gradient, gradientStep, source, sourceStep, target, targetStep, accumulate)
  case 3:
    WinogradGradientTile<3, 2>.run(
      tiles, gradient, gradientStep, source, sourceStep, target, targetStep, accumulate)
  case 4:
    WinogradGradientTile<4, 2>.run(
      tiles, gradient, gradientStep, source, sourceStep, target, targetStep, accumulate)
  case 5:
    WinogradGradientTile<5, 2>.run(
      tiles, gradient, gradientStep, source, sourceStep, target, targetStep, accumulate)
  #if NN_AVX512
    case 6:
      WinogradGradientTile<6, 2>.run(
        tiles, gradient, gradientStep, source, sourceStep, target, targetStep, accumulate)
    case 7:
      WinogradGradientTile<7, 2>.run(
        tiles, gradient, gradientStep, source, sourceStep, target, targetStep, accumulate)
    case 8:
      WinogradGradientTile<8, 2>.run(
        tiles, gradient, gradientStep, source, sourceStep, target, targetStep, accumulate)
    case 9:
      WinogradGradientTile<9, 2>.run(
        tiles, gradient, gradientStep, source, sourceStep, target, targetStep, accumulate)
    default:
      WinogradGradientTile<10, 2>.run(
        tiles, gradient, gradientStep, source, sourceStep, target, targetStep, accumulate)
  #else
    default:
      WinogradGradientTile<6, 2>.run(
        tiles, gradient, gradientStep, source, sourceStep, target, targetStep, accumulate)
  #endif
  }
}
