import NNShapes

// BatchNorm1d, BatchNorm2d, InstanceNorm2d: y = (x - mean) / sqrt(var + eps) · weight + bias for each channel,
// over the batch and the map, or over the map of each sample. Running statistics are buffers; they keep the
// unbiased variance. Source: torch/nn/modules/batchnorm.py, instancenorm.py.

extension LayerEntry {
  static let batchNorm1d = norm(
    "BatchNorm1d", ranks: [2, 3], affine: true, tracks: true,
    "features brought to mean 0 and variance 1 over the batch",
    documentation(
      of: "over the batch, and L", shapes: "(N, C) or (N, C, L) → the same shape", input: "784",
      "Linear(784, 100), BatchNorm1d(100), ReLU(), Linear(100, 10)")
  ) { .batchNorm($0) }
  static let batchNorm2d = norm(
    "BatchNorm2d", ranks: [4], affine: true, tracks: true,
    "channels brought to mean 0 and variance 1 over the batch",
    documentation(
      of: "over the batch, H and W", shapes: "(N, C, H, W) → the same shape", input: "(3, 32, 32)",
      "Conv2d(3, 16, 3), BatchNorm2d(16), ReLU(), Flatten(), Linear(_, 10)")
  ) { .batchNorm($0) }
  static let instanceNorm2d = norm(
    "InstanceNorm2d", ranks: [3, 4], affine: false, tracks: false,
    "channels of each image brought to mean 0 and variance 1",
    documentation(
      of: "over H and W of each sample", shapes: "(N, C, H, W) → the same shape, or without N",
      input: "(3, 32, 32)", "Conv2d(3, 16, 3), InstanceNorm2d(16), ReLU(), Flatten(), Linear(_, 10)")
  ) { .instanceNorm2d($0) }

  private static func documentation(
    of statistics: String, shapes: String, input: String, _ layers: String
  ) -> Documentation {
    .layer(
      """
      y = (x - mean) / sqrt(var + eps) · weight + bias, mean and biased variance \(statistics)
      running = (1 - momentum) · running + momentum · batch, with the unbiased variance; taken in evaluation
      """,
      shapes: shapes + "\nweight, bias, running_mean, running_var (C)",
      initialization: "weight 1, bias 0, running_mean 0, running_var 1", input: input, layers)
  }

  private static func norm(
    _ name: String, ranks: [Int], affine: Bool, tracks: Bool, _ summary: String,
    _ documentation: Documentation,
    _ configuration: @escaping @Sendable (BatchNormConfiguration) -> LayerConfiguration
  ) -> LayerEntry {
    LayerEntry(
      schema: CallSchema(
        .layer, name,
        [
          Parameter("num_features", .integer(sizes), acceptsHole: true, "channels of the input"), .eps,
          Parameter(
            "momentum", .number(.any), default: .number(0.1), acceptsNone: true,
            "the share of a batch in the running statistics; None for the mean of all"),
          Parameter(
            "affine", .boolean, default: .boolean(affine), "learn a weight and a bias for each channel"),
          Parameter(
            "track_running_stats", .boolean, default: .boolean(tracks), "keep statistics for evaluation"),
        ] + Parameter.placement + [.normBias] + Parameter.weightSettings, summary,
        documentation),
      traits: .linear,
      configure: { bound, input, _ in
        let features = bound.size(
          "num_features", from: input, { channels(of: $0, unbatchedRank: name == "InstanceNorm2d" ? 3 : nil) }
        )
        guard let features, let eps = bound.number("eps") else { return nil }
        let affine = bound.boolean("affine") ?? affine
        return configuration(
          BatchNormConfiguration(
            features: features, eps: eps, momentum: bound.number("momentum"), affine: affine,
            bias: affine && bound.boolean("bias") ?? true,
            trackRunningStats: bound.boolean("track_running_stats") ?? tracks, ranks: ranks))
      },
      describe: { bound, configuration in
        let layer: BatchNormConfiguration
        switch configuration {
        case .batchNorm(let norm), .instanceNorm2d(let norm): layer = norm
        default: return name
        }
        // Without `affine` there is no bias, which PyTorch prints as what it comes to.
        return "\(name)(\(layer.features), \(bound.printed("eps")), \(bound.printed("momentum")), "
          + "\(bound.printed("affine")), bias=\(ParameterValue.boolean(layer.bias)), "
          + "\(bound.printed("track_running_stats")))"
      })
  }

