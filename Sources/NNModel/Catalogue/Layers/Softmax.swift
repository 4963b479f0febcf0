// Softmax(dim): e^x / Σ e^x along one dimension; LogSoftmax its logarithm. PyTorch guesses a missing
// `dim` with a warning; here it has to be written. Softmin(dim) is Softmax of -x, Softmax2d that over the
// channels of images.

extension LayerEntry {
  static let softmax = overDimension(
    "Softmax", "exp(x) / sum(exp(x)) along a dimension: probabilities",
    [.probabilities, .nonnegative, .unitInterval], "y = exp(x) / Σ exp(x), the sum along dim"
  ) { .softmax(dim: $0) }

  static let logSoftmax = overDimension(
    "LogSoftmax", "the logarithm of Softmax", .logProbabilities, "y = x - log Σ exp(x), the sum along dim"
  ) { .logSoftmax(dim: $0) }

  static let softmin = overDimension(
    "Softmin", "exp(-x) / sum(exp(-x)) along a dimension: the least value has the largest share",
    [.probabilities, .nonnegative, .unitInterval], "y = exp(-x) / Σ exp(-x), the sum along dim"
  ) { .softmin(dim: $0) }

  static let softmax2d = LayerEntry.elementwise(
    "Softmax2d", [], "Softmax over the channels of images, for each pixel",
    [.probabilities, .nonnegative, .unitInterval], .softmax2d,
    .layer(
      "y[c] = exp(x[c]) / Σ exp(x[j]), the sum over the channels j of a pixel",
      shapes: "(N, C, H, W) → the same shape, or without N", input: "(3, 32, 32)",
      "Conv2d(3, 5, 3), Softmax2d()"))

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

/// (N, C, H, W), or (C, H, W) without a batch.
struct Softmax2dRules: LayerRules {
  func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    ImageShape(input, .two, at: site, channelsMayBeBatch: false) == nil ? nil : input
  }
}
