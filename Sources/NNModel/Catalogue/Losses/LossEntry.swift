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
  enum Scores: Sendable { case logits, logProbabilities, any }

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

  static let reduction = Parameter(
    "reduction", .choice(Reduction.allCases.map(\.rawValue)), default: .text("mean"),
    "how the losses of a batch are put together")

  static let classWeights = Parameter(
    "weight", .numbers, default: ParameterValue.none, acceptsNone: true, "a weight for each class")

  static let ignoreIndex = Parameter(
    "ignore_index", .integer(-maximumDimension...maximumDimension), default: .integer(-100),
    "a class number that is left out")
}
