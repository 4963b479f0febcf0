import NNKernelInterface

extension Kernels {
  /// (N, C, plane) to (N, plane, C), where `plane` is H·W: channels last.
  public func convertToChannelsLast(
    batch: Int, channels: Int, plane: Int, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    transposeEach(batch, rows: channels, columns: plane, input, output, pool)
  }

  /// (N, plane, C) to (N, C, plane), where `plane` is H·W: channels first, PyTorch's order.
  public func convertToChannelsFirst(
    batch: Int, channels: Int, plane: Int, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    transposeEach(batch, rows: plane, columns: channels, input, output, pool)
  }

  /// (batch, rows, columns) to (batch, columns, rows).
  private func transposeEach(
    _ batch: Int, rows: Int, columns: Int, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ pool: ThreadPool
  ) {
    let size = rows * columns
    forEachPiece(of: batch, size: max(1, 16384 / max(1, size)), pool) { first, count in
      for matrix in first..<first + count {
        if rows == 1 || columns == 1 {
          (output + matrix * size).update(from: input + matrix * size, count: size)
        } else {
          build.transpose(
            rows: rows, columns: columns, input: input + matrix * size, inputStride: columns,
            output: output + matrix * size, outputStride: rows)
        }
      }
    }
  }
}