  /// The size of the dimension after the batch; of an input of `unbatchedRank` the first.
  private static func channels(of input: FlowShape, unbatchedRank: Int?) -> Int? {
    let place = input.rank == unbatchedRank ? 0 : 1
    return input.rank > place ? input.dimensions[place].fixedSize : nil
  }
}

extension Parameter {
  static let eps = Parameter(
    "eps", .number(.positive), default: .number(1e-5), "added to the variance, against division by 0")
  /// 2.15 has it after `device` and `dtype`.
  static let normBias = Parameter(
    "bias", .boolean, default: .boolean(true), keywordOnly: true, "whether the affine map has a bias")
}

extension BatchNormConfiguration: LayerRules {
  public var weights: [WeightPlan] {
    (affine ? [WeightPlan("weight", [features])] : []) + (bias ? [WeightPlan("bias", [features])] : [])
  }

  public var buffers: [WeightPlan] {
    trackRunningStats
      ? [
        WeightPlan("running_mean", [features]), WeightPlan("running_var", [features]),
        WeightPlan("num_batches_tracked", []),
      ] : []
  }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard ranks.contains(input.rank) else {
      let wanted = ranks == [4] ? "images, N×C×H×W" : "features, N×C, or sequences, N×C×L"
      site.error(
        "not-an-image", "\(site.text) takes \(wanted), but is given \(input.crossed)",
        notes: site.note(of: site.history.producer(ofDimensionFromEnd: 1), gives: input.sampleText),
        help: help(for: input))
      return input
    }
    site.check(channels: features, of: input, place: 1, "num_features")
    return input
  }

  private func help(for input: FlowShape) -> String? {
    if ranks == [4] {
      return input.rank == 2 || input.rank == 3 && input.isBatched ? "write BatchNorm1d(…)" : nil
    }
    return input.rank == 4 ? "write BatchNorm2d(…)" : nil
  }

  public func batchProblem(input: Shape, isTraining: Bool) -> String? {
    let values = input.dimensions.enumerated().reduce(1) { $1.offset == 1 ? $0 : $0 * $1.element }
    guard values == 1, isTraining || !trackRunningStats else { return nil }
    return "needs more than one value per channel for statistics, and \(input.crossed) has one"
  }
}

/// InstanceNorm2d: statistics of each sample, of an unbatched image too.
struct InstanceNormRules: LayerRules {
  let configuration: BatchNormConfiguration
  var weights: [WeightPlan] { configuration.weights }
  var buffers: [WeightPlan] { configuration.buffers }

  func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard let image = ImageShape(input, .two, at: site, channelsMayBeBatch: false) else { return input }
    site.check(
      channels: configuration.features, of: input, place: image.batch == nil ? 0 : 1, "num_features")
    return input
  }

  func batchProblem(input: Shape, isTraining: Bool) -> String? {
    guard input.rank >= 2, input[input.rank - 1] * input[input.rank - 2] == 1,
      isTraining || !configuration.trackRunningStats
    else { return nil }
    return "needs maps of more than one pixel for statistics, and \(input.crossed) has one"
  }
}

extension LayerSite {
  /// Reports where dimension `place` of the input is not `wanted`, as `parameter` of the layer says.
  func check(channels wanted: Int, of input: FlowShape, place: Int, _ parameter: String) {
    guard input.dimensions[place] != .fixed(wanted) else { return }
    reportChannels(
      input.dimensions[place], of: input.sampleText,
      made: history.producer(ofDimensionFromEnd: input.rank - place), wanted: wanted, parameter)
  }
}
