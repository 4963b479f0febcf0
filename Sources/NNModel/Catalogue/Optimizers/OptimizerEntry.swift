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
  static func learningRate(_ usual: Double = 0.001) -> Parameter {
    Parameter("lr", .number(.atLeastZero), default: .number(usual), "learning rate")
  }

  static let betas = Parameter(
    "betas", .numberPair(.belowOne), default: .numbers([0.9, 0.999]), "how slowly m and v forget")

  static func epsilon(_ usual: Double = 1e-8) -> Parameter {
    Parameter("eps", .number(.atLeastZero), default: .number(usual), "keeps the division from 0")
  }

  static func weightDecay(_ usual: Double = 0) -> Parameter {
    Parameter(
      "weight_decay", .number(.atLeastZero), default: .number(usual),
      "share of the weights added to the gradient"
    )
  }

  static func decoupledWeightDecay(keywordOnly: Bool) -> Parameter {
    Parameter(
      "decoupled_weight_decay", .boolean, default: .boolean(false), keywordOnly: keywordOnly,
      "shrink the weights by lr · weight_decay instead")
  }

  static let amsgrad = Parameter(
    "amsgrad", .boolean, default: .boolean(false), "divide by the largest v so far")

  static let momentum = Parameter(
    "momentum", .number(.atLeastZero), default: .number(0), "share of the last step kept")

  static func maximize(keywordOnly: Bool = true) -> Parameter {
    Parameter(
      "maximize", .boolean, default: .boolean(false), keywordOnly: keywordOnly, "climb instead of descend")
  }

  /// Choices of PyTorch's implementation that change no result.
  static func implementation(_ name: String, _ values: ParameterValue..., keywordOnly: Bool = true)
    -> Parameter
  {
    Parameter(
      name, .onlyDefault(values, otherwise: "it chooses among PyTorch's implementations"),
      default: values.first ?? ParameterValue.none, keywordOnly: keywordOnly,
      "only \(list(values.map(\.description), last: "or"))")
  }
}

extension BoundCall {
  /// `betas`; nil where they are wrong.
  var betas: (Double, Double)? {
    guard let betas = numbers("betas"), betas.count == 2 else { return nil }
    return (betas[0], betas[1])
  }
}
