// Adam: m and v are running means of g and g²; p -= lr/(1 - β1^t) · m / (√v/√(1 - β2^t) + eps). AdamW decays
// the weights and not the gradient. Sources: torch/optim/adam.py, torch/optim/adamw.py.

extension OptimizerEntry {
  static let adam = OptimizerEntry(
    schema: CallSchema(
      .optimizer, "Adam",
      [
        .learningRate(), .betas, .epsilon(), .weightDecay(), .amsgrad,
        .implementation("foreach", .none, .boolean(false)), .maximize(),
        .implementation("capturable", .boolean(false)),
        .implementation("differentiable", .boolean(false)),
        .implementation("fused", .none, .boolean(false)),
        .decoupledWeightDecay(keywordOnly: true),
      ],
      "steps scaled by the gradients' running mean and square",
      .training(
        """
        g = gradient + weight_decay · w
        m = β₁ · m + (1 - β₁) · g, v = β₂ · v + (1 - β₂) · g²
        w = w - lr · (m / (1 - β₁ᵗ)) / (sqrt(v / (1 - β₂ᵗ)) + eps) in step t
        """, optimizer: "Adam(lr=0.001)")),
    highRate: 0.1,
    configure: { bound, _ in
      bound.boolean("decoupled_weight_decay").flatMap { adamKind(bound, decoupledWeightDecay: $0) }
    })

  static let adamW = OptimizerEntry(
    schema: CallSchema(
      .optimizer, "AdamW",
      [
        .learningRate(), .betas, .epsilon(), .weightDecay(0.01), .amsgrad, .maximize(),
        .implementation("foreach", .none, .boolean(false)),
        .implementation("capturable", .boolean(false)),
        .implementation("differentiable", .boolean(false)),
        .implementation("fused", .none, .boolean(false)),
      ],
      "Adam whose weight decay shrinks the weights themselves",
      .training(
        """
        w = w · (1 - lr · weight_decay)
        m = β₁ · m + (1 - β₁) · gradient, v = β₂ · v + (1 - β₂) · gradient²
        w = w - lr · (m / (1 - β₁ᵗ)) / (sqrt(v / (1 - β₂ᵗ)) + eps) in step t
        """, optimizer: "AdamW(lr=0.001)")),
    highRate: 0.1,
    configure: { bound, _ in adamKind(bound, decoupledWeightDecay: true) })

  private static func adamKind(_ bound: BoundCall, decoupledWeightDecay: Bool) -> OptimizerPlan.Kind? {
    guard let betas = bound.betas, let eps = bound.number("eps"),
      let decay = bound.number("weight_decay"), let amsgrad = bound.boolean("amsgrad"),
      let maximize = bound.boolean("maximize")
    else { return nil }
    return .adam(
      betas: betas, eps: eps, weightDecay: decay, amsgrad: amsgrad, maximize: maximize,
      decoupledWeightDecay: decoupledWeightDecay)
  }
}
