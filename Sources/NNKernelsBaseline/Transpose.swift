import NNKernelInterface

extension VectorKernels {
  /// Blocks of 8 × 8, so that a cache line is used up while it is near.
  public static func transpose(
    rows: Int, columns: Int, input: UnsafePointer<Float>, inputStride: Int,
    output: UnsafeMutablePointer<Float>, outputStride: Int
  ) {
    let (blockRows, blockColumns) = (rows & ~7, columns & ~7)
    var row = 0
    while row < blockRows {
      var column = 0
      while column < blockColumns {
        transposeBlock(
          input + row * inputStride + column, inputStride, output + column * outputStride + row,
          outputStride)
        column += 8
      }
      row += 8
    }
    // What fills no block, the long way outside.
    copyStrided(
      blockRows, columns - blockColumns, input + blockColumns, (inputStride, 1),
      output + blockColumns * outputStride, (1, outputStride))
    copyStrided(
      columns, rows - blockRows, input + blockRows * inputStride, (1, inputStride), output + blockRows,
      (outputStride, 1))
  }
}

/// `outer` × `inner` floats from one place to another, both with steps for either way.
private func copyStrided(
  _ outer: Int, _ inner: Int, _ input: UnsafePointer<Float>, _ inputSteps: (outer: Int, inner: Int),
  _ output: UnsafeMutablePointer<Float>, _ outputSteps: (outer: Int, inner: Int)
) {
  if inner == 0 { return }
  var o = 0
  while o < outer {
    var i = 0
    while i < inner {
      output[o * outputSteps.outer + i * outputSteps.inner] =
        input[o * inputSteps.outer + i * inputSteps.inner]
      i += 1
    }
    o += 1
  }
}

/// Eight floats' bits, moved as pairs. The optimizer looks through shuffles of one element type, and
/// makes of three rounds eight gathers; a change of the type keeps the rounds apart.
private typealias Pairs = SIMD4<UInt64>

/// 8 × 8 floats, four columns at a time, in three rounds: reading joins a row with the one four below,
/// then neighbours and pairs are exchanged, each in the halves that wide instructions keep apart.
@inline(__always)
private func transposeBlock(
  _ input: UnsafePointer<Float>, _ inputStride: Int, _ output: UnsafeMutablePointer<Float>,
  _ outputStride: Int
) {
  @inline(__always) func half(_ row: Int, _ column: Int) -> SIMD2<UInt64> {
    UnsafeRawPointer(input + row * inputStride + column).loadUnaligned(as: SIMD2<UInt64>.self)
  }
  @inline(__always) func rows(_ index: Int, _ column: Int) -> SIMD8<Float> {
    let joined = Pairs(lowHalf: half(index, column), highHalf: half(index + 4, column))
    return unsafeBitCast(joined, to: SIMD8<Float>.self)
  }
  @inline(__always) func put(_ values: Pairs, _ column: Int) {
    UnsafeMutableRawPointer(output + column * outputStride).storeBytes(of: values, as: Pairs.self)
  }
  var column = 0
  while column < 8 {
    let (a0, a1) = exchangeNeighbours(rows(0, column), rows(1, column))
    let (b0, b1) = exchangeNeighbours(rows(2, column), rows(3, column))
    let (c0, c1) = exchangePairs(a0, b0)
    let (c2, c3) = exchangePairs(a1, b1)
    put(c0, column)
    put(c1, column + 1)
    put(c2, column + 2)
    put(c3, column + 3)
    column += 4
  }
}

/// In each half a0 b0 a1 b1, and a2 b2 a3 b3.
@inline(__always)
private func exchangeNeighbours(
  _ a: SIMD8<Float>, _ b: SIMD8<Float>
) -> (SIMD8<Float>, SIMD8<Float>) {
  (
    SIMD8(a[0], b[0], a[1], b[1], a[4], b[4], a[5], b[5]),
    SIMD8(a[2], b[2], a[3], b[3], a[6], b[6], a[7], b[7])
  )
}

/// In each half a0 a1 b0 b1, and a2 a3 b2 b3.
@inline(__always)
private func exchangePairs(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> (Pairs, Pairs) {
  let (a, b) = (unsafeBitCast(a, to: Pairs.self), unsafeBitCast(b, to: Pairs.self))
  return (Pairs(a[0], b[0], a[2], b[2]), Pairs(a[1], b[1], a[3], b[3]))
}
