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

/// 8 × 8 floats in three rounds of exchanging halves, quarters and neighbours between rows.
@inline(__always)
private func transposeBlock(
  _ input: UnsafePointer<Float>, _ inputStride: Int, _ output: UnsafeMutablePointer<Float>,
  _ outputStride: Int
) {
  @inline(__always) func row(_ index: Int) -> SIMD8<Float> {
    UnsafeRawPointer(input + index * inputStride).loadUnaligned(as: SIMD8<Float>.self)
  }
  @inline(__always) func put(_ value: SIMD8<Float>, _ index: Int) {
    UnsafeMutableRawPointer(output + index * outputStride).storeBytes(of: value, as: SIMD8<Float>.self)
  }
  let (a0, a1) = interleave(row(0), row(4))
  let (a2, a3) = interleave(row(2), row(6))
  let (b0, b1) = interleave(row(1), row(5))
  let (b2, b3) = interleave(row(3), row(7))
  let (c0, c1) = interleave(a0, a2)
  let (c2, c3) = interleave(a1, a3)
  let (d0, d1) = interleave(b0, b2)
  let (d2, d3) = interleave(b1, b3)
  let (e0, e1) = interleave(c0, d0)
  let (e2, e3) = interleave(c1, d1)
  let (e4, e5) = interleave(c2, d2)
  let (e6, e7) = interleave(c3, d3)
  put(e0, 0)
  put(e1, 1)
  put(e2, 2)
  put(e3, 3)
  put(e4, 4)
  put(e5, 5)
  put(e6, 6)
  put(e7, 7)
}

/// a0 b0 a1 b1 … in two vectors.
@inline(__always)
private func interleave(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> (SIMD8<Float>, SIMD8<Float>) {
  (
    SIMD8(a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3]),
    SIMD8(a[4], b[4], a[5], b[5], a[6], b[6], a[7], b[7])
  )
}
