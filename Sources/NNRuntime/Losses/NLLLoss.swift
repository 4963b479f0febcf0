import NNShapes

/// -w[y] · x[y] for log-probabilities x, PyTorch's `NLLLoss`.
///
/// Input (C), (N, C) or (N, C, d₁, …), labels (), (N) or (N, d₁, …). The mean divides by the sum of the
/// labels' weights. Nothing checks that the input holds log-probabilities.
public struct NLLLoss: Loss {
  /// A weight a class, (C).
  public let weight: Tensor?
  /// The label whose elements do not count.
  public let ignoreIndex: Int
  public let reduction: Reduction

  public init(weight: [Double]? = nil, ignoreIndex: Int = -100, reduction: Reduction = .mean) {
    self.weight = weight.map { Tensor($0.map { Float($0) }, Shape($0.count)) }
    self.ignoreIndex = ignoreIndex
    self.reduction = reduction
  }

  public func forward(
    _ input: Variable, _ target: Target, _ tape: Tape
  ) throws(TargetError) -> Variable {
    let shape = tape.shape(input)
    precondition(shape.rank >= 1, "NLLLoss of a scalar")
    guard case .classes(let labels) = target else {
      throw .needsClasses(expected: tape.labelShape(of: shape))
    }
    return try tape.classLoss(
      input, labels, weight: weight, ignoreIndex: ignoreIndex, reduction: reduction)
  }
}
