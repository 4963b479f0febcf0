import NNKernelInterface

/// What a dot product tile works on.
private struct DotTileArguments {
  var depth: Int
  var input: UnsafePointer<Float>
  var weight: UnsafePointer<Float>
  var bias: UnsafePointer<Float>?
  /// max(y, 0); NaN stays.
  var relu: Bool
  var output: UnsafeMutablePointer<Float>
  var outputStep: Int
  /// Room for a vector of partial sums a dot product.
  var partials: UnsafeMutablePointer<Float>

  /// y = Σ partials + b, with the activation, for `rows` × `columns` dot products.
  @inline(never)
  func finish(rows: Int, columns: Int) {
    var r = 0
    while r < rows {
      var c = 0
      while c < columns {
        var sum = horizontalSum(load(partials + (r * columns + c) * lanes))
        if let bias { sum += bias[c] }
        output[r * outputStep + c] = relu && sum < 0 ? 0 : sum
        c += 1
      }
      r += 1
    }
  }
}

/// The micro-kernel of a linear layer: Rows × Columns dot products, each in a vector of partial sums.
/// See ``GatherTile`` for how Swift keeps them in registers.
///
/// Both operands lie along the axis that is summed over, so neither needs packing.
private enum DotTile<let Rows: Int, let Columns: Int> {
  typealias Line = InlineArray<Columns, Vector>

  @inline(__always)
  static func run(_ a: DotTileArguments) {
    var sums: InlineArray<Rows, Line> = zeroSums()
    var k = 0
    while k + lanes <= a.depth {
      addProducts(to: &sums, depth: a.depth, input: a.input + k, weight: a.weight + k) { load($0) }
      k += lanes
    }
    let rest = a.depth - k
    if rest > 0 {
      addProducts(to: &sums, depth: a.depth, input: a.input + k, weight: a.weight + k) {
        load($0, count: rest)
      }
    }
    // Finished elsewhere: a loop of that size stays one, and would keep the sums in memory all along.
    var (r, c) = (0, 0)
    while r < Rows {
      c = 0
      while c < Columns {
        store(sums[r][c], to: a.partials + (r * Columns + c) * lanes)
        c += 1
      }
      r += 1
    }
    a.finish(rows: Rows, columns: Columns)
  }

  @inline(__always)
  private static func addProducts(
    to sums: inout InlineArray<Rows, Line>, depth: Int, input: UnsafePointer<Float>,
    weight: UnsafePointer<Float>, loading: (UnsafePointer<Float>) -> Vector
  ) {
    var w = Line(repeating: Vector(repeating: 0))
    var c = 0
    while c < Columns {
      w[c] = loading(weight + c * depth)
      c += 1
    }
    var r = 0
    while r < Rows {
      let x = loading(input + r * depth)
      c = 0
      while c < Columns {
        sums[r][c] = multiplyAdd(x, w[c], sums[r][c])
        c += 1
      }
      r += 1
    }
  }
}

extension VectorKernels {
  /// Rows outside: those of a tile stay in the first-level cache while the weights pass by.
  public static func linearForward(
    inFeatures: Int, outFeatures: Int, firstRow: Int, endRow: Int, firstOutput: Int, endOutput: Int,
    relu: Bool, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>
  ) {
    // For the largest tile, dotRows × dotColumns: at most 4 × 4.
    var partials: InlineArray<16, Vector> = zeroSums()
    withUnsafeMutableBytes(of: &partials) { partials in
      let partials = partials.baseAddress!.assumingMemoryBound(to: Float.self)
      var row = firstRow
      while row < endRow {
        let isTall = row + BlockSizes.dotRows <= endRow
        let tiles = pieces(endOutput - firstOutput, BlockSizes.dotColumns)
        var tile = 0
        while tile < tiles {
          let column = firstOutput + evenStart(tile, tiles, endOutput - firstOutput)
          let end = firstOutput + evenStart(tile + 1, tiles, endOutput - firstOutput)
          runDotTile(
            isTall: isTall, columns: end - column,
            DotTileArguments(
              depth: inFeatures, input: input + row * inFeatures, weight: weight + column * inFeatures,
              bias: bias.map { $0 + column }, relu: relu, output: output + row * outFeatures + column,
              outputStep: outFeatures, partials: partials))
          tile += 1
        }
        row += isTall ? BlockSizes.dotRows : 1
      }
    }
  }
}

/// Runs the tile of ``BlockSizes/dotRows``, or of one row, and at most ``BlockSizes/dotColumns``.
private func runDotTile(isTall: Bool, columns: Int, _ a: DotTileArguments) {
  switch (isTall, columns) {
  case (true, 1): DotTile<4, 1>.run(a)
  case (true, 2): DotTile<4, 2>.run(a)
  case (false, 1): DotTile<1, 1>.run(a)
  case (false, 2): DotTile<1, 2>.run(a)
  #if NN_AVX512
    case (true, 3): DotTile<4, 3>.run(a)
    case (false, 3): DotTile<1, 3>.run(a)
    case (true, _): DotTile<4, 4>.run(a)
    case (false, _): DotTile<1, 4>.run(a)
  #else
    case (true, _): DotTile<4, 3>.run(a)
    case (false, _): DotTile<1, 3>.run(a)
  #endif
  }
}
