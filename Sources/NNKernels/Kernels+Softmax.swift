import NNKernelInterface

/// Elements a task.
private let pieceSize = 8192

// x, y and their gradients are (outer, axis, inner), with `axis` the dimension that softmax sums over:
// inner is 1 for the last dimension. A line of -∞ gives NaN, as in PyTorch.
extension Kernels {
  /// y = exp(x - max) / Σ exp(x - max) along the axis.
  public func softmax(
    outer: Int, axis: Int, inner: Int, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachBlock(outer, axis * inner, pool) { start, count in
      build.softmax(
        outer: count, axis: axis, inner: inner, input: input + start, output: output + start)
    }
  }

  /// dx = y · (dy - Σ dy · y).
  public func softmaxBackward(
    outer: Int, axis: Int, inner: Int, output: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    pool: ThreadPool
  ) {
    forEachBlock(outer, axis * inner, pool) { start, count in
      build.softmaxBackward(
        outer: count, axis: axis, inner: inner, output: output + start,
        outputGradient: outputGradient + start, inputGradient: inputGradient + start)
    }
  }

  /// y = x - max - log Σ exp(x - max) along the axis.
  public func logSoftmax(
    outer: Int, axis: Int, inner: Int, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachBlock(outer, axis * inner, pool) { start, count in
      build.logSoftmax(
        outer: count, axis: axis, inner: inner, input: input + start, output: output + start)
    }
  }

  /// dx = dy - exp(y) · Σ dy.
  public func logSoftmaxBackward(
    outer: Int, axis: Int, inner: Int, output: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    pool: ThreadPool
  ) {
    forEachBlock(outer, axis * inner, pool) { start, count in
      build.logSoftmaxBackward(
        outer: count, axis: axis, inner: inner, output: output + start,
        outputGradient: outputGradient + start, inputGradient: inputGradient + start)
    }
  }

  /// Calls `body(first element, blocks)` for pieces of the `outer` blocks of `size` elements.
  @inline(__always)
  private func forEachBlock(
    _ outer: Int, _ size: Int, _ pool: ThreadPool, _ body: (_ start: Int, _ count: Int) -> Void
  ) {
    forEachPiece(of: outer, size: max(1, pieceSize / max(1, size)), pool) { start, count in
      body(start * size, count)
    }
  }
}
