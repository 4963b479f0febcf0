// NAdam: Adam with Nesterov's momentum, torch/optim/nadam.py. RAdam: Adam that trusts v late,
// torch/optim/radam.py. Adamax: the largest |g| in the place of √v, torch/optim/adamax.py.

extension OptimizerEntry {
  static let nadam = OptimizerEntry(
    schema: CallSchema(
      .optimizer, "NAdam",
      [
        .learningRate(0.002), .betas, .epsilon(), .weightDecay(),
        Parameter(
          "momentum_decay", .number(.atLeastZero), default: .number(0.004), "how fast the momentum comes up"),
        .decoupledWeightDecay(keywordOnly: false),
        .implementation("foreach", .none, .boolean(false)), .maximize(),
        .implementation("capturable", .boolean(false)),
        .implementation("differentiable", .boolean(false)),
      ],
      "Adam with Nesterov's momentum"),
    highRate: 0.1,
    configure: { bound, _ in
      guard let betas = bound.betas, let eps = bound.number("eps"),
        let decay = bound.number("weight_decay"), let momentumDecay = bound.number("momentum_decay"),
        let decoupled = bound.boolean("decoupled_weight_decay"), let maximize = bound.boolean("maximize")
      else { return nil }
      return .nadam(
        betas: betas, eps: eps, weightDecay: decay, momentumDecay: momentumDecay,
        decoupledWeightDecay: decoupled, maximize: maximize)
    })

  static let radam = OptimizerEntry(
    schema: CallSchema(
      .optimizer, "RAdam",
      [
        .learningRate(), .betas, .epsilon(), .weightDecay(), .decoupledWeightDecay(keywordOnly: false),
        .implementation("foreach", .none, .boolean(false)), .maximize(),
        .implementation("capturable", .boolean(false)),
        .implementation("differentiable", .boolean(false)),
      ],
      "Adam that does without v for its first steps"),
    highRate: 0.1,
    configure: { bound, _ in
      guard let betas = bound.betas, let eps = bound.number("eps"),
        let decay = bound.number("weight_decay"), let decoupled = bound.boolean("decoupled_weight_decay"),
        let maximize = bound.boolean("maximize")
      else { return nil }
      return .radam(
        betas: betas, eps: eps, weightDecay: decay, decoupledWeightDecay: decoupled, maximize: maximize)
    })

  static let adamax = OptimizerEntry(
    schema: CallSchema(
      .optimizer, "Adamax",
      [
        .learningRate(0.002), .betas, .epsilon(), .weightDecay(),
        .implementation("foreach", .none, .boolean(false), keywordOnly: false), .maximize(),
        .implementation("differentiable", .boolean(false)),
        .implementation("capturable", .boolean(false)),
      ],
      "Adam scaled by the largest gradients"),
    highRate: 0.1,
    configure: { bound, _ in
      guard let betas = bound.betas, let eps = bound.number("eps"),
        let decay = bound.number("weight_decay"), let maximize = bound.boolean("maximize")
      else { return nil }
      return .adamax(betas: betas, eps: eps, weightDecay: decay, maximize: maximize)
    })
}
