import NNShapes

/// A tensor that training changes, with its gradient.
public final class Parameter {
  /// The present value. A convolution's weight, (O, C/groups, kH, kW), is stored channels-last.
  public let value: Tensor
  /// The memory of the gradient, laid out like ``value``; meaningful while ``hasGradient`` is set.
  public let gradient: Tensor
  /// Whether a backward pass has written ``gradient`` since the last ``zeroGrad()``: the first one
  /// stores, later ones add.
  public internal(set) var hasGradient = false
  /// False for a frozen parameter: no gradient is computed.
  public var requiresGrad = true

  /// A parameter of zeros.
  public init(_ shape: Shape, _ format: MemoryFormat = .contiguous) {
    value = Tensor(zeros: shape, format)
    gradient = Tensor(zeros: shape, format)
  }

  public var shape: Shape { value.shape }

  /// Forgets the gradient, as PyTorch's `zero_grad(set_to_none=True)`.
  public func zeroGrad() { hasGradient = false }

  /// Writes values of N(mean, deviation²) in PyTorch's order of elements, as `normal_` does.
  func fillNormal(mean: Double, deviation: Double, _ generator: Generator) {
    var values = generator.randn(value.count)
    for index in values.indices { values[index] = Float(mean) + Float(deviation) * values[index] }
    value.setValues(values)
  }

  /// Writes values of U(low, high) in PyTorch's order of elements.
  func fillUniform(_ low: Float, _ high: Float, _ generator: Generator) {
    value.forEachOffset { value.pointer[$0] = generator.uniform(low, high) }
  }
}
