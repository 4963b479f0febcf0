import NNShapes

// A linear layer y = x · Wᵀ + b, x (rows, in), W (out, in), y (rows, out), is the 1×1 convolution of
// `rows` images of one pixel. Its gradients are computed so; its forward pass is dot products.
extension Kernels {
  /// Floats of workspace that ``linearForward`` needs: none, as it packs nothing. Asked for like the
  /// others', so that this can change.
  public func linearForwardWorkspaceCount(
    rows: Int, inFeatures: Int, outFeatures: Int, pool: ThreadPool
  ) -> Int { 0 }

  /// y = x · Wᵀ + b.
  public func linearForward(
    rows: Int, inFeatures: Int, outFeatures: Int, input: UnsafePointer<Float>,
    weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    // A multiple of every build's tile, and all outputs at once where there is little to do.
    let isSmall = rows * inFeatures * outFeatures < 32768
    forEachPiece(of: outFeatures, size: isSmall ? outFeatures : 12, pool) { first, count in
      build.linearForward(
        rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, firstOutput: first,
        endOutput: first + count, input: input, weight: weight, bias: bias, output: output)
    }
  }

  /// Floats of workspace that ``linearInputGradient`` needs.
  public func linearInputGradientWorkspaceCount(
    rows: Int, inFeatures: Int, outFeatures: Int, pool: ThreadPool
  ) -> Int {
    directInputGradientWorkspaceCount(
      linearGeometry(rows, inFeatures, outFeatures), pooled: false, pool: pool)
  }

  /// dx = dy · W. Overwrites `inputGradient`.
  public func linearInputGradient(
    rows: Int, inFeatures: Int, outFeatures: Int, outputGradient: UnsafePointer<Float>,
    weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    directInputGradient(
      linearGeometry(rows, inFeatures, outFeatures),
      outputGradient: ConvolutionOutputGradient(values: outputGradient, argmax: nil), weight: weight,
      inputGradient: inputGradient, workspace: workspace, pool: pool)
  }

  /// Floats of workspace that ``linearWeightGradient`` needs.
  public func linearWeightGradientWorkspaceCount(
    rows: Int, inFeatures: Int, outFeatures: Int, pool: ThreadPool
  ) -> Int {
    directWeightGradientWorkspaceCount(
      linearGeometry(rows, inFeatures, outFeatures), pooled: false, pool: pool)
  }

  /// dW = dyᵀ · x and db = Σ dy: added to what is there when `accumulate` is set, else stored.
  public func linearWeightGradient(
    rows: Int, inFeatures: Int, outFeatures: Int, input: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>?, accumulate: Bool,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    directWeightGradient(
      linearGeometry(rows, inFeatures, outFeatures), input: input,
      outputGradient: ConvolutionOutputGradient(values: outputGradient, argmax: nil),
      weightGradient: weightGradient, biasGradient: biasGradient, accumulate: accumulate,
      workspace: workspace, pool: pool)
  }
}

/// The 1×1 convolution that a linear layer is.
private func linearGeometry(_ rows: Int, _ inFeatures: Int, _ outFeatures: Int) -> Conv2dGeometry {
  let window = WindowGeometry(
    kernel: 1, stride: 1, paddingBefore: 0, paddingAfter: 0, dilation: 1, ceilMode: false)
  return Conv2dGeometry(
    batch: rows, inputChannels: inFeatures, inputHeight: 1, inputWidth: 1,
    outputChannels: outFeatures, groups: 1, vertical: window, horizontal: window)
}
