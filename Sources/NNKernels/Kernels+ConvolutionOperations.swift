import NNShapes

// The floating-point operations that the convolution passes really do, a multiply-add being two: the
// products, not what brings values to Winograd's points and back. They are fewer than the direct
// method's where another one is chosen.
extension Kernels {
  /// Those of ``conv2dForward``.
  public func conv2dForwardOperations(
    _ geometry: Conv2dGeometry, epilogue: ConvolutionEpilogue
  ) -> Double { operations(geometry, gatherAlgorithm(geometry)) }

  /// Those of ``conv2dInputGradient``; `pooled` where the gradient is that of a pooled output.
  public func conv2dInputGradientOperations(_ geometry: Conv2dGeometry, pooled: Bool) -> Double {
    operations(geometry, gatherAlgorithm(geometry))
  }

  /// Those of ``conv2dWeightGradient``; `pooled` where the gradient is that of a pooled output.
  public func conv2dWeightGradientOperations(_ geometry: Conv2dGeometry, pooled: Bool) -> Double {
    let algorithm = weightGradientAlgorithm(geometry, pooled: pooled)
    if algorithm == .direct {
      return 2 * build.weightGradientCounts(geometry, pooled: pooled).multiplyAdds
    }
    return operations(geometry, algorithm)
  }

  private func operations(_ geometry: Conv2dGeometry, _ algorithm: ConvolutionAlgorithm) -> Double {
    switch algorithm {
    case .direct: 2 * geometry.directMultiplyAdds
    case .winograd: 2 * geometry.winogradMultiplyAdds
    case .sparse: 2 * geometry.directMultiplyAdds / 4
    }
  }
}
