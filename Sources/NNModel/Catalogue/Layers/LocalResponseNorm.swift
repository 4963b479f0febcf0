import NNShapes

// LocalResponseNorm: (N, C, *), y = x / (k + alpha/size · Σ x²)^beta over `size` neighbouring channels, size/2
// of them before. Source: torch/nn/functional.py, `local_response_norm`.

extension LayerEntry {
  static let localResponseNorm = LayerEntry(
    schema: CallSchema(
      .layer, "LocalResponseNorm",
      [
        Parameter("size", .integer(sizes), example: "5", "neighbouring channels that are summed up"),
        Parameter("alpha", .number(.any), default: .number(1e-4), "factor of the mean square"),
        Parameter("beta", .number(.any), default: .number(0.75), "exponent"),
        Parameter("k", .number(.any), default: .number(1), "added to it"),
      ],
      "each value divided by those of the channels beside it",
      .layer(
        "y[c] = x[c] / (k + alpha / size · Σ x[j]²)^beta over the size channels j around c",
        shapes: "(N, C, *) → the same shape", input: "(3, 32, 32)",
        "Conv2d(3, 16, 3), ReLU(), LocalResponseNorm(5), Flatten(), Linear(_, 10)")),
    traits: [],
    configure: { bound, _, _ in
      guard let size = bound.integer("size"), let alpha = bound.number("alpha"),
        let beta = bound.number("beta"), let k = bound.number("k")
      else { return nil }
      return .localResponseNorm(LocalResponseNormConfiguration(size: size, alpha: alpha, beta: beta, k: k))
    },
    describe: { bound, _ in
      "LocalResponseNorm(\(bound.integer("size") ?? 0), \(bound.printed("alpha")), \(bound.printed("beta")), "
        + "\(bound.printed("k")))"
    })
}

extension LocalResponseNormConfiguration: LayerRules {
  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    if input.rank < 3 {
      site.error(
        "no-channels", "\(site.text) takes samples × channels × map, but is given \(input.crossed)",
        notes: site.note(of: site.history.steps.last, gives: input.sampleText))
    }
    return input
  }
}
