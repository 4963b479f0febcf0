import NNKernelInterface
import NNShapes

/// What follows a convolution in the same pass.
public typealias ConvolutionEpilogue = NNKernelInterface.ConvolutionEpilogue
/// The gradient of a convolution's output.
public typealias ConvolutionOutputGradient = NNKernelInterface.ConvolutionOutputGradient

// Input (N, H, W, C), weight (O, kH, kW, C/groups), output (N, H', W', O).
extension Kernels {
  // MARK: Forward

  /// Floats of workspace that ``conv2dForward`` needs.
  public func conv2dForwardWorkspaceCount(
    _ geometry: Conv2dGeometry, epilogue: ConvolutionEpilogue, pool: ThreadPool
  ) -> Int {
    switch gatherAlgorithm(geometry) {
    case .winograd: winogradWorkspaceCount(geometry, .forward, pooling: epilogue.pooling, pool)
    case .direct, .sparse: directForwardWorkspaceCount(geometry, epilogue: epilogue, pool: pool)
    }
  }

  /// y[n, y', x', o] = bias[o] + Σ x[n, y'·s + u·d - p, x'·s + v·d - p, c] · w[o, u, v, c], then the
  /// epilogue. With a pooling, `argmax` gets the cell of each maximum, 2·row + column, where given.
  public func conv2dForward(
    _ geometry: Conv2dGeometry, epilogue: ConvolutionEpilogue, input: UnsafePointer<Float>,
    weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>,
    argmax: UnsafeMutablePointer<UInt8>?, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    switch gatherAlgorithm(geometry) {
    case .winograd:
      winograd(
        geometry, .forward, epilogue: epilogue,
        source: ConvolutionOutputGradient(values: input, argmax: nil), weight: weight, bias: bias,
        target: output, argmax: argmax, workspace: workspace, pool: pool)
    case .direct, .sparse:
      directForward(
        geometry, epilogue: epilogue, input: input, weight: weight, bias: bias, output: output,
        argmax: argmax, workspace: workspace, pool: pool)
    }
  }

  // MARK: Input gradient

  /// Floats of workspace that ``conv2dInputGradient`` needs; `pooled` where the gradient is that of a
  /// pooled output.
  public func conv2dInputGradientWorkspaceCount(
    _ geometry: Conv2dGeometry, pooled: Bool, pool: ThreadPool
  ) -> Int {
    switch gatherAlgorithm(geometry) {
    case .winograd: winogradWorkspaceCount(geometry, .inputGradient, pooling: false, pool)
    case .direct, .sparse: directInputGradientWorkspaceCount(geometry, pooled: pooled, pool: pool)
    }
  }

  /// The gradient of the input. Overwrites `inputGradient`.
  public func conv2dInputGradient(
    _ geometry: Conv2dGeometry, outputGradient: ConvolutionOutputGradient,
    weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    switch gatherAlgorithm(geometry) {
    case .winograd:
      winograd(
        geometry, .inputGradient, epilogue: .none, source: outputGradient, weight: weight, bias: nil,
        target: inputGradient, argmax: nil, workspace: workspace, pool: pool)
    case .direct, .sparse:
      directInputGradient(
        geometry, outputGradient: outputGradient, weight: weight, inputGradient: inputGradient,
        workspace: workspace, pool: pool)
    }
  }

  // MARK: Weight gradient

  /// Floats of workspace that ``conv2dWeightGradient`` needs; `pooled` where the gradient is that of a
  /// pooled output.
  public func conv2dWeightGradientWorkspaceCount(
    _ geometry: Conv2dGeometry, pooled: Bool, pool: ThreadPool
  ) -> Int {
    if (pooled ? geometry.pooledCount : geometry.outputCount) == 0 { return 0 }
    return switch weightGradientAlgorithm(geometry, pooled: pooled) {
    case .direct: directWeightGradientWorkspaceCount(geometry, pooled: pooled, pool: pool)
    case .winograd: winogradWeightGradientWorkspaceCount(geometry, pooled: pooled, pool)
    case .sparse: sparseWeightGradientWorkspaceCount(geometry, pool: pool)
    }
  }

  /// The gradients of the weight and, where asked for, of the bias: added to what is there when
  /// `accumulate` is set, else stored.
  public func conv2dWeightGradient(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>,
    outputGradient: ConvolutionOutputGradient, weightGradient: UnsafeMutablePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>?, accumulate: Bool,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let pooled = outputGradient.argmax != nil
    guard (pooled ? geometry.pooledCount : geometry.outputCount) > 0 else {
      if accumulate { return }
      build.fill(count: geometry.weightCount, value: 0, output: weightGradient)
      if let biasGradient {
        build.fill(count: geometry.outputChannels, value: 0, output: biasGradient)
      }
      return
    }
    switch weightGradientAlgorithm(geometry, pooled: pooled) {
    case .direct:
      directWeightGradient(
        geometry, input: input, outputGradient: outputGradient, weightGradient: weightGradient,
        biasGradient: biasGradient, accumulate: accumulate, workspace: workspace, pool: pool)
    case .winograd:
      winogradWeightGradient(
        geometry, input: input, outputGradient: outputGradient, weightGradient: weightGradient,
        biasGradient: biasGradient, accumulate: accumulate, workspace: workspace, pool: pool)
    case .sparse:
      sparseWeightGradient(
        geometry, input: input, outputGradient: outputGradient, weightGradient: weightGradient,
        biasGradient: biasGradient, accumulate: accumulate, workspace: workspace, pool: pool)
    }
  }
}
