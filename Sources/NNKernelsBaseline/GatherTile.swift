/// What a tile works on.
struct GatherTileArguments {
  var source: UnsafePointer<Float>
  /// The offset in `source` of each of the tile's rows.
  var sourceOffsets: UnsafePointer<Int32>
  /// The terms of a sum, and the offset of each from a row's first one. A table and not loops over taps:
  /// the one long loop is left once, where every loop that ends costs a mispredicted branch.
  var terms: Int
  var termOffsets: UnsafePointer<Int32>
  /// For each term, in order, the vectors that its source values are multiplied with.
  var weights: UnsafePointer<Float>
  /// Where those of each term lie, for a tile with scattered weights.
  var weightOffsets: UnsafePointer<Int32>
  /// What the sums start from: vectors `initialStep` apart for the tile's rows, 0 for the same ones.
  var initial: UnsafePointer<Float>
  var initialStep: Int
  /// Sums below this become this: 0 for a ReLU, -∞ for none. NaN stays.
  var floor: Float
  var target: UnsafeMutablePointer<Float>
  /// The offset in `target` of each of the tile's rows. Whole vectors are stored there.
  var targetOffsets: UnsafePointer<Int32>
}

/// How a tile reads its operands.
enum TileKind {
  /// One source value for all columns; one term's weights behind the other's.
  static let packed = 0
  /// One source value for all columns; weights where `weightOffsets` says.
  static let scattered = 1
  /// A source value a column, as in a convolution with a group a channel; packed weights.
  static let channelwise = 2
}

/// The micro-kernel of all passes: Pixels × (Vectors · lanes) sums, kept in registers.
///
/// target[p][o] = initial[p][o] + Σ_k source[p][k] · weights[k][o]. One broadcast of a source value feeds
/// `Vectors` multiply-adds. In the gathering passes p is a target pixel and k a float of its window; in
/// the weight gradient k is a pixel, p a float of the window and o an output channel, or the other way
/// round.
///
/// An `InlineArray` keeps its elements in registers once every index is a constant, that is when all
/// loops over `Pixels` and `Vectors` are unrolled. The inner loop is then loads, broadcasts and
/// multiply-adds without spills (checked by disassembly, Swift 6.3). One loop with a branch or a lane
/// chosen at run time is enough to lose that, so the tile stores whole vectors and leaves narrow
/// targets to its caller.
enum GatherTile<let Pixels: Int, let Vectors: Int, let Kind: Int> {
  @inline(__always)
  static func run(_ a: GatherTileArguments) {
    typealias Group = InlineArray<Vectors, Vector>
    var sums: InlineArray<Pixels, Group> = zeroSums()
    var offsets = InlineArray<Pixels, Int>(repeating: 0)
    var v = 0
    var p = 0
    while p < Pixels {
      offsets[p] = Int(a.sourceOffsets[p])
      v = 0
      while v < Vectors {
        sums[p][v] = load(a.initial + p * a.initialStep + v * lanes)
        v += 1
      }
      p += 1
    }

    var weights = a.weights
    var k = 0
    while k < a.terms {
      let source = a.source + Int(a.termOffsets[k])
      if Kind == TileKind.scattered { weights = a.weights + Int(a.weightOffsets[k]) }
      var weight = Group(repeating: Vector(repeating: 0))
      v = 0
      while v < Vectors {
        weight[v] = load(weights + v * lanes)
        v += 1
      }
      p = 0
      while p < Pixels {
        var value = Vector(repeating: source[offsets[p]])
        v = 0
        while v < Vectors {
          if Kind == TileKind.channelwise { value = load(source + offsets[p] + v * lanes) }
          sums[p][v] = multiplyAdd(value, weight[v], sums[p][v])
          v += 1
        }
        p += 1
      }
      if Kind != TileKind.scattered { weights += Vectors * lanes }
      k += 1
    }

    let floor = Vector(repeating: a.floor)
    p = 0
    while p < Pixels {
      let target = a.target + Int(a.targetOffsets[p])
      v = 0
      while v < Vectors {
        let sum = sums[p][v]
        store(sum.replacing(with: floor, where: sum .< floor), to: target + v * lanes)
        v += 1
      }
      p += 1
    }
  }
}

/// Runs the tile of `pixels` × `vectors`, at most ``BlockSizes/pixels(vectors:)`` pixels.
func runGatherTile(pixels: Int, vectors: Int, _ a: GatherTileArguments) {
  if vectors == 1 {
    switch pixels {
    case 1: GatherTile<1, 1, 0>.run(a)
    case 2: GatherTile<2, 1, 0>.run(a)
    case 3: GatherTile<3, 1, 0>.run(a)
    case 4: GatherTile<4, 1, 0>.run(a)
    case 5: GatherTile<5, 1, 0>.run(a)
    case 6: GatherTile<6, 1, 0>.run(a)
    #if NN_AVX512
      case 7: GatherTile<7, 1, 0>.run(a)
      default: GatherTile<8, 1, 0>.run(a)
    #else
      default: GatherTile<7, 1, 0>.run(a)
    #endif
    }
  } else {
    switch pixels {
    case 1: GatherTile<1, 2, 0>.run(a)
    case 2: GatherTile<2, 2, 0>.run(a)
    case 3: GatherTile<3, 2, 0>.run(a)
    case 4: GatherTile<4, 2, 0>.run(a)
    case 5: GatherTile<5, 2, 0>.run(a)
    #if NN_AVX512
      case 6: GatherTile<6, 2, 0>.run(a)
      case 7: GatherTile<7, 2, 0>.run(a)
      default: GatherTile<8, 2, 0>.run(a)
    #else
      default: GatherTile<6, 2, 0>.run(a)
    #endif
    }
  }
}

/// Runs the tile of `pixels` and a full width with scattered weights.
func runScatteredTile(pixels: Int, _ a: GatherTileArguments) {
  switch pixels {
  case 1: GatherTile<1, 2, 1>.run(a)
  case 2: GatherTile<2, 2, 1>.run(a)
  case 3: GatherTile<3, 2, 1>.run(a)
  case 4: GatherTile<4, 2, 1>.run(a)
  case 5: GatherTile<5, 2, 1>.run(a)
  #if NN_AVX512
    case 6: GatherTile<6, 2, 1>.run(a)
    case 7: GatherTile<7, 2, 1>.run(a)
    default: GatherTile<8, 2, 1>.run(a)
  #else
    default: GatherTile<6, 2, 1>.run(a)
  #endif
  }
}

/// Runs the tile of `pixels`, at most ``BlockSizes/narrowPixels``, and one vector of channels that are
/// groups of their own.
func runChannelwiseTile(pixels: Int, _ a: GatherTileArguments) {
  switch pixels {
  case 1: GatherTile<1, 1, 2>.run(a)
  case 2: GatherTile<2, 1, 2>.run(a)
  case 3: GatherTile<3, 1, 2>.run(a)
  case 4: GatherTile<4, 1, 2>.run(a)
  case 5: GatherTile<5, 1, 2>.run(a)
  case 6: GatherTile<6, 1, 2>.run(a)
  #if NN_AVX512
    case 7: GatherTile<7, 1, 2>.run(a)
    default: GatherTile<8, 1, 2>.run(a)
  #else
    default: GatherTile<7, 1, 2>.run(a)
  #endif
  }
}
