/// One loss of the catalogue.
struct LossEntry: Sendable {
  /// What the targets are.
  enum Targets: Sendable {
    /// One class number a sample.
    case classes
    /// Values in the shape of the output.
    case values
  }

  /// What the scores should be.
  enum Scores: Sendable {
    /// Scores of any size, of which the loss makes probabilities of classes.
    case logits
    /// Scores of any size, of which the loss makes a probability each.
    case binaryLogits
    case logProbabilities
    /// Numbers from 0 to 1.
    case probabilities
    case any
  }

  let schema: CallSchema
  let targets: Targets
  let scores: Scores
  /// Nil where arguments are wrong.
  let configure: @Sendable (BoundCall) -> LossPlan.Kind?
}

extension Parameter {
  /// PyTorch's two deprecated names of `reduction`.
  static let deprecatedReductions: (sizeAverage: Parameter, reduce: Parameter) = (
    .only("size_average", ParameterValue.none, because: "it is deprecated; write reduction='mean' or 'sum'"),
    .only("reduce", ParameterValue.none, because: "it is deprecated; write reduction='none'")
  )

  static let reduction = reduction([.none, .mean, .sum])

  static func reduction(_ choices: [Reduction]) -> Parameter {
    Parameter(
      "reduction", .choice(choices.map(\.rawValue)), default: .text("mean"),
      "how the losses of a batch are put together")
  }

  static let classWeights = Parameter(
    "weight", .numbers, default: ParameterValue.none, acceptsNone: true, "a weight for each class")

  static func elementWeights(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, .tensor, default: ParameterValue.none, acceptsNone: true, summary)
  }

  static let ignoreIndex = Parameter(
    "ignore_index", .integer(-maximumDimension...maximumDimension), default: .integer(-100),
    "a class number that is left out")
}
