import NNShapes

// Dropout(p): while training each element is 0 with probability p, the others are divided by 1 - p.
// Dropout1d, Dropout2d: whole channels of it, one draw a channel. As in PyTorch, an input of three dimensions
// is a batch of sequences to Dropout2d, too.

extension LayerEntry {
  static let dropout = dropout(
    "Dropout", "sets elements to 0 at random while training",
    .elementwise(
      "training: y = 0 with probability p, else x / (1 - p); evaluation: y = x", "ReLU(), Dropout(0.5)")
  ) { .dropout(p: $0) }
  static let dropout1d = dropout(
    "Dropout1d", "sets channels of sequences to 0 at random while training",
    .layer(
      "training: y = 0 with probability p, else x / (1 - p), one draw a channel; evaluation: y = x",
      shapes: "(N, C, L) or (C, L) → the same shape", input: "(4, 100)",
      "Conv1d(4, 8, 3), ReLU(), Dropout1d(0.5), Flatten(), Linear(_, 10)")
  ) { .channelDropout(ChannelDropoutConfiguration(axes: .one, p: $0)) }
  static let dropout2d = dropout(
    "Dropout2d", "sets channels of images to 0 at random while training",
    .layer(
      "training: y = 0 with probability p, else x / (1 - p), one draw a channel; evaluation: y = x",
      shapes: "(N, C, H, W) → the same shape; the first two dimensions are the channels",
      input: "(3, 32, 32)", "Conv2d(3, 8, 3), ReLU(), Dropout2d(0.5), Flatten(), Linear(_, 10)")
  ) { .channelDropout(ChannelDropoutConfiguration(axes: .two, p: $0)) }

  private static func dropout(
    _ name: String, _ summary: String, _ documentation: Documentation,
    _ configuration: @escaping @Sendable (Double) -> LayerConfiguration
  ) -> LayerEntry {
    LayerEntry(
      schema: CallSchema(
        .layer, name,
        [
          Parameter("p", .number(.fraction), default: .number(0.5), "the share that is set to 0"),
          .inplace,
        ],
        summary, documentation),
      traits: [.linear, .transparent, .dropout],
      configure: { bound, _, _ in configuration(bound.number("p") ?? 0.5) },
      describe: { bound, _ in "\(name)(\(bound.printed("p")), \(bound.printed("inplace")))" })
  }
}

extension ChannelDropoutConfiguration: LayerRules {
  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    let ranks = axes == .one ? 2...3 : 2...Shape.maximumRank
    if !ranks.contains(input.rank) {
      let wanted =
        axes == .one ? "sequences, channels × length" : "at least two dimensions, samples × channels"
      site.error(
        "no-channels", "\(site.text) takes \(wanted), but is given \(input.crossed)",
        notes: site.note(of: site.history.steps.last, gives: input.sampleText), help: "write Dropout(…)")
    }
    return input
  }
}
