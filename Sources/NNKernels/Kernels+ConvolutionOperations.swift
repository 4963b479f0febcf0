import NNShapes

// The floating-point operations that the convolution passes really do, a multiply-add being two. They
// are fewer than the direct method's where another one is chosen or zeros are left out.
extension Kernels {
  /// Those of ``conv2dForward``.
  public func conv2dForwardOperations(
    _ geometry: Conv2dGeometry, epilogue: ConvolutionEpilogue
  ) -> Double { directOperations(geometry) }

  /// Those of ``conv2dInputGradient``; `pooled` where the gradient is that of a pooled output.
  public func conv2dInputGradientOperations(_ geometry: Conv2dGeometry, pooled: Bool) -> Double {
    directOperations(geometry)
  }

  /// Those of ``conv2dWeightGradient``; `pooled` where the gradient is that of a pooled output.
  public func conv2dWeightGradientOperations(_ geometry: Conv2dGeometry, pooled: Bool) -> Double {
    directOperations(geometry)
  }

  /// Two for each product of the definition, whether the window's cell is inside the input or not.
  private func directOperations(_ geometry: Conv2dGeometry) -> Double {
    2 * Double(geometry.outputCount) * Double(geometry.multiplyAddsPerOutput)
  }
}
