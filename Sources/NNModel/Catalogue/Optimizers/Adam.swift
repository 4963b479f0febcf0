// Adam: m and v are running means of g and g²; p -= lr/(1 - β1^t) · m / (√v/√(1 - β2^t) + eps).
// Source: torch/optim/adam.py.

extension OptimizerEntry {
  static let adam = OptimizerEntry(
    schema: CallSchema(
      .optimizer, "Adam",
      [
        .learningRate,
        Parameter(
          "betas", .numberPair(.belowOne), default: .numbers([0.9, 0.999]), "how slowly m and v forget"),
        Parameter("eps", .number(.atLeastZero), default: .number(1e-8), "keeps the division from 0"),
        .weightDecay,
        Parameter("amsgrad", .boolean, default: .boolean(false), "divide by the largest v so far"),
        .implementation("foreach", .none, .boolean(false)), .maximize,
        .implementation("capturable", .boolean(false)),
        .implementation("differentiable", .boolean(false)),
        .implementation("fused", .none, .boolean(false)),
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
      guard let betas = bound.numbers("betas"), betas.count == 2, let eps = bound.number("eps"),
        let decay = bound.number("weight_decay"), let amsgrad = bound.boolean("amsgrad"),
        let maximize = bound.boolean("maximize")
      else { return nil }
      return .adam(
        betas: (betas[0], betas[1]), eps: eps, weightDecay: decay, amsgrad: amsgrad, maximize: maximize)
    })
}
