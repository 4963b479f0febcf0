import NNShapes

// Unflatten: dimension `dim` becomes several of the given sizes; one of them may be -1, what is left.
// Source: torch/nn/modules/flatten.py.

extension LayerEntry {
  static let unflatten = LayerEntry(
    schema: CallSchema(
      .layer, "Unflatten",
      [
        Parameter(
          "dim", .integer(-maximumDimension...maximumDimension), example: "1",
          "the dimension that is split; negative ones count from the end"),
        Parameter(
          "unflattened_size", .tuple(TupleKind(-1...maximumDimension, counts: 1...7, acceptsNumber: false)),
          example: "(16, 5, 5)", "the sizes that it becomes; -1 for what is left"),
      ],
      "one dimension becomes several",
      .layer(
        "the same values; dimension dim of size S becomes dimensions whose sizes multiply up to S",
        shapes: "(*, S, *) → (*, *unflattened_size, *)", input: "100",
        "Linear(100, 3072), Unflatten(1, (3, 32, 32))")),
    traits: [.linear, .transparent],
    configure: { bound, _, report in
      guard let dim = bound.integer("dim"), let sizes = bound.tuple("unflattened_size") else { return nil }
      if sizes.count(where: { $0 == -1 }) > 1 {
        report.error(
          "two-holes", "`unflattened_size` of Unflatten has two sizes of -1: only one can be worked out",
          at: bound.span("unflattened_size"))
        return nil
      }
      return .unflatten(UnflattenConfiguration(dim: dim, sizes: sizes.compactMap(\.self)))
    },
    describe: { bound, _ in "Unflatten(\(bound.printed("dim")), \(bound.printed("unflattened_size")))" })
}

extension UnflattenConfiguration: LayerRules {
  public var movesValuesOnly: Bool { true }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard let place = resolvedDimension(dim, rank: input.rank), input.rank > 0 else {
      reportDimension(dim, "dim", input, site)
      return nil
    }
    guard input.rank + sizes.count - 1 <= Shape.maximumRank else {
      site.error(
        "too-many-dimensions",
        "\(site.text) of \(input.crossed) would have \(input.rank + sizes.count - 1) dimensions; the most is "
          + "\(Shape.maximumRank)", at: "unflattened_size")
      return nil
    }
    guard let split = split(input.dimensions[place], of: input, at: site) else { return nil }
    var dimensions = input.dimensions
    dimensions.replaceSubrange(place...place, with: split)
    return FlowShape(dimensions)
  }

  /// What the dimension becomes; nil, reported, where the sizes do not multiply up to it.
  private func split(_ dimension: FlowDimension, of input: FlowShape, at site: LayerSite) -> [FlowDimension]?
  {
    let factor: Int
    switch dimension {
    case .fixed(let size): factor = size
    case .batch(let multiple): factor = multiple
    }
    let known = sizes.filter { $0 >= 0 }
    let hasHole = known.count < sizes.count
    guard let product = product(known) else {
      site.error(
        "too-large", "the sizes of \(site.text) multiply up to more than 2^63", at: "unflattened_size")
      return nil
    }
    // A batch of unknown size is what is left, or in a file that only applies as large as it has to be.
    let fits: Bool =
      switch dimension {
      case .fixed: hasHole ? product > 0 && factor % product == 0 : product == factor
      case .batch: hasHole ? product > 0 && factor % product == 0 : !site.isTraining
      }
    guard fits else {
      let shown = known.map(String.init).joined(separator: "·")
      let rest = hasHole ? "\(shown) = \(product), which does not divide it" : "\(shown) = \(product)"
      site.error(
        "sizes-do-not-multiply",
        "\(site.text) splits dimension \(dim) of \(input.crossed), which is \(dimension), but \(rest)",
        at: "unflattened_size", notes: site.note(of: site.history.steps.last, gives: input.sampleText))
      return nil
    }
    return sizes.map { size in
      if size >= 0 { return .fixed(size) }
      let rest = factor / product
      if case .batch = dimension { return .batch(rest) }
      return .fixed(rest)
    }
  }
}
