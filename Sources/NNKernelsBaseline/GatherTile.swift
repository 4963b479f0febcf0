/// What a gathering tile works on.
struct GatherTileArguments {
  var source: UnsafePointer<Float>
  /// The offset in `source` of each of the tile's pixels.
  var sourceOffsets: UnsafePointer<Int32>
  /// The taps: `rows` × `runs` stretches of `runLength` consecutive floats.
  var rows: Int
  var rowStep: Int
  var runs: Int
  var runStep: Int
  var runLength: Int
  /// Packed: for each float of a pixel's stretches, in order, a vector group over target channels.
  var weights: UnsafePointer<Float>
  var bias: UnsafePointer<Float>
  var target: UnsafeMutablePointer<Float>
  /// The offset in `target` of each of the tile's pixels. Whole vectors are stored there.
  var targetOffsets: UnsafePointer<Int32>
}

/// The micro-kernel of the gathering passes: Pixels × (Vectors · lanes) sums, kept in registers.
///
/// target[p][o] = bias[o] + Σ_k source[p][k] · weights[k][o]. One broadcast of a source value feeds
/// `Vectors` multiply-adds.
///
/// An `InlineArray` keeps its elements in registers once every index is a constant, that is when all
/// loops over `Pixels` and `Vectors` are unrolled. The inner loop is then loads, broadcasts and
/// multiply-adds without spills (checked by disassembly, Swift 6.3). One loop with a branch or a lane
/// chosen at run time is enough to lose that, so the tile stores whole vectors and leaves narrow
/// targets to its caller.
enum GatherTile<let Pixels: Int, let Vectors: Int> {
  @inline(__always)
  static func run(_ a: GatherTileArguments) {
    typealias Group = InlineArray<Vectors, Vector>
    var bias = Group(repeating: Vector(repeating: 0))
    var v = 0
    while v < Vectors {
      bias[v] = load(a.bias + v * lanes)
      v += 1
    }
    var sums = InlineArray<Pixels, Group>(repeating: bias)
    var p = 0

    var weights = a.weights
    var row = 0
    while row < a.rows {
      var run = 0
      while run < a.runs {
        let start = a.source + row * a.rowStep + run * a.runStep
        var pixel = InlineArray<Pixels, UnsafePointer<Float>>(repeating: start)
        p = 0
        while p < Pixels {
          pixel[p] = start + Int(a.sourceOffsets[p])
          p += 1
        }
        var k = 0
        while k < a.runLength {
          var weight = Group(repeating: Vector(repeating: 0))
          v = 0
          while v < Vectors {
            weight[v] = load(weights + v * lanes)
            v += 1
          }
          p = 0
          while p < Pixels {
            let value = Vector(repeating: pixel[p][k])
            v = 0
            while v < Vectors {
              sums[p][v] = multiplyAdd(value, weight[v], sums[p][v])
              v += 1
            }
            p += 1
          }
          weights += Vectors * lanes
          k += 1
        }
        run += 1
      }
      row += 1
    }

    p = 0
    while p < Pixels {
      let target = a.target + Int(a.targetOffsets[p])
      v = 0
      while v < Vectors {
        store(sums[p][v], to: target + v * lanes)
        v += 1
      }
      p += 1
    }
  }
}

/// Runs the tile of `pixels` × `vectors`, at most ``BlockSizes/pixels`` × ``BlockSizes/vectors``.
func runGatherTile(pixels: Int, vectors: Int, _ a: GatherTileArguments) {
  if vectors == 1 {
    switch pixels {
    case 1: GatherTile<1, 1>.run(a)
    case 2: GatherTile<2, 1>.run(a)
    case 3: GatherTile<3, 1>.run(a)
    case 4: GatherTile<4, 1>.run(a)
    case 5: GatherTile<5, 1>.run(a)
    #if NN_AVX512
      case 6: GatherTile<6, 1>.run(a)
      case 7: GatherTile<7, 1>.run(a)
      default: GatherTile<8, 1>.run(a)
    #else
      default: GatherTile<6, 1>.run(a)
    #endif
    }
  } else {
    switch pixels {
    case 1: GatherTile<1, 2>.run(a)
    case 2: GatherTile<2, 2>.run(a)
    case 3: GatherTile<3, 2>.run(a)
    case 4: GatherTile<4, 2>.run(a)
    case 5: GatherTile<5, 2>.run(a)
    #if NN_AVX512
      case 6: GatherTile<6, 2>.run(a)
      case 7: GatherTile<7, 2>.run(a)
      default: GatherTile<8, 2>.run(a)
    #else
      default: GatherTile<6, 2>.run(a)
    #endif
    }
  }
}
