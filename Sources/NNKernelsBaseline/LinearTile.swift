#if NN_AVX512
  /// Rows of a matrix product's tile, each with a pointer of its own.
  let productRows = 8
#else
  /// Rows of a matrix product's tile, each with a pointer of its own.
  let productRows = 6
#endif

/// What a tile of a matrix product works on.
struct ProductTileArguments {
  /// Values of the left operand, and the distances of its rows and along the axis that is summed over.
  var left: UnsafePointer<Float>
  var leftRowStep: Int
  var leftStep: Int
  /// Rows of the right operand. Whole vectors are read.
  var right: UnsafePointer<Float>
  var rightStep: Int
  /// The length of the axis that is summed over.
  var depth: Int
  var target: UnsafeMutablePointer<Float>
  var targetRowStep: Int
  /// Columns of the tile that exist; the others are not stored.
  var width: Int
  /// Add to what is there.
  var accumulate: Bool
}

/// The micro-kernel of a linear layer's gradients: Rows × (Vectors · lanes) sums, kept in registers. See
/// ``GatherTile`` for how Swift keeps them there.
///
/// target[r][n] = Σ_k left[r][k] · right[k][n]. One broadcast feeds `Vectors` multiply-adds.
enum ProductTile<let Rows: Int, let Vectors: Int> {
  @inline(__always)
  static func run(_ a: ProductTileArguments) {
    typealias Group = InlineArray<Vectors, Vector>
    var sums: InlineArray<Rows, Group> = zeroSums()
    var r = 0
    var v = 0
    var left = a.left
    var right = a.right
    var k = 0
    while k < a.depth {
      var line = Group(repeating: Vector(repeating: 0))
      v = 0
      while v < Vectors {
        line[v] = load(right + v * lanes)
        v += 1
      }
      r = 0
      while r < Rows {
        let value = Vector(repeating: left[r * a.leftRowStep])
        v = 0
        while v < Vectors {
          sums[r][v] = multiplyAdd(value, line[v], sums[r][v])
          v += 1
        }
        r += 1
      }
      left += a.leftStep
      right += a.rightStep
      k += 1
    }

    r = 0
    while r < Rows {
      v = 0
      while v < Vectors {
        let target = a.target + r * a.targetRowStep + v * lanes
        let rest = a.width - v * lanes
        if rest >= lanes {
          store(a.accumulate ? load(target) + sums[r][v] : sums[r][v], to: target)
        } else if rest > 0 {
          let old = a.accumulate ? load(UnsafePointer(target), count: rest) : Vector(repeating: 0)
          store(old + sums[r][v], to: target, count: rest)
        }
        v += 1
      }
      r += 1
    }
  }
}

/// Runs the tile of `rows`, at most ``productRows``, and of ``BlockSizes/vectors``.
func runProductTile(rows: Int, _ a: ProductTileArguments) {
  switch rows {
  case 1: ProductTile<1, 2>.run(a)
  case 2: ProductTile<2, 2>.run(a)
  case 3: ProductTile<3, 2>.run(a)
  case 4: ProductTile<4, 2>.run(a)
  case 5: ProductTile<5, 2>.run(a)
  #if NN_AVX512
    case 6: ProductTile<6, 2>.run(a)
    case 7: ProductTile<7, 2>.run(a)
    default: ProductTile<8, 2>.run(a)
  #else
    default: ProductTile<6, 2>.run(a)
  #endif
  }
}
