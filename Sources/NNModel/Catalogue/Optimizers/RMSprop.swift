// RMSprop: v is a running mean of g²; p -= lr · g / (√v + eps). Source: torch/optim/rmsprop.py.

extension OptimizerEntry {
  static let rmsprop = OptimizerEntry(
    schema: CallSchema(
      .optimizer, "RMSprop",
      [
        .learningRate(0.01),
        Parameter("alpha", .number(.fraction), default: .number(0.99), "how slowly v forgets"),
        .epsilon(), .weightDecay(), .momentum,
        Parameter("centered", .boolean, default: .boolean(false), "divide by the deviation from the mean"),
        .implementation("capturable", .boolean(false), keywordOnly: false),
        .implementation("foreach", .none, .boolean(false), keywordOnly: false),
        .maximize(keywordOnly: false),
        .implementation("differentiable", .boolean(false), keywordOnly: false),
      ],
      "steps divided by the gradients' root mean square",
      .training(
        """
        g = gradient + weight_decay · w
        v = alpha · v + (1 - alpha) · g², with centered less the square of the running mean of g
        b = momentum · b + g / (sqrt(v) + eps), w = w - lr · b
        """, optimizer: "RMSprop(lr=0.001)")),
    highRate: 0.1,
    configure: { bound, _ in
      guard let alpha = bound.number("alpha"), let eps = bound.number("eps"),
        let decay = bound.number("weight_decay"), let momentum = bound.number("momentum"),
        let centered = bound.boolean("centered"), let maximize = bound.boolean("maximize")
      else { return nil }
      return .rmsprop(
        alpha: alpha, eps: eps, weightDecay: decay, momentum: momentum, centered: centered, maximize: maximize
      )
    })
}
