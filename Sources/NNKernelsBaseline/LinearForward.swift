import NNKernelInterface

/// The micro-kernel of a linear layer: Rows × Columns dot products, each in a vector of partial sums.
/// See ``GatherTile`` for how Swift keeps them in registers.
///
/// Both operands lie along the axis that is summed over, so neither needs packing.
private enum DotTile<let Rows: Int, let Columns: Int> {
  typealias Line = InlineArray<Columns, Vector>

  @inline(__always)
  static func run(
    depth: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>, outputStep: Int
  ) {
    var sums: InlineArray<Rows, Line> = zeroSums()
    var k = 0
    while k + lanes <= depth {
      addProducts(to: &sums, depth: depth, input: input + k, weight: weight + k) { load($0) }
      k += lanes
    }
    let rest = depth - k
    if rest > 0 {
      addProducts(to: &sums, depth: depth, input: input + k, weight: weight + k) {
        load($0, count: rest)
      }
    }
    var r = 0
    while r < Rows {
      var c = 0
      while c < Columns {
        var sum = horizontalSum(sums[r][c])
        if let bias { sum += bias[c] }
        output[r * outputStep + c] = sum
        c += 1
      }
      r += 1
    }
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
  public static func linearForward(
    rows: Int, inFeatures: Int, outFeatures: Int, firstOutput: Int, endOutput: Int,
    input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>
  ) {
    var column = firstOutput
    while column < endOutput {
      let isFull = column + BlockSizes.dotColumns <= endOutput
      var row = 0
      while row < rows {
        let x = input + row * inFeatures
        let w = weight + column * inFeatures
        let y = output + row * outFeatures + column
        let b = bias.map { $0 + column }
        switch (rows - row >= BlockSizes.dotRows, isFull) {
        case (true, true):
          #if NN_AVX512
            DotTile<4, 4>.run(
              depth: inFeatures, input: x, weight: w, bias: b, output: y, outputStep: outFeatures)
          #else
            DotTile<4, 3>.run(
              depth: inFeatures, input: x, weight: w, bias: b, output: y, outputStep: outFeatures)
          #endif
          row += BlockSizes.dotRows
        case (true, false):
          DotTile<4, 1>.run(
            depth: inFeatures, input: x, weight: w, bias: b, output: y, outputStep: outFeatures)
          row += BlockSizes.dotRows
        case (false, true):
          #if NN_AVX512
            DotTile<1, 4>.run(
              depth: inFeatures, input: x, weight: w, bias: b, output: y, outputStep: outFeatures)
          #else
            DotTile<1, 3>.run(
              depth: inFeatures, input: x, weight: w, bias: b, output: y, outputStep: outFeatures)
          #endif
          row += 1
        case (false, false):
          DotTile<1, 1>.run(
            depth: inFeatures, input: x, weight: w, bias: b, output: y, outputStep: outFeatures)
          row += 1
        }
      }
      column += isFull ? BlockSizes.dotColumns : 1
    }
  }
}
