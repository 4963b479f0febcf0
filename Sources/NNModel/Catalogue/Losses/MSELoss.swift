// MSELoss: (x - y)² over values of the same shape.

extension LossEntry {
  static let mse = LossEntry(
    schema: CallSchema(
      .loss, "MSELoss",
      [Parameter.deprecatedReductions.sizeAverage, Parameter.deprecatedReductions.reduce, .reduction],
      "the squared difference from target values"),
    targets: .values, scores: .any, configure: { _ in .mse })
}
