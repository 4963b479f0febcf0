import NNShapes

// PReLU: x above 0, w · x below, with a learnt w for all of the input or one for each index of
// dimension 1, which are the channels of (N, C, …).

extension LayerEntry {
  static let prelu = LayerEntry(
    schema: CallSchema(
      .layer, "PReLU",
      [
        Parameter(
          "num_parameters", .integer(sizes), default: .integer(1),
          "1 for all of the input, or the number of channels"),
        Parameter("init", .number(.any), default: .number(0.25), "the slope below 0 at first"),
      ] + Parameter.placement + [.requiresGrad], "x above 0, weight · x below, with a learnt weight",
      .layer(
        "y = x above 0, weight · x below; weight is one number, or one a channel",
        shapes: """
          (N, num_parameters, *) → the same shape, with one parameter any shape
          weight (num_parameters)
          """,
        initialization: "weight = init", input: "10", "Linear(10, 20), PReLU(), Linear(20, 3)")),
    traits: .activation,
    configure: { bound, _, _ in
      guard let count = bound.integer("num_parameters"), let value = bound.number("init") else { return nil }
      return .prelu(PReLUConfiguration(numParameters: count, initialValue: value))
    },
    describe: { bound, _ in "PReLU(\(bound.printed("num_parameters")))" })
}

extension PReLUConfiguration: LayerRules {
  public var weights: [WeightPlan] { [WeightPlan("weight", [numParameters])] }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard numParameters > 1 else { return input }
    guard input.rank >= 2 else {
      site.error(
        "channel-mismatch",
        "\(site.text) has a weight for each of \(numParameters) channels, dimension 1, but its input "
          + "\(input.crossed) has \(input.rank == 0 ? "no dimension" : "dimension 0 only")",
        at: "num_parameters", notes: site.note(of: site.history.steps.last, gives: input.crossed),
        help: site.helpRewriting("num_parameters", to: "1"))
      return input
    }
    site.check(channels: numParameters, of: input, place: 1, "num_parameters")
    return input
  }
}
