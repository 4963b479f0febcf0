// Dropout(p): while training each element is 0 with probability p, the others are divided by 1 - p.

extension LayerEntry {
  static let dropout = LayerEntry(
    schema: CallSchema(
      .layer, "Dropout",
      [
        Parameter("p", .number(.fraction), default: .number(0.5), "the share that is set to 0"),
        .inplace,
      ],
      "sets elements to 0 at random while training",
      .elementwise(
        "training: y = 0 with probability p, else x / (1 - p); evaluation: y = x", "ReLU(), Dropout(0.5)")),
    traits: [.linear, .transparent, .dropout],
    configure: { bound, _, _ in .dropout(p: bound.number("p") ?? 0.5) },
    describe: { bound, _ in "Dropout(\(bound.printed("p")), \(bound.printed("inplace")))" })
}
