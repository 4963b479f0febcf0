// Softmax(dim): e^x / Σ e^x along one dimension; LogSoftmax its logarithm. PyTorch guesses a missing
// `dim` with a warning; here it has to be written.

extension LayerEntry {
  static let softmax = overDimension(
    "Softmax", "exp(x) / sum(exp(x)) along a dimension: probabilities", [.probabilities, .nonnegative],
    "y = exp(x) / Σ exp(x), the sum along dim"
  ) { .softmax(dim: $0) }

  static let logSoftmax = overDimension(
    "LogSoftmax", "the logarithm of Softmax", .logProbabilities, "y = x - log Σ exp(x), the sum along dim"
  ) { .logSoftmax(dim: $0) }

  private static func overDimension(
    _ name: String, _ summary: String, _ traits: LayerTraits, _ formula: String,
    _ configuration: @escaping @Sendable (Int) -> LayerConfiguration
  ) -> LayerEntry {
    LayerEntry(
      schema: CallSchema(
        .layer, name,
        [
          Parameter(
            "dim", .integer(-maximumDimension...maximumDimension), example: "1",
            "the dimension that adds up to 1; 1 is the classes of N×C")
        ], summary,
        .layer(
          formula, shapes: "(*) → (*), the same shape", input: "10", "Linear(10, 3), \(name)(dim=1)")),
      traits: traits,
      configure: { bound, _, _ in bound.integer("dim").map(configuration) },
      describe: { bound, _ in "\(name)(\(bound.printed("dim")))" })
  }
}

struct SoftmaxRules: LayerRules {
  let dim: Int

  func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard let resolved = resolvedDimension(dim, rank: input.rank) else {
      reportDimension(dim, "dim", input, site)
      return input
    }
    if site.isTraining && resolved == 0 && input.isBatched {
      site.warning(
        "softmax-over-batch", "\(site.text) adds up over the batch: the samples of a batch change each other",
        at: "dim", help: site.helpRewriting("dim", to: "1"))
    }
    return input
  }
}
