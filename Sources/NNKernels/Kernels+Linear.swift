import NNKernelInterface

/// Multiply-adds that are worth a task of their own: some microseconds, above what a barrier costs.
private let taskMultiplyAdds = 65536
/// The same for a single row, where each of them reads a weight that no other does.
private let rowTaskMultiplyAdds = 16384
/// Rows a task of a forward pass.
private let taskRows = 16
/// A multiple of every build's tile.
private let tileOutputs = 12
private let tileInputs = 64
/// The most outputs of any build's tile of one row.
private let rowTileOutputs = 4

// A linear layer y = x · Wᵀ + b, x (rows, in), W (out, in), y (rows, out). No pass packs the weights: for
// one row, reading them once is all that takes time.
extension Kernels {
  /// Floats of workspace that ``linearForward`` needs: none, as it packs nothing. Asked for like the
  /// others', so that this can change.
  public func linearForwardWorkspaceCount(
    rows: Int, inFeatures: Int, outFeatures: Int, pool: ThreadPool
  ) -> Int { 0 }

  /// y = x · Wᵀ + b, or with `relu` max(x · Wᵀ + b, 0), where NaN stays.
  public func linearForward(
    rows: Int, inFeatures: Int, outFeatures: Int, relu: Bool, input: UnsafePointer<Float>,
    weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    if rows == 1 {
      forEachRowPart(inFeatures, outFeatures, pool) { first, end, _ in
        build.linearForward(
          inFeatures: inFeatures, outFeatures: outFeatures, firstRow: 0, endRow: 1, firstOutput: first,
          endOutput: end, relu: relu, input: input, weight: weight, bias: bias, output: output)
      }
      return
    }
    let size = pieceSize(min(rows, taskRows) * inFeatures, multipleOf: tileOutputs)
    let columns = (outFeatures + size - 1) / size
    let tasks = (rows + taskRows - 1) / taskRows * columns
    let isSmall = rows * inFeatures * outFeatures < 2 * taskMultiplyAdds
    forEachPiece(of: tasks, size: isSmall ? tasks : 1, pool) { first, count in
      for task in first..<first + count {
        let (row, column) = (task / columns * taskRows, task % columns * size)
        build.linearForward(
          inFeatures: inFeatures, outFeatures: outFeatures, firstRow: row,
          endRow: min(row + taskRows, rows), firstOutput: column,
          endOutput: min(column + size, outFeatures), relu: relu, input: input, weight: weight,
          bias: bias, output: output)
      }
    }
  }

  /// Floats of workspace that ``linearInputGradient`` needs.
  public func linearInputGradientWorkspaceCount(
    rows: Int, inFeatures: Int, outFeatures: Int, pool: ThreadPool
  ) -> Int {
    WorkerScratch(build.linearScratchCount(rows: rows, outFeatures: outFeatures), pool).count
  }

  /// dx = dy · W. Overwrites `inputGradient`.
  public func linearInputGradient(
    rows: Int, inFeatures: Int, outFeatures: Int, outputGradient: UnsafePointer<Float>,
    weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    guard rows > 0 else { return }
    let scratch = WorkerScratch(build.linearScratchCount(rows: rows, outFeatures: outFeatures), pool)
    forEachRange(of: inFeatures, workPerInput: rows * outFeatures, pool) { first, end, worker in
      build.linearInputGradient(
        rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, firstInput: first,
        endInput: end, outputGradient: outputGradient, weight: weight, inputGradient: inputGradient,
        scratch: workspace + worker * scratch.stride)
    }
  }

  /// Floats of workspace that ``linearWeightGradient`` needs.
  public func linearWeightGradientWorkspaceCount(
    rows: Int, inFeatures: Int, outFeatures: Int, pool: ThreadPool
  ) -> Int {
    WorkerScratch(build.linearScratchCount(rows: rows, outFeatures: outFeatures), pool).count
  }

  /// dW = dyᵀ · x and db = Σ dy: added to what is there when `accumulate` is set, else stored.
  public func linearWeightGradient(
    rows: Int, inFeatures: Int, outFeatures: Int, input: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>?, accumulate: Bool,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    guard rows > 0 else {
      if !accumulate {
        build.fill(count: inFeatures * outFeatures, value: 0, output: weightGradient)
        if let biasGradient { build.fill(count: outFeatures, value: 0, output: biasGradient) }
      }
      return
    }
    let scratch = WorkerScratch(build.linearScratchCount(rows: rows, outFeatures: outFeatures), pool)
    if rows == 1 {
      forEachRowPart(inFeatures, outFeatures, pool) { first, end, worker in
        build.linearWeightGradient(
          rows: 1, inFeatures: inFeatures, outFeatures: end - first, firstInput: 0, endInput: inFeatures,
          input: input, outputGradient: outputGradient + first,
          weightGradient: weightGradient + first * inFeatures, accumulate: accumulate,
          scratch: workspace + worker * scratch.stride)
      }
    } else {
      forEachRange(of: inFeatures, workPerInput: rows * outFeatures, pool) { first, end, worker in
        build.linearWeightGradient(
          rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, firstInput: first,
          endInput: end, input: input, outputGradient: outputGradient, weightGradient: weightGradient,
          accumulate: accumulate, scratch: workspace + worker * scratch.stride)
      }
    }
    if let biasGradient {
      build.linearBiasGradient(
        rows: rows, outFeatures: outFeatures, outputGradient: outputGradient,
        biasGradient: biasGradient, accumulate: accumulate)
    }
  }

  /// Cuts the outputs of a single row evenly, and calls `body(first, end, worker)` for each part: a thread that has
  /// the same part of the weight in the forward pass, the gradient and the update finds it in its cache.
  @inline(__always)
  private func forEachRowPart(
    _ inFeatures: Int, _ outFeatures: Int, _ pool: ThreadPool,
    _ body: (_ first: Int, _ end: Int, _ worker: Int) -> Void
  ) {
    let most = outFeatures / rowTileOutputs
    let parts = max(1, min(most, inFeatures * outFeatures / rowTaskMultiplyAdds))
    pool.run(tasks: parts) { part, worker in
      body(part * outFeatures / parts, (part + 1) * outFeatures / parts, worker)
    }
  }

  /// Cuts 0 ..< `inputs` into ranges of about ``taskMultiplyAdds``, or not at all where there is little
  /// to do, and calls `body(first, end, worker)` for each.
  @inline(__always)
  private func forEachRange(
    of inputs: Int, workPerInput: Int, _ pool: ThreadPool,
    _ body: (_ first: Int, _ end: Int, _ worker: Int) -> Void
  ) {
    let size = pieceSize(workPerInput, multipleOf: tileInputs)
    if inputs * workPerInput < 2 * taskMultiplyAdds || inputs <= size {
      body(0, inputs, 0)
      return
    }
    pool.run(tasks: (inputs + size - 1) / size) { task, worker in
      body(task * size, min((task + 1) * size, inputs), worker)
    }
  }

  /// The smallest multiple that makes a task worth while, for `work` multiply-adds an element.
  private func pieceSize(_ work: Int, multipleOf multiple: Int) -> Int {
    let wanted = taskMultiplyAdds / max(1, work)
    return max(1, (wanted + multiple - 1) / multiple) * multiple
  }
}
