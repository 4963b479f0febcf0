import NNShapes

// LayerNorm: y = (x - mean) / sqrt(var + eps) · weight + bias over the last dimensions, whose sizes are
// normalized_shape. RMSNorm: y = x / sqrt(mean(x²) + eps) · weight. Source: torch/nn/modules/normalization.py.

extension LayerEntry {
  static let layerNorm = norm(
    "LayerNorm", isCentered: true,
    Parameter("eps", .number(.atLeastZero), default: .number(1e-5), "added to the variance"),
    "each sample brought to mean 0 and variance 1",
    .layer(
      "y = (x - mean) / sqrt(var + eps) · weight + bias, mean and biased variance over the last dimensions",
      shapes: """
        (*, *normalized_shape) → the same shape
        weight, bias (*normalized_shape)
        """,
      initialization: "weight 1, bias 0", input: "64", "Linear(64, 32), LayerNorm(32), ReLU(), Linear(32, 10)"
    ))
  static let rmsNorm = norm(
    "RMSNorm", isCentered: false,
    Parameter(
      "eps", .number(.atLeastZero), default: ParameterValue.none, acceptsNone: true,
      "added to the mean square; None is float32's epsilon"),
    "each sample divided by its root mean square",
    .layer(
      "y = x / sqrt(mean(x²) + eps) · weight, the mean over the last dimensions",
      shapes: """
        (*, *normalized_shape) → the same shape
        weight (*normalized_shape)
        """,
      initialization: "weight 1", input: "64", "Linear(64, 32), RMSNorm(32), ReLU(), Linear(32, 10)"))

  private static func norm(
    _ name: String, isCentered: Bool, _ eps: Parameter, _ summary: String, _ documentation: Documentation
  ) -> LayerEntry {
    let bias = Parameter(
      "bias", .boolean, default: .boolean(true), "whether the affine map has a bias")
    return LayerEntry(
      schema: CallSchema(
        .layer, name,
        [
          Parameter(
            "normalized_shape", .tuple(TupleKind(sizes, counts: 1...Shape.maximumRank)), example: "64",
            "sizes of the last dimensions"), eps,
          Parameter(
            "elementwise_affine", .boolean, default: .boolean(true), "learn a weight for each element"),
        ] + (isCentered ? [bias] : []) + Parameter.placement + Parameter.weightSettings, summary,
        documentation),
      traits: .linear,
      configure: { bound, _, _ in
        guard let shape = bound.tuple("normalized_shape")?.compactMap(\.self) else { return nil }
        let affine = bound.boolean("elementwise_affine") ?? true
        return .layerNorm(
          LayerNormConfiguration(
            shape: shape, eps: bound.number("eps") ?? Double(Float.ulpOfOne), affine: affine,
            bias: isCentered && affine && bound.boolean("bias") ?? true, isCentered: isCentered))
      },
      describe: { bound, configuration in
        guard case .layerNorm(let layer) = configuration else { return name }
        let bias = isCentered ? ", bias=\(ParameterValue.boolean(layer.bias))" : ""
        return "\(name)(\(pythonTuple(layer.shape.map(String.init))), \(bound.printed("eps")), "
          + "\(bound.printed("elementwise_affine"))\(bias))"
      })
  }
}

extension LayerNormConfiguration: LayerRules {
  public var weights: [WeightPlan] {
    let shape = Shape(shape)
    return (affine ? [WeightPlan("weight", shape)] : []) + (bias ? [WeightPlan("bias", shape)] : [])
  }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    let found = input.dimensions.suffix(shape.count)
    guard Array(found) != shape.map({ .fixed($0) }) else { return input }
    let wanted = shape.map(String.init).joined(separator: "×")
    let rest = found.map(\.description).joined(separator: "×")
    site.error(
      "shape-mismatch",
      input.rank < shape.count
        ? "\(site.text) normalises \(counted(shape.count, "dimension")), \(wanted), but its input is \(input.crossed)"
        : "\(site.text) normalises last dimensions of \(wanted), but those of its input \(input.crossed) are \(rest)",
      at: "normalized_shape", notes: site.note(of: site.history.steps.last, gives: input.sampleText),
      help: rewriting(found.compactMap(\.fixedSize), at: site))
    return input
  }

  /// The call for the sizes that there are; nil where one is the batch's.
  private func rewriting(_ sizes: [Int], at site: LayerSite) -> String? {
    guard sizes.count == shape.count else { return nil }
    let text = sizes.map(String.init).joined(separator: ", ")
    return site.helpRewriting("normalized_shape", to: sizes.count == 1 ? text : "(\(text))")
  }
}
