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
      "Adam with Nesterov's momentum",
      .training(
        """
        m and v as Adam's, μₜ = β₁ · (1 - 0.5 · 0.96^(t · momentum_decay)), Π the product of all μ so far
        w = w - lr · (μₜ₊₁ · m / (1 - Π · μₜ₊₁) + (1 - μₜ) · g / (1 - Π)) / (sqrt(v / (1 - β₂ᵗ)) + eps)
        """, optimizer: "NAdam(lr=0.002)")),
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
      "Adam that does without v for its first steps",
      .training(
        """
        m and v as Adam's, ρ∞ = 2 / (1 - β₂) - 1, ρ = ρ∞ - 2 · t · β₂ᵗ / (1 - β₂ᵗ)
        ρ > 5: w = w - lr · m / (1 - β₁ᵗ) · r · sqrt(1 - β₂ᵗ) / (sqrt(v) + eps), r the rectification of ρ
        else: w = w - lr · m / (1 - β₁ᵗ)
        """, optimizer: "RAdam(lr=0.001)")),
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
      "Adam scaled by the largest gradients",
      .training(
        """
        m = β₁ · m + (1 - β₁) · g, u = max(β₂ · u, |g| + eps)
        w = w - lr / (1 - β₁ᵗ) · m / u in step t
        """, optimizer: "Adamax(lr=0.002)")),
    highRate: 0.1,
    configure: { bound, _ in
      guard let betas = bound.betas, let eps = bound.number("eps"),
        let decay = bound.number("weight_decay"), let maximize = bound.boolean("maximize")
      else { return nil }
      return .adamax(betas: betas, eps: eps, weightDecay: decay, maximize: maximize)
    })
}
