/// What a sparse weight gradient tile works on.
struct SparseGradientTileArguments {
  /// The copied block of the input, at the tile's first row of taps.
  var source: UnsafePointer<Float>
  /// Floats from a row of taps to the next.
  var rowStep: Int
  /// Output channels, and the distances of their lists and of their weights.
  var channels: Int
  var listStride: Int
  var targetStep: Int
  /// The gradients of the first output channel, and where in `source` the first tap of each lies.
  var count: Int
  var values: UnsafePointer<Float>
  var offsets: UnsafePointer<Int32>
  /// Where the sums of the first output channel belong, in whole vectors, and where each of a tile's
  /// vectors, row by row, lies from there.
  var target: UnsafeMutablePointer<Float>
  var targetOffsets: UnsafePointer<Int32>
  /// Add to what is there.
  var accumulate: Bool
}

/// The micro-kernel of the sparse weight gradient: for each output channel the sums of Rows ×
/// (Vectors · lanes) weights, kept in registers over all gradients. See ``GatherTile`` for how Swift keeps them
/// there.
///
/// dw[r][k] = Σ_i values[i] · source[offsets[i] + r · rowStep + k]. Each multiply-add loads its own
/// vector, so the loads are the limit. `Chains` sets of sums hide the latency of small tiles.
private enum SparseGradientTile<let Chains: Int, let Rows: Int, let Vectors: Int> {
  typealias Sums = InlineArray<Rows, InlineArray<Vectors, Vector>>

  /// All channels, one after the other.
  @inline(__always)
  static func run(_ shared: SparseGradientTileArguments) {
    var a = shared
    var channel = 0
    while channel < shared.channels {
      runChannel(a)
      a.values += a.listStride
      a.offsets += a.listStride
      a.target += a.targetStep
      channel += 1
    }
  }

  @inline(__always)
  private static func runChannel(_ a: SparseGradientTileArguments) {
    var sums: InlineArray<Chains, Sums> = zeroSums()
    var c = 0
    var r = 0
    var v = 0
    var index = 0
    while index + Chains <= a.count {
      c = 0
      while c < Chains {
        let value = Vector(repeating: a.values[index + c])
        let x = a.source + Int(a.offsets[index + c])
        r = 0
        while r < Rows {
          v = 0
          while v < Vectors {
            sums[c][r][v] = multiplyAdd(value, load(x + r * a.rowStep + v * lanes), sums[c][r][v])
            v += 1
          }
          r += 1
        }
        c += 1
      }
      index += Chains
    }
    while index < a.count {
      let value = Vector(repeating: a.values[index])
      let x = a.source + Int(a.offsets[index])
      r = 0
      while r < Rows {
        v = 0
        while v < Vectors {
          sums[0][r][v] = multiplyAdd(value, load(x + r * a.rowStep + v * lanes), sums[0][r][v])
          v += 1
        }
        r += 1
      }
      index += 1
    }
    c = 1
    while c < Chains {
      r = 0
      while r < Rows {
        v = 0
        while v < Vectors {
          sums[0][r][v] += sums[c][r][v]
          v += 1
        }
        r += 1
      }
      c += 1
    }

    // Row by row: a loop over all is one that the compiler may leave, and then the sums are in memory.
    finish(sums[0][0], row: 0, a)
    if Rows > 1 { finish(sums[0][1], row: 1, a) }
    if Rows > 2 { finish(sums[0][2], row: 2, a) }
    if Rows > 3 { finish(sums[0][3], row: 3, a) }
    if Rows > 4 { finish(sums[0][4], row: 4, a) }
  }

  @inline(__always)
  private static func finish(_ sums: InlineArray<Vectors, Vector>, row: Int, _ a: SparseGradientTileArguments)
  {
    let offsets = a.targetOffsets + row * Vectors
    var v = 0
    while v < Vectors {
      let target = a.target + Int(offsets[v])
      store(a.accumulate ? load(target) + sums[v] : sums[v], to: target)
      v += 1
    }
  }
}

/// The tiles of a width, by their rows.
private enum SparseGradientTiles<let Vectors: Int> {
  @inline(__always)
  static func run(rows: Int, _ a: SparseGradientTileArguments) {
    switch rows {
    case 1: SparseGradientChains<1, Vectors>.run(a)
    case 2: SparseGradientChains<2, Vectors>.run(a)
    case 3: SparseGradientChains<3, Vectors>.run(a)
    case 4: SparseGradientChains<4, Vectors>.run(a)
    default: SparseGradientChains<5, Vectors>.run(a)
    }
  }
}

/// A tile with as many chains as fit the registers; nothing where not even one does, which no plan
/// asks for.
private enum SparseGradientChains<let Rows: Int, let Vectors: Int> {
  @inline(__always)
  static func run(_ a: SparseGradientTileArguments) {
    if 2 * Rows * Vectors <= SparseBlockSizes.accumulators {
      SparseGradientTile<2, Rows, Vectors>.run(a)
    } else if Rows * Vectors <= SparseBlockSizes.accumulators {
      SparseGradientTile<1, Rows, Vectors>.run(a)
    }
  }
}

/// Runs the tile of `rows` × `vectors`, within ``SparseBlockSizes``.
func runSparseGradientTile(rows: Int, vectors: Int, _ a: SparseGradientTileArguments) {
  switch vectors {
  case 1: SparseGradientTiles<1>.run(rows: rows, a)
  case 2: SparseGradientTiles<2>.run(rows: rows, a)
  case 3: SparseGradientTiles<3>.run(rows: rows, a)
  case 4: SparseGradientTiles<4>.run(rows: rows, a)
  case 5: SparseGradientTiles<5>.run(rows: rows, a)
  case 6: SparseGradientTiles<6>.run(rows: rows, a)
  case 7: SparseGradientTiles<7>.run(rows: rows, a)
  case 8: SparseGradientTiles<8>.run(rows: rows, a)
  default: SparseGradientTiles<9>.run(rows: rows, a)
  }
}
