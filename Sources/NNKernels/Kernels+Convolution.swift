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
    let direct = directForwardWorkspaceCount(geometry, pool: pool)
    return epilogue.pooling ? direct + geometry.outputCount : direct
  }

  /// y[n, y', x', o] = bias[o] + Σ x[n, y'·s + u·d - p, x'·s + v·d - p, c] · w[o, u, v, c], then the
  /// epilogue. With a pooling, `argmax` gets the cell of each maximum, 2·row + column, where given.
  public func conv2dForward(
    _ geometry: Conv2dGeometry, epilogue: ConvolutionEpilogue, input: UnsafePointer<Float>,
    weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>,
    argmax: UnsafeMutablePointer<UInt8>?, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    guard epilogue.pooling else {
      directForward(
        geometry, input: input, weight: weight, bias: bias, output: output, workspace: workspace,
        pool: pool)
      if epilogue.relu { relu(count: geometry.outputCount, input: output, output: output, pool: pool) }
      return
    }
    let convolved = workspace + directForwardWorkspaceCount(geometry, pool: pool)
    directForward(
      geometry, input: input, weight: weight, bias: bias, output: convolved, workspace: workspace,
      pool: pool)
    ReferencePooling.forward(geometry, input: convolved, output: output, argmax: argmax)
    let pooled = geometry.pooledCount
    if epilogue.relu { relu(count: pooled, input: output, output: output, pool: pool) }
  }

  // MARK: Input gradient

  /// Floats of workspace that ``conv2dInputGradient`` needs; `pooled` where the gradient is that of a
  /// pooled output.
  public func conv2dInputGradientWorkspaceCount(
    _ geometry: Conv2dGeometry, pooled: Bool, pool: ThreadPool
  ) -> Int {
    let direct = directInputGradientWorkspaceCount(geometry, pool: pool)
    return pooled ? direct + geometry.outputCount : direct
  }

  /// The gradient of the input. Overwrites `inputGradient`.
  public func conv2dInputGradient(
    _ geometry: Conv2dGeometry, outputGradient: ConvolutionOutputGradient,
    weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let direct = directInputGradientWorkspaceCount(geometry, pool: pool)
    let gradient = expanded(geometry, outputGradient, into: workspace + direct)
    directInputGradient(
      geometry, outputGradient: gradient, weight: weight, inputGradient: inputGradient,
      workspace: workspace, pool: pool)
  }

  // MARK: Weight gradient

  /// Floats of workspace that ``conv2dWeightGradient`` needs; `pooled` where the gradient is that of a
  /// pooled output.
  public func conv2dWeightGradientWorkspaceCount(
    _ geometry: Conv2dGeometry, pooled: Bool, pool: ThreadPool
  ) -> Int {
    if pooled && usesSparseWeightGradient(geometry) {
      return sparseWeightGradientWorkspaceCount(geometry, pool: pool)
    }
    let direct = directWeightGradientWorkspaceCount(geometry, pool: pool)
    return pooled ? direct + geometry.outputCount : direct
  }

  /// The gradients of the weight and, where asked for, of the bias: added to what is there when
  /// `accumulate` is set, else stored.
  public func conv2dWeightGradient(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>,
    outputGradient: ConvolutionOutputGradient, weightGradient: UnsafeMutablePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>?, accumulate: Bool,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    if outputGradient.argmax != nil && usesSparseWeightGradient(geometry) {
      sparseWeightGradient(
        geometry, input: input, outputGradient: outputGradient, weightGradient: weightGradient,
        biasGradient: biasGradient, accumulate: accumulate, workspace: workspace, pool: pool)
      return
    }
    let direct = directWeightGradientWorkspaceCount(geometry, pool: pool)
    let gradient = expanded(geometry, outputGradient, into: workspace + direct)
    directWeightGradient(
      geometry, input: input, outputGradient: gradient, weightGradient: weightGradient,
      biasGradient: biasGradient, accumulate: accumulate, workspace: workspace, pool: pool)
  }

  /// The gradient with its zeros: in `memory` after a pooling, else as it is.
  private func expanded(
    _ geometry: Conv2dGeometry, _ gradient: ConvolutionOutputGradient,
    into memory: UnsafeMutablePointer<Float>
  ) -> UnsafePointer<Float> {
    guard let argmax = gradient.argmax else { return gradient.values }
    ReferencePooling.expand(geometry, gradient: gradient.values, argmax: argmax, into: memory)
    return UnsafePointer(memory)
  }
}
