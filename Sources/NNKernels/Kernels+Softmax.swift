import NNKernelInterface

/// See the type of the same name for the meaning of each number.
public typealias CrossEntropyStep = NNKernelInterface.CrossEntropyStep

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

  /// The loss of each line, -Σ t · log softmax(x), and its gradient softmax(x) · Σ t - t, for targets
  /// t[c] = (1 - ε) · w[y] · (c = y) + (ε/C) · w[c]; both 0 where the label y is ignored. Labels and
  /// losses are (outer, inner); labels are in 0 ..< axis or ignored.
  public func crossEntropy(
    outer: Int, axis: Int, inner: Int, step: CrossEntropyStep, input: UnsafePointer<Float>,
    labels: UnsafePointer<Int64>, weight: UnsafePointer<Float>?, losses: UnsafeMutablePointer<Float>,
    gradient: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachBlock(outer, axis * inner, pool) { start, count in
      // The first line of the block: lines are as many as elements of one class.
      let line = start / axis
      build.crossEntropy(
        outer: count, axis: axis, inner: inner, step: step, input: input + start, labels: labels + line,
        weight: weight, losses: losses + line, gradient: gradient + start)
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
