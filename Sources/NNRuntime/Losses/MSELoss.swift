/// (x - y)², PyTorch's `MSELoss`. The target has the input's shape, or one that broadcasts with it.
public struct MSELoss: Loss {
  public let reduction: Reduction

  public init(reduction: Reduction = .mean) { self.reduction = reduction }

  public func forward(
    _ input: Variable, _ target: Target, _ tape: Tape
  ) throws(TargetError) -> Variable {
    guard case .values(let values) = target else {
      throw .needsValues(expected: tape.shape(input))
    }
    return try tape.squaredError(input, tape.variable(values), reduction: reduction)
  }
}
