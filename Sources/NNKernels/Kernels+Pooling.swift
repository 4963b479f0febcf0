import NNKernelInterface
import NNShapes

extension Kernels {
  /// The largest value of each window, PyTorch's rule: padding counts as -∞, the first of equal
  /// maxima wins, the last NaN wins. `indices`, (N, H', W', C) like the output, gets h·W + w of each
  /// maximum in the unpadded plane of its channel.
  public func maxPool2dForward(
    _ geometry: Pool2dGeometry, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    indices: UnsafeMutablePointer<Int32>?, pool: ThreadPool
  ) {
    forEachPiece(
      of: geometry.batch * geometry.outputHeight, size: rowsPerTask(geometry), pool
    ) { row, count in
      build.maxPool2dForward(
        geometry, firstRow: row, endRow: row + count, input: input, output: output, indices: indices)
    }
  }

  /// Sends each output gradient to the input that `indices` names. Overwrites `inputGradient`.
  public func maxPool2dBackward(
    _ geometry: Pool2dGeometry, outputGradient: UnsafePointer<Float>, indices: UnsafePointer<Int32>,
    inputGradient: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    pool.run(tasks: geometry.batch) { image, _ in
      build.maxPool2dBackward(
        geometry, image: image, outputGradient: outputGradient, indices: indices,
        inputGradient: inputGradient)
    }
  }

  /// The sum of each window over a divisor: `divisorOverride` where there is one; else with
  /// `countIncludePad` the window's cells inside the padded input, without it those inside the input.
  public func avgPool2dForward(
    _ geometry: Pool2dGeometry, countIncludePad: Bool, divisorOverride: Int?,
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    precondition(divisorOverride != 0, "AvgPool2d: divisorOverride is 0")
    forEachPiece(
      of: geometry.batch * geometry.outputHeight, size: rowsPerTask(geometry), pool
    ) { row, count in
      build.avgPool2dForward(
        geometry, countIncludePad: countIncludePad, divisorOverride: divisorOverride ?? 0,
        firstRow: row, endRow: row + count, input: input, output: output)
    }
  }

  /// Spreads each output gradient, over its divisor, evenly on its window. Overwrites `inputGradient`.
  public func avgPool2dBackward(
    _ geometry: Pool2dGeometry, countIncludePad: Bool, divisorOverride: Int?,
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    pool: ThreadPool
  ) {
    precondition(divisorOverride != 0, "AvgPool2d: divisorOverride is 0")
    pool.run(tasks: geometry.batch) { image, _ in
      build.avgPool2dBackward(
        geometry, countIncludePad: countIncludePad, divisorOverride: divisorOverride ?? 0,
        image: image, outputGradient: outputGradient, inputGradient: inputGradient)
    }
  }

  /// Output rows a task: about 16,384 input values.
  private func rowsPerTask(_ geometry: Pool2dGeometry) -> Int {
    // No more of a window counts than there is of the input.
    let window =
      min(geometry.vertical.kernel, geometry.inputHeight)
      * min(geometry.horizontal.kernel, geometry.inputWidth)
    let inputsPerRow = geometry.outputWidth * geometry.channels * window
    return max(1, 16384 / max(1, inputsPerRow))
  }
}
