import NNShapes

/// y = x · Wᵀ + b on the last dimension, PyTorch's `Linear`; see ``Tape/linear(_:weight:bias:)``.
///
/// Parameters: `weight` (out, in) and `bias` (out), both U(-1/√in, 1/√in).
public final class Linear: Layer {
  public let weight: Parameter
  public let bias: Parameter?

  /// Draws the weight, then the bias.
  public init(inFeatures: Int, outFeatures: Int, bias: Bool, generator: Generator) {
    weight = Parameter(Shape(outFeatures, inFeatures))
    self.bias = bias ? Parameter(Shape(outFeatures)) : nil
    Initialization.kaimingUniform(weight: weight, bias: self.bias, fanIn: inFeatures, generator)
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable { forward(input, tape, relu: false) }

  /// The linear map, and a ReLU in the same node.
  func forward(_ input: Variable, _ tape: Tape, relu: Bool) -> Variable {
    tape.linear(
      input, weight: tape.variable(weight), bias: bias.map { tape.variable($0) }, relu: relu)
  }

  public var ownParameters: [NamedParameter] { NamedParameter.list(weight: weight, bias: bias) }
}
