import NNDiagnostics
import NNShapes

// Linear: y = x Wᵀ + b on the last axis, (*, in_features) to (*, out_features).

extension LayerEntry {
  static let linear = LayerEntry(
    schema: CallSchema(
      .layer, "Linear",
      [
        Parameter("in_features", .integer(sizes), acceptsHole: true, "features of the input"),
        Parameter("out_features", .integer(sizes), example: "10", "features of the output"),
        .bias,
      ] + Parameter.placement + Parameter.weightSettings,
      "a fully connected layer",
      .layer(
        "y = x · weightᵀ + bias",
        shapes: """
          (*, in_features) → (*, out_features)
          weight (out_features, in_features), bias (out_features)
          """,
        initialization: "weight and bias U(-k, k) with k = 1 / sqrt(in_features)", input: "784",
        "Linear(784, 128), ReLU(), Linear(128, 10)")),
    traits: .linear,
    configure: { bound, input, _ in
      guard let outFeatures = bound.integer("out_features") else { return nil }
      let inFeatures = bound.size("in_features", from: input) { $0.dimensions.last?.fixedSize }
      return inFeatures.map {
        .linear(
          LinearConfiguration(
            inFeatures: $0, outFeatures: outFeatures, bias: bound.boolean("bias") ?? true))
      }
    },
    describe: { _, configuration in
      guard case .linear(let layer) = configuration else { return "Linear" }
      return "Linear(in_features=\(layer.inFeatures), out_features=\(layer.outFeatures), bias="
        + (layer.bias ? "True)" : "False)")
    })
}

extension LinearConfiguration: LayerRules {
  public var weights: [WeightPlan] {
    let weight = WeightPlan("weight", [outFeatures, inFeatures])
    return bias ? [weight, WeightPlan("bias", [outFeatures])] : [weight]
  }

  /// Output elements · in_features.
  public func multiplyAdds(input: Shape, output: Shape) -> Int? {
    product(output.dimensions + [inFeatures])
  }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard let last = input.dimensions.last else {
      site.error(
        "no-features", "\(site.text) takes rows of features, but is given a single number", at: "in_features",
        help: "give the input a shape: input = \(inFeatures)")
      return nil
    }
    guard let features = last.fixedSize else {
      reportBatch(input, site)
      return FlowShape([.batch(1), .fixed(outFeatures)])
    }
    let leading = FlowShape(input.dimensions.dropLast() + [.fixed(outFeatures)])
    if features == inFeatures { return leading }
    let hasBatch = input.isBatched || input.rank != 3
    let sample = hasBatch ? Array(input.dimensions.dropFirst()) : input.dimensions
    let isHole = site.bound?.isHole("in_features") ?? false
    if let fixed = Optional(sample.compactMap(\.fixedSize)), fixed.count == sample.count, sample.count >= 2,
      let all = product(fixed), all == inFeatures || sample.count == 3
    {
      reportMap(input, sample: fixed, count: all, site)
      return FlowShape([.batch(1), .fixed(outFeatures)])
    }
    if !isHole { reportFeatures(features, site) }
    return leading
  }

  /// The batch itself is the last dimension: one number a sample, or `Flatten(0)` before.
  private func reportBatch(_ input: FlowShape, _ site: LayerSite) {
    let producer = site.history.producer(ofDimensionFromEnd: 1)
    if input.rank == 1 && producer == nil {
      site.error(
        "no-features",
        "\(site.text) takes rows of \(inFeatures) features, but a sample of the input is one number",
        at: "in_features", help: "give the input a shape: input = \(inFeatures)")
      return
    }
    site.error(
      "no-features",
      "\(site.text) takes rows of \(inFeatures) features, but is given \(input.crossed), whose last dimension is the batch",
      at: "in_features", notes: site.note(of: producer, gives: input.crossed),
      help: producer == nil
        ? "give the input a shape: input = \(inFeatures)" : "write Flatten(), which keeps the batch")
  }

  /// A map instead of a row: `Flatten()` is missing.
  private func reportMap(_ input: FlowShape, sample: [Int], count: Int, _ site: LayerSite) {
    let arithmetic = sample.map(String.init).joined(separator: "·") + " = \(count)"
    let producer = site.history.steps.last
    let source = producer.map { " by \(site.named($0))" } ?? ""
    let rest =
      count == inFeatures
      ? "; \(arithmetic) fits"
      : site.rewritten("in_features", to: String(count)).map { " and write \($0); \(arithmetic)" } ?? ""
    site.error(
      "flatten-missing",
      "\(site.text) is given a \(input.sampleText) \(sample.count == 3 ? "feature map" : "value")\(source), "
        + "not a row of \(inFeatures) features", at: "in_features",
      notes: site.note(of: producer, gives: input.sampleText),
      help: "insert Flatten() before it\(rest)")
  }

  private func reportFeatures(_ features: Int, _ site: LayerSite) {
    let steps = site.history.steps
    let producer = site.history.producer(ofDimensionFromEnd: 1)
    var found: String
    if let producer, case let flattened = producer.input, flattened.rank > producer.output.rank {
      // Flatten: the arithmetic, and the layer that made the map.
      let merged = flattened.rank - producer.output.rank + 1
      let factors = flattened.dimensions.suffix(merged).map(\.description).joined(separator: "·")
      let index = steps.lastIndex { $0.span == producer.span } ?? 0
      let maker = index > 0 ? steps[index - 1] : nil
      let origin =
        maker.map { "\(site.named($0)) gives \(flattened.sampleText)" }
        ?? "\(site.history.origin.being) \(flattened.sampleText)"
      found = "\(origin), and \(site.named(producer)) makes \(factors) = \(features) of it"
    } else if let producer {
      found = "\(site.named(producer)) gives \(features)"
    } else {
      found = "\(site.history.origin.having) \(features)"
    }
    site.error(
      "feature-mismatch", "\(site.text) takes \(counted(inFeatures, "feature")), but \(found)",
      at: "in_features",
      notes: site.note(of: producer, gives: counted(features, "feature")),
      help: site.helpRewriting("in_features", to: String(features)))
  }
}
