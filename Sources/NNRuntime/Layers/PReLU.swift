import NNShapes

/// x for x > 0, else w · x with a learnt w for each channel, or one for all: PyTorch's `PReLU`; see
/// ``Tape/prelu(_:weight:)``.
///
/// Parameter: `weight` (num_parameters), `initialValue` at first.
public final class PReLU: Layer {
  public let weight: Parameter

  public init(count: Int, initialValue: Float) {
    weight = Parameter(Shape(count))
    weight.value.pointer.update(repeating: initialValue, count: count)
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.prelu(input, weight: tape.variable(weight))
  }

  public var ownParameters: [NamedParameter] { NamedParameter.list(weight: weight, bias: nil) }
}
