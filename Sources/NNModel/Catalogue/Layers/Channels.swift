import NNShapes
import NNSyntax

// What the convolutions share: their arguments and what can be wrong with channels.

extension Parameter {
  static let inChannels = Parameter(
    "in_channels", .integer(sizes), acceptsHole: true, "channels of the input")
  static let outChannels = Parameter(
    "out_channels", .integer(sizes), example: "32", "channels of the output, one a filter")
  static let groups = Parameter(
    "groups", .integer(sizes), default: .integer(1), "parts that the channels are split into")
  static let bias = Parameter("bias", .boolean, default: .boolean(true), "whether a bias is added")

  static func dilation(_ axes: SpatialAxes, singleton: Bool = false) -> Parameter {
    Parameter(
      "dilation", axes.kind(sizes, singleton: singleton), default: axes.value(1),
      "distance of the window's elements")
  }
}

/// `in_channels`, `out_channels` and `groups` of a convolution.
struct ChannelArguments {
  let input: Int
  let output: Int
  let groups: Int

  /// Nil where the channels are not known; groups that do not divide them are reported.
  init?(_ bound: BoundCall, _ flow: FlowShape?, _ axes: SpatialAxes, _ report: Reporter) {
    let place = axes.rawValue + 1
    guard
      let input = bound.size(
        "in_channels", from: flow, { $0.rank >= place ? $0.dimensions[$0.rank - place].fixedSize : nil }),
      let output = bound.integer("out_channels")
    else { return nil }
    self.input = input
    self.output = output
    groups = bound.integer("groups") ?? 1
    for (channels, name) in [(input, "in_channels"), (output, "out_channels")] where channels % groups != 0 {
      report.error(
        "groups-do-not-divide",
        "\(groups) groups need \(name) to be a multiple of \(groups), and it is \(channels)",
        at: bound.span("groups"))
    }
  }
}

extension ImageShape {
  /// Reports where the input has another number of channels than `parameter` of the layer says.
  func check(channels wanted: Int, at site: LayerSite, _ parameter: String) {
    guard channels != .fixed(wanted) else { return }
    let producer = site.history.producer(ofDimensionFromEnd: axes.rawValue + 1)
    site.reportChannels(channels, of: text, made: producer, wanted: wanted, parameter)
  }

  /// False, reported, where a map is too small for what its own elements are to be padded with.
  func admits(
    _ surround: (vertical: PaddingGeometry, horizontal: PaddingGeometry), at site: LayerSite
  ) -> Bool {
    for (axis, size, what) in [(surround.vertical, height, "row"), (surround.horizontal, width, "column")] {
      let most = max(axis.before, axis.after)
      guard most > axis.limit(of: size) else { continue }
      let reason =
        axis.mode == .reflect
        ? "mirroring needs one more \(axes == .one ? "element" : what) than it adds"
        : "more cannot be taken from it"
      site.error(
        "padding-too-large",
        "\(site.text) adds \(most) to an input of \(text) by \(axis.mode.rawValue): the most is "
          + "\(max(axis.limit(of: size), 0)), since \(reason)", at: "padding",
        notes: site.note(of: site.history.producer(ofDimensionFromEnd: 1), gives: text))
      return false
    }
    return true
  }
}

extension LayerSite {
  /// "BatchNorm2d(64) takes 64 channels, but its input 32×16×16 has the 32 made by Conv2d(3, 32, 5) on
  /// line 3".
  func reportChannels(
    _ found: FlowDimension, of input: String, made producer: FlowHistory.Step?, wanted: Int,
    _ parameter: String
  ) {
    let description: String
    if let producer {
      let last = history.steps.last
      let between = last.map { $0.span != producer.span } == true ? last : nil
      let maker = "\(found) made by \(named(producer))"
      description =
        between.map { "its input \(input), passed on by \(named($0)), has the \(maker)" }
        ?? "its input \(input) has the \(maker)"
    } else {
      description = "\(history.origin.having) \(found): \(input)"
    }
    error(
      "channel-mismatch", "\(text) takes \(counted(wanted, "channel")), but \(description)",
      at: parameter, notes: note(of: producer, gives: input),
      help: helpRewriting(parameter, to: found.description))
  }
}
