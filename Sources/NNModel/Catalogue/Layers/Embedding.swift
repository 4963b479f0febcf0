import NNShapes

// Embedding: whole numbers (*) to rows of the weight (*, embedding_dim). The weight is drawn from N(0, 1),
// the row padding_idx is 0 and stays so. Source: torch/nn/modules/sparse.py.

extension LayerEntry {
  /// Indices travel as float32, which has every whole number up to 2^24.
  private static let counts = 1...(1 << 24)

  static let embedding = LayerEntry(
    schema: CallSchema(
      .layer, "Embedding",
      [
        Parameter("num_embeddings", .integer(counts), example: "1000", "rows: inputs are 0 to one less"),
        Parameter("embedding_dim", .integer(sizes), example: "64", "values of a row"),
        Parameter(
          "padding_idx", .integer(-maximumDimension...maximumDimension), default: ParameterValue.none,
          acceptsNone: true, "a row of zeros that is not trained"),
        .only("max_norm", ParameterValue.none, because: "rows are not rescaled"),
        Parameter("norm_type", .number(.positive), default: .number(2, isInteger: false), "of max_norm"),
        .only("scale_grad_by_freq", .boolean(false), because: "gradients are not scaled by frequency"),
        .only("sparse", .boolean(false), because: "gradients are dense"),
      ] + Parameter.placement + Parameter.weightSettings,
      "rows of a table, looked up by whole numbers",
      .layer(
        "y = weight[x]; the row padding_idx takes no gradient",
        shapes: """
          (*) → (*, embedding_dim)
          weight (num_embeddings, embedding_dim)
          """,
        initialization: "weight N(0, 1), the row padding_idx 0", input: "20",
        "Embedding(1000, 64), Flatten(), Linear(_, 10)")),
    traits: [],
    configure: { bound, _, report in
      guard let count = bound.integer("num_embeddings"), let dimension = bound.integer("embedding_dim") else {
        return nil
      }
      var padding = bound.integer("padding_idx")
      if let index = padding {
        padding = index < 0 ? index + count : index
        guard let row = padding, (0..<count).contains(row) else {
          report.error(
            "out-of-range",
            "`padding_idx` of Embedding is a row, \(-count) to \(count - 1), not \(index)",
            at: bound.span("padding_idx"))
          return nil
        }
      }
      return .embedding(EmbeddingConfiguration(count: count, dimension: dimension, paddingIndex: padding))
    },
    describe: { bound, configuration in
      guard case .embedding(let layer) = configuration else { return bound.schema.name }
      let padding = layer.paddingIndex.map { ", padding_idx=\($0)" } ?? ""
      return "Embedding(\(layer.count), \(layer.dimension)\(padding))"
    })
}

extension EmbeddingConfiguration: LayerRules {
  public var weights: [WeightPlan] { [WeightPlan("weight", [count, dimension])] }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    if let step = site.history.recent.first(where: { !$0.rules.movesValuesOnly }) {
      site.error(
        "not-an-index", "\(site.text) takes whole numbers, and \(site.named(step)) gives others",
        notes: [site.report.note(at: step.span, "computes new values")], help: "put it first")
      return nil
    }
    if site.history.origin.isPlural {
      site.error(
        "not-an-index",
        "\(site.text) takes whole numbers from 0 to \(count - 1), and \(site.history.origin.being) values of 0 to 1"
      )
      return nil
    }
    guard input.rank < Shape.maximumRank else {
      site.error("too-many-dimensions", "\(site.text) of \(input.crossed) has too many dimensions")
      return nil
    }
    return FlowShape(input.dimensions + [.fixed(dimension)])
  }
}
