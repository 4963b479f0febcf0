import NNShapes

// ColorJitter(brightness=0, contrast=0, saturation=0, hue=0): each changed by a random factor, in a
// random order. A number x stands for the range 1 - x … 1 + x, of hue for -x … x.

extension TransformEntry {
  static let colorJitter = TransformEntry(
    schema: CallSchema(
      .transform, "ColorJitter",
      ["brightness", "contrast", "saturation"].map { name in
        Parameter(
          name, .numberOrNumbers(.atLeastZero), default: .integer(0),
          "x for factors of 1 - x to 1 + x, or (smallest, largest)")
      } + [
        Parameter(
          "hue", .numberOrNumbers(NumberRange(lower: -0.5, upper: 0.5)), default: .integer(0),
          "x for turns of -x to x of the circle, or (smallest, largest)")
      ], "brightness, contrast, saturation and hue, at random",
      .transform(
        "y = factor · x + (1 - factor) · (black, mean grey, grey self), and the hue turned; while training only",
        shapes: "(C, H, W) → (C, H, W), C is 1 or 3", "ColorJitter(0.4, 0.4, 0.4, 0.1)")),
    configure: { bound, report in
      guard bound.isComplete else { return nil }
      let names = ["brightness", "contrast", "saturation", "hue"]
      let ranges = names.map { range($0, bound, report) }
      guard ranges.allSatisfy({ $0 != nil }) else { return nil }
      let acting = zip(names, ranges).map { name, range in
        range.flatMap { $0 == [neutral(name), neutral(name)] ? nil : $0 }
      }
      return .colorJitter(
        ColorJitterConfiguration(
          brightness: acting[0], contrast: acting[1], saturation: acting[2], hue: acting[3]))
    })

  /// The factor that changes nothing.
  private static func neutral(_ name: String) -> Double { name == "hue" ? 0 : 1 }

  /// (smallest, largest); nil, reported, where it is neither a number nor such a pair.
  private static func range(_ name: String, _ bound: BoundCall, _ report: Reporter) -> [Double]? {
    if let width = bound.number(name) ?? bound.integer(name).map(Double.init) {
      guard width >= 0 else {
        report.error(
          "out-of-range", "`\(name)` of ColorJitter as one number is at least 0, not \(numberText(width))",
          at: bound.span(name), help: "write \(name)=(\(numberText(width)), \(numberText(-width)))")
        return nil
      }
      let low = neutral(name) - width
      return [name == "hue" ? low : max(low, 0), neutral(name) + width]
    }
    guard let pair = bound.numbers(name), pair.count == 2, pair[0] <= pair[1] else {
      report.error(
        "wrong-type", "`\(name)` of ColorJitter is a number, or a pair (smallest, largest)",
        at: bound.span(name))
      return nil
    }
    return pair
  }
}

extension ColorJitterConfiguration: TransformRules {
  var isRandom: Bool { true }

  func check(_ image: Shape, _ stage: ImageStage) throws(TransformMisfit) { try checkColours(image) }
}
