import NNShapes

/// -log softmax(x)[y], PyTorch's `CrossEntropyLoss`: ``NLLLoss`` of the log-softmax of the input.
///
/// The class axis of the input, (C), (N, C) or (N, C, d₁, …), is 1, or 0 without a batch. Targets are
/// class labels (), (N) or (N, d₁, …), or probabilities of the input's own shape. With smoothing ε
/// labels count as (1 - ε) at the class and ε/C everywhere; probabilities t as (1 - ε)·t + ε/C.
/// Means of labels divide by the sum of the labels' weights, those of probabilities by N·d₁·….
public struct CrossEntropyLoss: Loss {
  /// A weight a class, (C).
  public let weight: Tensor?
  /// The label whose elements do not count.
  public let ignoreIndex: Int
  public let reduction: Reduction
  /// ε, 0 ... 1. As in PyTorch, one that is not above 0 has no effect.
  public let labelSmoothing: Double

  public init(
    weight: [Double]? = nil, ignoreIndex: Int = -100, reduction: Reduction = .mean,
    labelSmoothing: Double = 0
  ) {
    precondition(labelSmoothing <= 1, "CrossEntropyLoss: label_smoothing \(labelSmoothing)")
    self.weight = weight.map { Tensor($0.map { Float($0) }, Shape($0.count)) }
    self.ignoreIndex = ignoreIndex
    self.reduction = reduction
    self.labelSmoothing = max(0, labelSmoothing)
  }

  public func forward(
    _ input: Variable, _ target: Target, _ tape: Tape
  ) throws(TargetError) -> Variable {
    let shape = tape.shape(input)
    precondition(shape.rank >= 1, "CrossEntropyLoss of a scalar")
    switch target {
    case .classes(let labels):
      return try tape.crossEntropy(
        input, labels, weight: weight, ignoreIndex: ignoreIndex, reduction: reduction,
        labelSmoothing: Float(labelSmoothing))
    case .values(let probabilities):
      guard probabilities.shape == shape else {
        throw .needsClasses(expected: tape.labelShape(of: shape))
      }
      guard ignoreIndex < 0 else { throw .ignoreIndexWithProbabilities(ignoreIndex) }
      return try tape.probabilityLoss(
        tape.logSoftmax(input, dim: shape.rank == 1 ? 0 : 1), probabilities, weight: weight,
        reduction: reduction,
        labelSmoothing: Float(labelSmoothing))
    }
  }
}
