import NNShapes

// GLU(dim): the first half of a dimension times the sigmoid of the second; the dimension is halved.

extension LayerEntry {
  static let glu = LayerEntry(
    schema: CallSchema(
      .layer, "GLU",
      [
        Parameter(
          "dim", .integer(-maximumDimension...maximumDimension), default: .integer(-1),
          "the dimension that is halved")
      ], "one half of a dimension times the sigmoid of the other",
      .layer(
        "y = a · sigmoid(b), a and b the halves of x along dim", shapes: "(*, 2 · S, *) → (*, S, *)",
        input: "10", "Linear(10, 40), GLU(), Linear(20, 3)")),
    traits: [],
    configure: { bound, _, _ in bound.integer("dim").map { .glu(dim: $0) } },
    describe: { bound, _ in "GLU(\(bound.printed("dim")))" })
}

struct GLURules: LayerRules {
  let dim: Int

  func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard input.rank > 0, let index = resolvedDimension(dim, rank: input.rank) else {
      if input.rank == 0 {
        site.error("no-such-dimension", "\(site.text) halves a dimension, and a single number has none")
      } else {
        reportDimension(dim, "dim", input, site)
      }
      return nil
    }
    guard case .fixed(let size) = input.dimensions[index] else {
      site.error(
        "halves-batch", "\(site.text) halves dimension \(index) of \(input.crossed), the batch", at: "dim",
        help: site.helpRewriting("dim", to: "1"))
      return nil
    }
    guard size % 2 == 0 else {
      let producer = site.history.producer(ofDimensionFromEnd: input.rank - index)
      site.error(
        "odd-dimension",
        "\(site.text) halves dimension \(index) of \(input.crossed), and \(size) is odd", at: "dim",
        notes: site.note(of: producer, gives: input.crossed),
        help: "give it \(size + 1) or \(size - 1) in that dimension")
      return nil
    }
    var output = input
    output.dimensions[index] = .fixed(size / 2)
    return output
  }
}
