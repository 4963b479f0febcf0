import NNShapes

// RandomErasing(p=0.5, scale=(0.02, 0.33), ratio=(0.3, 3.3), value=0, inplace=False): a rectangle filled
// with a value, or with noise.

extension TransformEntry {
  static let randomErasing = TransformEntry(
    schema: CallSchema(
      .transform, "RandomErasing",
      [
        .probability,
        Parameter(
          "scale", .numberPair(.fraction), default: .numbers([0.02, 0.33]),
          "the smallest and the largest share of the area"),
        Parameter(
          "ratio", .numberPair(.positive), default: .numbers([0.3, 3.3]),
          "the smallest and the largest height by width"),
        Parameter(
          "value", .numberOrNumbers(.any, words: ["random"]), default: .integer(0),
          "what it is filled with; 'random' is normal noise"),
        .inplace,
      ], "a rectangle of the image erased, at random",
      .transform(
        "the pixels of a rectangle are value, or normal noise; acts while training only",
        shapes: "(C, H, W) → (C, H, W)", "ToTensor(), RandomErasing(0.25)")),
    configure: { bound, report in
      guard bound.isComplete, let p = bound.number("p"), let scale = bound.numbers("scale"),
        let ratio = bound.numbers("ratio")
      else { return nil }
      for (name, pair) in [("scale", scale), ("ratio", ratio)] where pair[0] > pair[1] {
        report.error(
          "out-of-range", "`\(name)` of RandomErasing is (smallest, largest)", at: bound.span(name),
          help: "write \(name)=(\(numberText(pair[1])), \(numberText(pair[0])))")
        return nil
      }
      return .randomErasing(
        RandomErasingConfiguration(p: p, scale: scale, ratio: ratio, value: bound.oneOrMore("value")))
    })
}

extension RandomErasingConfiguration: TransformRules {
  var isRandom: Bool { true }
  var needsTensor: Bool { true }

  func check(_ image: Shape, _ stage: ImageStage) throws(TransformMisfit) {
    if let value { try check(value.count, "value", image) }
  }
}
