import NNKernelInterface
import NNShapes

/// How one pass of a convolution is computed.
package enum ConvolutionAlgorithm: Sendable {
  /// The products of the definition.
  case direct
  /// Winograd's method: 16 outputs of a 5×5 kernel with 64 multiplications in place of 400, of a 3×3
  /// kernel with 36 in place of 144; with a stride of 2 with 121 and 81.
  case winograd
  /// The products of the definition that a 2×2 max pooling leaves: a quarter of them.
  case sparse
}

// The rule: of the ways that compute a pass, the one with the smallest estimate, in multiply-adds at the
// peak rate. An estimate is the arithmetic over the share of the peak that it reaches, and what comes
// besides. It knows the shapes alone, neither threads nor a clock, so that the same file gives the same
// numbers. The factors were fitted to measurements with `nnbench`.
extension Kernels {
  /// Of the forward pass and of the input gradient, which do the same.
  func gatherAlgorithm(_ geometry: Conv2dGeometry) -> ConvolutionAlgorithm {
    guard canUseWinograd(geometry) else { return .direct }
    if forced == .winograd { return .winograd }
    let isShallow =
      min(geometry.inputChannels, geometry.outputChannels) <= ShallowWinograd.channels
      && geometry.vertical.stride == 1
    let cost =
      isShallow
      ? shallowWinogradCost(geometry)
      : winogradCost(
        geometry, few: FewWinogradTiles.gathered, weightCosts: (few: 5, small: 12, large: 24, huge: 24))
    return cost < directCost(geometry, share: 0.88) ? .winograd : .direct
  }

  func weightGradientAlgorithm(_ geometry: Conv2dGeometry, pooled: Bool) -> ConvolutionAlgorithm {
    guard convolution == .automatic else { return .direct }
    let canUseWinograd = canUseWinogradGradient(geometry)
    if forced == .winograd && canUseWinograd { return .winograd }
    if forced == .sparse && pooled { return .sparse }
    let direct = directCost(geometry, share: 0.7)
    let sparse = pooled ? directCost(geometry, share: 0.6) / 4 : .infinity
    let winograd =
      canUseWinograd && geometry.inputChannels >= Self.winogradGradientChannels
      ? winogradCost(
        geometry, few: FewWinogradTiles.gradient, weightCosts: (few: 6, small: 26, large: 52, huge: 140))
      : .infinity
    if winograd < min(direct, sparse) { return .winograd }
    return sparse < direct ? .sparse : .direct
  }

  /// Input channels below which no weight gradient is Winograd's: each sum is a row of input channels, which
  /// then fills little of a vector. Measured: 3 and 4 lose to the direct one, 8 win.
  private static let winogradGradientChannels = 8

  /// Square kernels of 3 or 5, both strides 1 or both 2, dilation 1, one group.
  private func canUseWinograd(_ geometry: Conv2dGeometry) -> Bool {
    let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
    return convolution == .automatic && (vertical.kernel == 3 || vertical.kernel == 5)
      && horizontal.kernel == vertical.kernel && vertical.stride <= 2 && horizontal.stride == vertical.stride
      && vertical.dilation == 1 && horizontal.dilation == 1 && geometry.groups == 1
  }

  /// The same, but for 3×3 kernels of stride 2: what they save would go into the sums' ways to memory, of four
  /// phases of the input.
  private func canUseWinogradGradient(_ geometry: Conv2dGeometry) -> Bool {
    canUseWinograd(geometry) && !(geometry.vertical.kernel == 3 && geometry.vertical.stride == 2)
  }

  private func directCost(_ geometry: Conv2dGeometry, share: Double) -> Double {
    geometry.directMultiplyAdds / share
  }

  /// The products at the points, the ways to the points and back, and the weights' ways, which do not
  /// depend on the batch.
  private func winogradCost(
    _ geometry: Conv2dGeometry, few: Int,
    weightCosts: (few: Double, small: Double, large: Double, huge: Double)
  ) -> Double {
    let points = Double(geometry.winogradPoints * geometry.winogradPoints)
    let phases = geometry.vertical.stride * geometry.vertical.stride
    let channels = Double(phases * geometry.inputChannels * geometry.outputChannels)
    // Vectors of 16 in every build: one rule for all.
    let wholeVectors = Double(
      phases * ((geometry.inputChannels + 15) / 16 * 16) + (geometry.outputChannels + 15) / 16 * 16)
    // Weights at the points that outgrow a core's cache, or all caches, cost their way to memory too.
    let weights = points * channels
    // With a stride the weights are always brought to the points first.
    let isFew = geometry.vertical.stride == 1 && geometry.winogradTiles <= Double(few)
    let weightCost =
      isFew
      ? weightCosts.few
      : weights > Double(1 << 21)
        ? weightCosts.huge : weights > Double(1 << 18) ? weightCosts.large : weightCosts.small
    return geometry.winogradMultiplyAdds / 0.75 + geometry.winogradTiles * points * wholeVectors * 8
      + weights * weightCost
  }

  /// The same where the source or the target has few channels: the ways of the other side's vectors, of 8
  /// where a build has no narrower ones, and the weights' ways.
  private func shallowWinogradCost(_ geometry: Conv2dGeometry) -> Double {
    let points = Double(geometry.winogradPoints * geometry.winogradPoints)
    let wide = Double((max(geometry.inputChannels, geometry.outputChannels) + 7) / 8 * 8)
    return geometry.winogradMultiplyAdds / 0.75 + geometry.winogradTiles * points * wide * 2.5
      + points * Double(geometry.inputChannels * geometry.outputChannels) * 12
  }
}

extension Conv2dGeometry {
  /// The multiply-adds of a pass by the definition.
  var directMultiplyAdds: Double { Double(outputCount) * Double(multiplyAddsPerOutput) }

  /// Tiles of 4×4 outputs that cover the outputs of the batch.
  var winogradTiles: Double {
    Double(batch) * Double((outputHeight + 3) / 4) * Double((outputWidth + 3) / 4)
  }

  /// Points along an axis for tiles of four outputs.
  fileprivate var winogradPoints: Int {
    (vertical.kernel + vertical.stride - 1) / vertical.stride + 3
  }

  /// The multiply-adds of a pass at Winograd's points.
  var winogradMultiplyAdds: Double {
    // With a stride of 2, one of two phases has one tap less, and a point at which nothing is left. (Not so the
    // input gradient of 3×3 kernels with an even padding, which multiplies at all points.)
    let points = vertical.stride == 1 ? winogradPoints : 2 * winogradPoints - 1
    return winogradTiles * Double(points * points) * Double(inputChannels * outputChannels)
  }
}
