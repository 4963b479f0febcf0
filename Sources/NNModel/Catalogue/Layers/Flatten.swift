import NNShapes

// Flatten: the dimensions start_dim to end_dim, both included, become one; negative ones count from
// the end, and the batch is dimension 0. An unbatched (C, H, W) becomes (C, H·W).

extension LayerEntry {
  static let flatten = LayerEntry(
    schema: CallSchema(
      .layer, "Flatten",
      [
        Parameter(
          "start_dim", .integer(-maximumDimension...maximumDimension), default: .integer(1),
          "the first dimension; 0 is the batch"),
        Parameter(
          "end_dim", .integer(-maximumDimension...maximumDimension), default: .integer(-1),
          "the last dimension"),
      ],
      "makes several dimensions one",
      .layer(
        "the same values in the same order", shapes: "(N, C, H, W) → (N, C · H · W)", input: "(3, 32, 32)",
        "Flatten(), Linear(3072, 10)")),
    traits: [.linear, .transparent],
    configure: { bound, _, _ in
      .flatten(startDim: bound.integer("start_dim") ?? 1, endDim: bound.integer("end_dim") ?? -1)
    },
    describe: { bound, _ in "Flatten(\(bound.printed("start_dim")), \(bound.printed("end_dim")))" })
}

struct FlattenRules: LayerRules {
  let startDim: Int
  let endDim: Int
  let movesValuesOnly = true

  func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    var start = startDim
    var end = endDim
    guard resolve(&start, "start_dim", input, site), resolve(&end, "end_dim", input, site) else { return nil }
    guard start <= end else {
      site.error(
        "flatten-order",
        "start_dim comes after end_dim: of \(input.crossed) they are dimensions \(start) and \(end)",
        at: "start_dim", help: "write Flatten(\(end), \(start))")
      return nil
    }
    if input.rank == 0 { return FlowShape([.fixed(1)]) }
    if start == 0 && end > 0 && site.isTraining && input.isBatched {
      let sample = input.sampleText
      site.error(
        "flatten-takes-batch",
        "\(site.text) also flattens the batch: N samples of \(sample) become one row", at: "start_dim",
        help: "write Flatten()")
      start = 1
    }
    var merged = input.dimensions[start]
    for dimension in input.dimensions[start...end].dropFirst() {
      guard let product = merged.multiplied(by: dimension) else {
        site.error(
          "too-large", "\(site.text) makes more than 2^63 elements of \(input.crossed) one dimension")
        return nil
      }
      merged = product
    }
    if let size = merged.fixedSize, size > maximumDimension {
      site.error(
        "too-large",
        "\(site.text) makes \(size) of \(input.sampleText); a dimension is at most \(maximumDimension)")
      return nil
    }
    return FlowShape(Array(input.dimensions[..<start] + [merged] + input.dimensions[(end + 1)...]))
  }

  /// Counts a negative dimension from the end; false, reported, where there is no such dimension.
  private func resolve(_ dimension: inout Int, _ name: String, _ input: FlowShape, _ site: LayerSite) -> Bool
  {
    if let resolved = resolvedDimension(dimension, rank: input.rank) {
      dimension = resolved
      return true
    }
    reportDimension(dimension, name, input, site)
    return false
  }
}

/// `dimension` counted from 0, where a value of that rank has it; a scalar counts as one dimension.
func resolvedDimension(_ dimension: Int, rank: Int) -> Int? {
  let count = max(rank, 1)
  let resolved = dimension < 0 ? dimension + count : dimension
  return resolved >= 0 && resolved < count ? resolved : nil
}

/// "Softmax(dim=2) needs a dimension 2; N×10 has 0 and 1".
func reportDimension(_ dimension: Int, _ name: String, _ input: FlowShape, _ site: LayerSite) {
  let count = max(input.rank, 1)
  site.error(
    "no-such-dimension",
    "\(site.text) needs a dimension \(dimension), but its input \(input.crossed) has \(counted(count, "dimension")): "
      + "`\(name)` is \(-count) to \(count - 1)", at: name,
    notes: site.note(of: site.history.steps.last, gives: input.crossed))
}
