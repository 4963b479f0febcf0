import NNShapes

// Normalize(mean, std, inplace=False): (x - mean) / std for each channel.

extension TransformEntry {
  static let normalize = TransformEntry(
    schema: CallSchema(
      .transform, "Normalize",
      [
        Parameter(
          "mean", .numberOrNumbers(.any), example: "(0.5, 0.5, 0.5)", "what is subtracted, for each channel"),
        Parameter(
          "std", .numberOrNumbers(.any), example: "(0.5, 0.5, 0.5)", "what is divided by, for each channel"),
        .inplace,
      ], "(x - mean) / std",
      .transform(
        "y = (x - mean) / std, each channel with its own", shapes: "(C, H, W) → (C, H, W)",
        "ToTensor(), Normalize((0.5, 0.5, 0.5), (0.25, 0.25, 0.25))")),
    configure: { bound, report in
      guard let mean = bound.oneOrMore("mean"), let std = bound.oneOrMore("std") else { return nil }
      if let zero = std.first(where: { Float($0) == 0 }) {
        report.error(
          "division-by-zero",
          "`std` of Normalize has \(zero == 0 ? "a 0" : "\(numberText(zero)), a 0 in float32"), and every value "
            + "is divided by it", at: bound.span("std"))
        return nil
      }
      return .normalize(NormalizeConfiguration(mean: mean, std: std))
    })
}

extension NormalizeConfiguration: TransformRules {
  var needsTensor: Bool { true }

  func check(_ image: Shape, _ stage: ImageStage) throws(TransformMisfit) {
    try check(mean.count, "mean", image)
    try check(std.count, "std", image)
  }
}
