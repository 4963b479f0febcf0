/// One optimizer of the catalogue.
struct OptimizerEntry: Sendable {
  /// Positional arguments begin with `lr`: a model or its parameters before it are taken off first.
  let schema: CallSchema
  /// Above it, a learning rate is probably a mistake.
  let highRate: Double
  /// Nil where arguments are wrong or do not go together, which it reports.
  let configure: @Sendable (BoundCall, Reporter) -> OptimizerPlan.Kind?
}

extension Parameter {
  static let learningRate = Parameter("lr", .number(.atLeastZero), default: .number(0.001), "learning rate")
  static let weightDecay = Parameter(
    "weight_decay", .number(.atLeastZero), default: .number(0), "share of the weights added to the gradient")
  static let maximize = Parameter(
    "maximize", .boolean, default: .boolean(false), keywordOnly: true, "climb instead of descend")

  /// Choices of PyTorch's implementation that change no result.
  static func implementation(_ name: String, _ values: ParameterValue...) -> Parameter {
    Parameter(
      name, .onlyDefault(values, otherwise: "it chooses among PyTorch's implementations"),
      default: values.first ?? ParameterValue.none, keywordOnly: true,
      "only \(list(values.map(\.description), last: "or"))")
  }
}
