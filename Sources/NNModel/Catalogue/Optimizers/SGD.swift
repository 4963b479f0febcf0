// SGD: g += weight_decay·p; buf = momentum·buf + (1 - dampening)·g, the first time buf = g;
// p -= lr·(nesterov ? g + momentum·buf : buf). Source: torch/optim/sgd.py.

extension OptimizerEntry {
  static let sgd = OptimizerEntry(
    schema: CallSchema(
      .optimizer, "SGD",
      [
        .learningRate(), .momentum,
        Parameter("dampening", .number(.any), default: .number(0), "share of the gradient left out"),
        .weightDecay(),
        Parameter("nesterov", .boolean, default: .boolean(false), "look ahead along the momentum"),
        .maximize(), .implementation("foreach", .none, .boolean(false)),
        .implementation("differentiable", .boolean(false)),
        .implementation("fused", .none, .boolean(false)),
      ],
      "gradient descent with momentum",
      .training(
        """
        g = gradient + weight_decay · w
        b = momentum · b + (1 - dampening) · g, in the first step b = g
        w = w - lr · b; with nesterov w = w - lr · (g + momentum · b)
        """, optimizer: "SGD(lr=0.01, momentum=0.9)")),
    highRate: 1,
    configure: { bound, report in
      guard let momentum = bound.number("momentum"), let dampening = bound.number("dampening"),
        let decay = bound.number("weight_decay"), let nesterov = bound.boolean("nesterov"),
        let maximize = bound.boolean("maximize")
      else { return nil }
      if nesterov && (momentum <= 0 || dampening != 0) {
        report.error(
          "nesterov-needs-momentum", "nesterov needs a momentum above 0 and no dampening",
          at: bound.span("nesterov"),
          help: dampening != 0 ? "delete dampening" : "add momentum=0.9, or delete nesterov")
        return nil
      }
      if momentum >= 1 {
        report.warning(
          "high-momentum",
          "with momentum \(numberText(momentum)) the steps never fade: training will diverge",
          at: bound.span("momentum"), help: "0.9 is usual")
      }
      return .sgd(
        momentum: momentum, dampening: dampening, weightDecay: decay, nesterov: nesterov, maximize: maximize)
    })
}
