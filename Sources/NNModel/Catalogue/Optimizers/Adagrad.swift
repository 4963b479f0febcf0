// Adagrad: s is the sum of all g²; p -= lr/(1 + (t - 1)·lr_decay) · g / (√s + eps), torch/optim/adagrad.py.
// Adadelta: v and u are running means of g² and of the squared steps; p -= lr · √(u + eps)/√(v + eps) · g,
// torch/optim/adadelta.py.

extension OptimizerEntry {
  static let adagrad = OptimizerEntry(
    schema: CallSchema(
      .optimizer, "Adagrad",
      [
        .learningRate(0.01),
        Parameter("lr_decay", .number(.atLeastZero), default: .number(0), "how fast the rate goes down"),
        .weightDecay(),
        Parameter(
          "initial_accumulator_value", .number(.atLeastZero), default: .number(0), "what s begins with"),
        .epsilon(1e-10),
        .implementation("foreach", .none, .boolean(false), keywordOnly: false), .maximize(),
        .implementation("differentiable", .boolean(false)),
        .implementation("fused", .none, .boolean(false)),
      ],
      "steps divided by the root of all squared gradients so far",
      .training(
        """
        g = gradient + weight_decay · w
        s = s + g², at first initial_accumulator_value
        w = w - lr / (1 + (t - 1) · lr_decay) · g / (sqrt(s) + eps) in step t
        """, optimizer: "Adagrad(lr=0.01)")),
    highRate: 1,
    configure: { bound, _ in
      guard let rateDecay = bound.number("lr_decay"), let decay = bound.number("weight_decay"),
        let initial = bound.number("initial_accumulator_value"), let eps = bound.number("eps"),
        let maximize = bound.boolean("maximize")
      else { return nil }
      return .adagrad(
        lrDecay: rateDecay, weightDecay: decay, initialAccumulatorValue: initial, eps: eps, maximize: maximize
      )
    })

  static let adadelta = OptimizerEntry(
    schema: CallSchema(
      .optimizer, "Adadelta",
      [
        .learningRate(1),
        Parameter("rho", .number(.fraction), default: .number(0.9), "how slowly v and u forget"),
        .epsilon(1e-6), .weightDecay(),
        .implementation("foreach", .none, .boolean(false), keywordOnly: false),
        .implementation("capturable", .boolean(false)), .maximize(),
        .implementation("differentiable", .boolean(false)),
      ],
      "steps scaled by the running size of earlier steps",
      .training(
        """
        g = gradient + weight_decay · w
        v = rho · v + (1 - rho) · g², d = sqrt(u + eps) / sqrt(v + eps) · g, u = rho · u + (1 - rho) · d²
        w = w - lr · d
        """, optimizer: "Adadelta()")),
    highRate: 10,
    configure: { bound, _ in
      guard let rho = bound.number("rho"), let eps = bound.number("eps"),
        let decay = bound.number("weight_decay"), let maximize = bound.boolean("maximize")
      else { return nil }
      return .adadelta(rho: rho, eps: eps, weightDecay: decay, maximize: maximize)
    })
}
