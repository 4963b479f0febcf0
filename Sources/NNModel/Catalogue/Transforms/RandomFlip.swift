// RandomHorizontalFlip(p=0.5) and RandomVerticalFlip(p=0.5): the image mirrored, with probability p.

extension TransformEntry {
  static let randomHorizontalFlip = flip("RandomHorizontalFlip", "left and right change places") {
    .randomHorizontalFlip(p: $0)
  }
  static let randomVerticalFlip = flip("RandomVerticalFlip", "top and bottom change places") {
    .randomVerticalFlip(p: $0)
  }

  private static func flip(
    _ name: String, _ summary: String, _ configuration: @escaping @Sendable (Double) -> TransformConfiguration
  ) -> TransformEntry {
    TransformEntry(
      schema: CallSchema(
        .transform, name, [.probability], summary,
        .transform(
          "mirrored where a draw of U(0, 1) is below p; acts while training only",
          shapes: "(C, H, W) → (C, H, W)",
          "\(name)()")),
      configure: { bound, _ in bound.number("p").map(configuration) })
  }
}

extension Parameter {
  static let probability = Parameter("p", .number(.fraction), default: .number(0.5), "how often it acts")
}

struct RandomFlipRules: TransformRules {
  var isRandom: Bool { true }
}
