import NNKernelInterface
import NNShapes

// Input (N, H, W, C), weight (O, kH, kW, C/groups), output (N, H', W', O).
extension Kernels {
  /// Floats of workspace that ``conv2dForward`` needs.
  public func conv2dForwardWorkspaceCount(_ geometry: Conv2dGeometry, pool: ThreadPool) -> Int { 0 }

  /// y[n, y', x', o] = bias[o] + Σ x[n, y'·s + u·d - p, x'·s + v·d - p, c] · w[o, u, v, c].
  public func conv2dForward(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    ReferenceConvolution.forward(geometry, input: input, weight: weight, bias: bias, output: output)
  }

  /// Floats of workspace that ``conv2dInputGradient`` needs.
  public func conv2dInputGradientWorkspaceCount(
    _ geometry: Conv2dGeometry, pool: ThreadPool
  ) -> Int { 0 }

  /// The gradient of the input. Overwrites `inputGradient`.
  public func conv2dInputGradient(
    _ geometry: Conv2dGeometry, outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, workspace: UnsafeMutablePointer<Float>,
    pool: ThreadPool
  ) {
    ReferenceConvolution.inputGradient(
      geometry, outputGradient: outputGradient, weight: weight, inputGradient: inputGradient)
  }

  /// Floats of workspace that ``conv2dWeightGradient`` needs.
  public func conv2dWeightGradientWorkspaceCount(
    _ geometry: Conv2dGeometry, pool: ThreadPool
  ) -> Int { 0 }

  /// The gradients of the weight and, where asked for, of the bias: added to what is there when
  /// `accumulate` is set, else stored.
  public func conv2dWeightGradient(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    ReferenceConvolution.weightGradient(
      geometry, input: input, outputGradient: outputGradient, weightGradient: weightGradient,
      biasGradient: biasGradient, accumulate: accumulate)
  }
}
