import NNKernelInterface

extension VectorKernels {
  /// Blocks of 8 × 8, so that a cache line is used up while it is near.
  public static func transpose(
    rows: Int, columns: Int, input: UnsafePointer<Float>, inputStride: Int,
    output: UnsafeMutablePointer<Float>, outputStride: Int
  ) {
    var row = 0
    while row < rows {
      let rowEnd = min(row + 8, rows)
      var column = 0
      while column < columns {
        let columnEnd = min(column + 8, columns)
        if rowEnd - row == 8 && columnEnd - column == 8 {
          transposeBlock(
            input + row * inputStride + column, inputStride, output + column * outputStride + row,
            outputStride)
        } else {
          var r = row
          while r < rowEnd {
            var c = column
            while c < columnEnd {
              output[c * outputStride + r] = input[r * inputStride + c]
              c += 1
            }
            r += 1
          }
        }
        column += 8
      }
      row += 8
    }
  }
}

/// 8 × 8 floats in three rounds of exchanges between rows: neighbours, pairs and halves. Each exchange
/// but the last stays in the halves of its rows, which wide instructions do in one go.
@inline(__always)
private func transposeBlock(
  _ input: UnsafePointer<Float>, _ inputStride: Int, _ output: UnsafeMutablePointer<Float>,
  _ outputStride: Int
) {
  @inline(__always) func row(_ index: Int) -> SIMD8<Float> {
    UnsafeRawPointer(input + index * inputStride).loadUnaligned(as: SIMD8<Float>.self)
  }
  @inline(__always) func put(_ a: SIMD8<Float>, _ b: SIMD8<Float>, _ index: Int) {
    let first = UnsafeMutableRawPointer(output + index * outputStride)
    let second = UnsafeMutableRawPointer(output + (index + 4) * outputStride)
    first.storeBytes(of: SIMD8(lowHalf: a.lowHalf, highHalf: b.lowHalf), as: SIMD8<Float>.self)
    second.storeBytes(of: SIMD8(lowHalf: a.highHalf, highHalf: b.highHalf), as: SIMD8<Float>.self)
  }
  let (a0, a1) = exchangeNeighbours(row(0), row(1))
  let (a2, a3) = exchangeNeighbours(row(2), row(3))
  let (b0, b1) = exchangeNeighbours(row(4), row(5))
  let (b2, b3) = exchangeNeighbours(row(6), row(7))
  let (c0, c1) = exchangePairs(a0, a2)
  let (c2, c3) = exchangePairs(a1, a3)
  let (d0, d1) = exchangePairs(b0, b2)
  let (d2, d3) = exchangePairs(b1, b3)
  put(c0, d0, 0)
  put(c1, d1, 1)
  put(c2, d2, 2)
  put(c3, d3, 3)
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
private func exchangePairs(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> (SIMD8<Float>, SIMD8<Float>) {
  (
    SIMD8(a[0], a[1], b[0], b[1], a[4], a[5], b[4], b[5]),
    SIMD8(a[2], a[3], b[2], b[3], a[6], a[7], b[6], b[7])
  )
}
