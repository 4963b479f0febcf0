// KLDivLoss: y (log y - x) for log-probabilities x and probabilities y, or with log_target their
// logarithms. Source: torch/nn/modules/loss.py.

extension LossEntry {
  static let klDiv = LossEntry(
    schema: CallSchema(
      .loss, "KLDivLoss",
      [
        Parameter.deprecatedReductions.sizeAverage, Parameter.deprecatedReductions.reduce,
        .reduction([.none, .batchmean, .mean, .sum]),
        Parameter(
          "log_target", .boolean, default: .boolean(false), "whether the targets are logarithms too"),
      ], "log-probabilities against target probabilities",
      .values(
        "l = t · (log(t) - x); with log_target exp(t) · (t - x)", "KLDivLoss(reduction=batchmean)",
        ending: ", LogSoftmax(dim=1)")),
    targets: .values, scores: .logProbabilities,
    configure: { bound in bound.boolean("log_target").map { .klDiv(logTarget: $0) } })
}
