import NNShapes
import NNSyntax

// Conv2d: (N, C, H, W) or (C, H, W) to (N, O, H', W'), H' and W' by WindowGeometry. Cross-correlation.
// Source: torch/nn/modules/conv.py; bad sizes that PyTorch's constructor lets pass are refused.

extension LayerEntry {
  static let conv2d = LayerEntry(
    schema: CallSchema(
      .layer, "Conv2d",
      [
        Parameter("in_channels", .integer(sizes), acceptsHole: true, "channels of the input"),
        Parameter("out_channels", .integer(sizes), example: "32", "channels of the output, one a filter"),
        Parameter(
          "kernel_size", .pair(sizes, singleton: false), example: "3", "height and width of the filters"),
        Parameter("stride", .pair(sizes, singleton: false), default: .both(1), "step of the window"),
        Parameter(
          "padding", .pairOrChoice(0...maximumDimension, ["same", "valid"]), default: .both(0),
          "zeros around the image; 'same' keeps its size"),
        Parameter(
          "dilation", .pair(sizes, singleton: false), default: .both(1), "distance of the window's elements"),
        Parameter(
          "groups", .integer(sizes), default: .integer(1), "parts that the channels are split into"),
        Parameter("bias", .boolean, default: .boolean(true), "whether a bias is added"),
        .only("padding_mode", .text("zeros"), because: "other modes are not in this version of nnrun"),
      ] + Parameter.placement,
      "2-D convolution: filters slid over an image",
      .layer(
        """
        y[n, o, i, j] = bias[o] + Σ weight[o, c, a, b] · x[n, c, i · stride + a · dilation, j · stride + b · dilation]
        over the channels c of o's group and the kernel's a, b; x is padded with zeros
        """,
        shapes: """
          (N, in_channels, H, W) → (N, out_channels, H', W'), or the same without N
          H' = floor((H + 2 · padding - dilation · (kernel_size - 1) - 1) / stride) + 1, W' alike
          weight (out_channels, in_channels / groups, kernel_size, kernel_size), bias (out_channels)
          """,
        initialization: "weight and bias U(-k, k) with k = 1 / sqrt(in_channels / groups · kernel area)",
        input: "(3, 32, 32)", "Conv2d(3, 16, 3, padding=1), ReLU(), Flatten(), Linear(_, 10)")),
    traits: .linear,
    configure: { bound, input, report in
      guard
        let inChannels = bound.size(
          "in_channels", from: input, { $0.rank >= 3 ? $0.dimensions[$0.rank - 3].fixedSize : nil }),
        let outChannels = bound.integer("out_channels"), let kernel = bound.pair("kernel_size")
      else { return nil }
      // What is wrong in the rest is reported; its default lets the check go on.
      let stride = bound.pair("stride") ?? Size2d(1, 1)
      let groups = bound.integer("groups") ?? 1
      for (channels, name) in [(inChannels, "in_channels"), (outChannels, "out_channels")]
      where channels % groups != 0 {
        report.error(
          "groups-do-not-divide",
          "\(groups) groups need \(name) to be a multiple of \(groups), and it is \(channels)",
          at: bound.span("groups"))
      }
      let padding: Conv2dConfiguration.Padding
      switch bound["padding"].value {
      case .text("same"):
        padding = .same
        if stride != Size2d(1, 1) {
          report.error(
            "same-with-stride",
            "padding='same' keeps the size of the image, which a stride of \(stride) cannot",
            at: bound.span("stride"), help: "write stride=1, or give the padding in numbers")
        }
      case .text: padding = .valid
      default: padding = .size(bound.pair("padding") ?? Size2d(0, 0))
      }
      return .conv2d(
        Conv2dConfiguration(
          inChannels: inChannels, outChannels: outChannels, kernelSize: kernel, stride: stride,
          padding: padding, dilation: bound.pair("dilation") ?? Size2d(1, 1), groups: groups,
          bias: bound.boolean("bias") ?? true))
    },
    describe: { bound, configuration in
      guard case .conv2d(let layer) = configuration else { return "Conv2d" }
      var text =
        "Conv2d(\(layer.inChannels), \(layer.outChannels), kernel_size=\(layer.kernelSize), stride=\(layer.stride)"
      switch layer.padding {
      case .size(let size): if size != Size2d(0, 0) { text += ", padding=\(size)" }
      case .same: text += ", padding=same"
      case .valid: text += ", padding=valid"
      }
      if layer.dilation != Size2d(1, 1) { text += ", dilation=\(layer.dilation)" }
      if layer.groups != 1 { text += ", groups=\(layer.groups)" }
      if !layer.bias { text += ", bias=False" }
      return text + ")"
    })
}

extension Conv2dConfiguration: LayerRules {
  /// The windows with `padding='same'` resolved.
  public var slidingWindows: WindowPair {
    func window(_ kernel: Int, _ stride: Int, _ dilation: Int, _ size: Int) -> WindowGeometry {
      var before = 0
      var after = 0
      switch padding {
      case .size: (before, after) = (size, size)
      case .same: (before, after) = WindowGeometry.samePadding(kernel: kernel, dilation: dilation)
      case .valid: break
      }
      return WindowGeometry(
        kernel: kernel, stride: stride, paddingBefore: before, paddingAfter: after, dilation: dilation,
        ceilMode: false)
    }
    var size = Size2d(0, 0)
    if case .size(let written) = padding { size = written }
    return WindowPair(
      vertical: window(kernelSize.height, stride.height, dilation.height, size.height),
      horizontal: window(kernelSize.width, stride.width, dilation.width, size.width))
  }

  public var windows: WindowPair? { slidingWindows }

  public var weights: [WeightPlan] {
    let weight = WeightPlan(
      "weight", [outChannels, inChannels / groups, kernelSize.height, kernelSize.width])
    return bias ? [weight, WeightPlan("bias", [outChannels])] : [weight]
  }

  /// Output elements · kH · kW · C/groups.
  public func multiplyAdds(output: Shape) -> Int? {
    let factors = output.dimensions + [kernelSize.height, kernelSize.width, inChannels / groups]
    return product(factors)
  }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard let image = ImageShape(input, at: site, channelsMayBeBatch: false) else { return nil }
    if image.channels != .fixed(inChannels) { reportChannels(image, site) }
    guard let size = WindowedOutput(site: site, windows: slidingWindows).size(of: image) else { return nil }
    return image.with(channels: .fixed(outChannels), height: size.height, width: size.width)
  }

  private func reportChannels(_ image: ImageShape, _ site: LayerSite) {
    let producer = site.history.producer(ofDimensionFromEnd: 3)
    let found: String
    if let producer {
      let last = site.history.steps.last
      let between = last.map { $0.span != producer.span } == true ? last : nil
      let maker = "\(image.channels) made by \(site.named(producer))"
      found =
        between.map { "its input \(image.text), passed on by \(site.named($0)), has the \(maker)" }
        ?? "its input \(image.text) has the \(maker)"
    } else {
      found = "\(site.history.origin.having) \(image.channels): \(image.text)"
    }
    site.error(
      "channel-mismatch", "\(site.text) takes \(counted(inChannels, "channel")), but \(found)",
      at: "in_channels",
      notes: site.note(of: producer, gives: image.text),
      help: site.helpRewriting("in_channels", to: image.channels.description))
  }
}

/// The product of sizes; nil on overflow.
func product(_ factors: [Int]) -> Int? {
  if factors.contains(0) { return 0 }
  var result = 1
  for factor in factors {
    let (product, overflow) = result.multipliedReportingOverflow(by: factor)
    if overflow { return nil }
    result = product
  }
  return result
}
