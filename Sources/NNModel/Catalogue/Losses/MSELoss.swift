// MSELoss: (x - y)² over values of the same shape.

extension LossEntry {
  static let mse = LossEntry(
    schema: CallSchema(
      .loss, "MSELoss",
      [Parameter.deprecatedReductions.sizeAverage, Parameter.deprecatedReductions.reduce, .reduction],
      "the squared difference from target values",
      Documentation(
        formula: "l = (x - t)²", shapes: "values (*), targets (*) → one number",
        example: """
          # nnrun apply FILE --input x.npy --target t.npy
          input = 10
          model Net { Linear(10, 20), ReLU(), Linear(20, 3) }
          loss = MSELoss()

          """)),
    targets: .values, scores: .any, configure: { _ in .mse })
}
