/// What a weight gradient tile works on.
struct WeightGradientTileArguments {
  var input: UnsafePointer<Float>
  var outputGradient: UnsafePointer<Float>
  /// The pixels: `planes` × `rows` × `columns`, with their distances in the two operands.
  var planes: Int
  var rows: Int
  var columns: Int
  var inputPlaneStep: Int
  var inputRowStep: Int
  var inputColumnStep: Int
  var gradientPlaneStep: Int
  var gradientRowStep: Int
  var gradientColumnStep: Int
  /// The weight gradient of the tile's first row and column, and the distance of its rows.
  var target: UnsafeMutablePointer<Float>
  var targetRowStep: Int
  /// Columns of the tile that exist; the others are not stored.
  var width: Int
  /// Add to what is there.
  var accumulate: Bool

  /// Joins loops whose steps follow on one another, so that the innermost one is long.
  mutating func joinLoops() {
    if rows == 1 || columns == 1 {
      if columns == 1 {
        columns = rows
        inputColumnStep = inputRowStep
        gradientColumnStep = gradientRowStep
      }
      rows = planes
      inputRowStep = inputPlaneStep
      gradientRowStep = gradientPlaneStep
      planes = 1
      if columns == 1 {
        columns = rows
        inputColumnStep = inputRowStep
        gradientColumnStep = gradientRowStep
        rows = 1
      }
    }
    if inputRowStep == columns * inputColumnStep && gradientRowStep == columns * gradientColumnStep {
      columns *= rows
      rows = 1
    }
  }
}

/// The micro-kernel of the weight gradient: Rows × (Vectors · lanes) sums, kept in registers over all
/// pixels of a region. See ``GatherTile`` for how Swift keeps them there.
///
/// dw[r][k] = Σ_pixel dy[pixel][r] · x[pixel][k]: rows are output channels, columns run along the input
/// channels of a row of taps, so that the sums land where the weights lie.
enum WeightGradientTile<let Rows: Int, let Vectors: Int> {
  @inline(__always)
  static func run(_ a: WeightGradientTileArguments) {
    typealias Group = InlineArray<Vectors, Vector>
    var sums: InlineArray<Rows, Group> = zeroSums()
    var r = 0
    var v = 0
    var plane = 0
    while plane < a.planes {
      var row = 0
      while row < a.rows {
        var input = a.input + plane * a.inputPlaneStep + row * a.inputRowStep
        var gradient =
          a.outputGradient + plane * a.gradientPlaneStep + row * a.gradientRowStep
        var column = 0
        while column < a.columns {
          var x = Group(repeating: Vector(repeating: 0))
          v = 0
          while v < Vectors {
            x[v] = load(input + v * lanes)
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
          input += a.inputColumnStep
          gradient += a.gradientColumnStep
          column += 1
        }
        row += 1
      }
      plane += 1
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

/// Runs the tile of `rows` × `vectors`, at most ``BlockSizes/gradientRows`` × ``BlockSizes/vectors``.
func runWeightGradientTile(rows: Int, vectors: Int, _ a: WeightGradientTileArguments) {
  if vectors == 1 {
    switch rows {
    case 1: WeightGradientTile<1, 1>.run(a)
    case 2: WeightGradientTile<2, 1>.run(a)
    case 3: WeightGradientTile<3, 1>.run(a)
    case 4: WeightGradientTile<4, 1>.run(a)
    case 5: WeightGradientTile<5, 1>.run(a)
    #if NN_AVX512
      case 6: WeightGradientTile<6, 1>.run(a)
      case 7: WeightGradientTile<7, 1>.run(a)
      case 8: WeightGradientTile<8, 1>.run(a)
      case 9: WeightGradientTile<9, 1>.run(a)
      case 10: WeightGradientTile<10, 1>.run(a)
      case 11: WeightGradientTile<11, 1>.run(a)
      default: WeightGradientTile<12, 1>.run(a)
    #else
      default: WeightGradientTile<6, 1>.run(a)
    #endif
    }
  } else {
    switch rows {
    case 1: WeightGradientTile<1, 2>.run(a)
    case 2: WeightGradientTile<2, 2>.run(a)
    case 3: WeightGradientTile<3, 2>.run(a)
    case 4: WeightGradientTile<4, 2>.run(a)
    case 5: WeightGradientTile<5, 2>.run(a)
    #if NN_AVX512
      case 6: WeightGradientTile<6, 2>.run(a)
      case 7: WeightGradientTile<7, 2>.run(a)
      case 8: WeightGradientTile<8, 2>.run(a)
      case 9: WeightGradientTile<9, 2>.run(a)
      case 10: WeightGradientTile<10, 2>.run(a)
      case 11: WeightGradientTile<11, 2>.run(a)
      default: WeightGradientTile<12, 2>.run(a)
    #else
      default: WeightGradientTile<6, 2>.run(a)
    #endif
    }
  }
}
