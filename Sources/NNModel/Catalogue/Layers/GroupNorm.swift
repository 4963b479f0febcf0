import NNShapes

// GroupNorm: (N, C, *), y = (x - mean) / sqrt(var + eps) · weight + bias over the channels of a group and
// their maps, sample by sample; weight and bias a channel. Source: torch/nn/modules/normalization.py.

extension LayerEntry {
  static let groupNorm = LayerEntry(
    schema: CallSchema(
      .layer, "GroupNorm",
      [
        Parameter("num_groups", .integer(sizes), example: "4", "groups that the channels are split into"),
        Parameter("num_channels", .integer(sizes), acceptsHole: true, example: "32", "channels of the input"),
        Parameter("eps", .number(.atLeastZero), default: .number(1e-5), "added to the variance"),
        Parameter("affine", .boolean, default: .boolean(true), "learn a weight and a bias for each channel"),
      ] + Parameter.placement + [.normBias] + Parameter.weightSettings,
      "groups of channels brought to mean 0 and variance 1",
      .layer(
        "y = (x - mean) / sqrt(var + eps) · weight + bias, mean and biased variance over a group's channels and map",
        shapes: """
          (N, num_channels, *) → the same shape
          weight, bias (num_channels)
          """,
        initialization: "weight 1, bias 0", input: "(3, 32, 32)",
        "Conv2d(3, 16, 3), GroupNorm(4, 16), ReLU(), Flatten(), Linear(_, 10)")),
    traits: .linear,
    configure: { bound, input, report in
      let channels = bound.size(
        "num_channels", from: input, { $0.rank > 1 ? $0.dimensions[1].fixedSize : nil })
      guard let groups = bound.integer("num_groups"), let channels, let eps = bound.number("eps") else {
        return nil
      }
      if channels % groups != 0 {
        report.error(
          "groups-do-not-divide",
          "\(groups) groups need num_channels to be a multiple of \(groups), and it is \(channels)",
          at: bound.span("num_groups"))
        return nil
      }
      let affine = bound.boolean("affine") ?? true
      return .groupNorm(
        GroupNormConfiguration(
          groups: groups, channels: channels, eps: eps, affine: affine,
          bias: affine && bound.boolean("bias") ?? true))
    },
    describe: { bound, configuration in
      guard case .groupNorm(let layer) = configuration else { return bound.schema.name }
      return
        "GroupNorm(\(layer.groups), \(layer.channels), \(bound.printed("eps")), \(bound.printed("affine")), "
        + "bias=\(ParameterValue.boolean(layer.bias)))"
    })
}

extension GroupNormConfiguration: LayerRules {
  public var weights: [WeightPlan] {
    (affine ? [WeightPlan("weight", [channels])] : []) + (bias ? [WeightPlan("bias", [channels])] : [])
  }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard input.rank >= 2 else {
      site.error("no-channels", "\(site.text) takes samples × channels, but is given \(input.crossed)")
      return input
    }
    site.check(channels: channels, of: input, place: 1, "num_channels")
    return input
  }

  public func batchProblem(input: Shape, isTraining: Bool) -> String? {
    let values = input.dimensions.enumerated().reduce(1) { $1.offset == 1 ? $0 : $0 * $1.element }
    // As PyTorch counts: the batch, the groups' channels and the map.
    guard values * (channels / groups) == 1 else { return nil }
    return "needs more than one value per group for statistics, and \(input.crossed) has one"
  }
}
