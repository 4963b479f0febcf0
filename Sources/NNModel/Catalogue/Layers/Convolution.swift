import NNShapes
import NNSyntax

// Conv1d, Conv2d: (N, C, H, W) or (C, H, W) to (N, O, H', W'), H' and W' by WindowGeometry; sequences
// likewise. Cross-correlation. Source: torch/nn/modules/conv.py; bad sizes that PyTorch's constructor lets
// pass are refused.

extension LayerEntry {
  static let conv1d = convolution(
    .one, "1-D convolution: filters slid along a sequence",
    .layer(
      """
      y[n, o, i] = bias[o] + Σ weight[o, c, a] · x[n, c, i · stride + a · dilation]
      over the channels c of o's group and the kernel's a; x is padded as padding_mode says
      """,
      shapes: """
        (N, in_channels, L) → (N, out_channels, L'), or the same without N
        L' = floor((L + 2 · padding - dilation · (kernel_size - 1) - 1) / stride) + 1
        weight (out_channels, in_channels / groups, kernel_size), bias (out_channels)
        """,
      initialization: "weight and bias U(-k, k) with k = 1 / sqrt(in_channels / groups · kernel_size)",
      input: "(4, 100)", "Conv1d(4, 16, 5), ReLU(), Flatten(), Linear(_, 10)"))
  static let conv2d = convolution(
    .two, "2-D convolution: filters slid over an image",
    .layer(
      """
      y[n, o, i, j] = bias[o] + Σ weight[o, c, a, b] · x[n, c, i · stride + a · dilation, j · stride + b · dilation]
      over the channels c of o's group and the kernel's a, b; x is padded as padding_mode says
      """,
      shapes: """
        (N, in_channels, H, W) → (N, out_channels, H', W'), or the same without N
        H' = floor((H + 2 · padding - dilation · (kernel_size - 1) - 1) / stride) + 1, W' alike
        weight (out_channels, in_channels / groups, kernel_size, kernel_size), bias (out_channels)
        """,
      initialization: "weight and bias U(-k, k) with k = 1 / sqrt(in_channels / groups · kernel area)",
      input: "(3, 32, 32)", "Conv2d(3, 16, 3, padding=1), ReLU(), Flatten(), Linear(_, 10)"))

  private static func convolution(
    _ axes: SpatialAxes, _ summary: String, _ documentation: Documentation
  ) -> LayerEntry {
    LayerEntry(
      schema: CallSchema(
        .layer, "Conv\(axes.suffix)",
        [
          .inChannels, .outChannels,
          Parameter("kernel_size", axes.kind(sizes), example: "3", "\(axes.extent) of the filters"),
          Parameter("stride", axes.kind(sizes), default: axes.value(1), "step of the window"),
          Parameter(
            "padding", axes.kind(0...maximumDimension, or: ["same", "valid"]), default: axes.value(0),
            "elements added on each side; 'same' keeps the size"),
          .dilation(axes), .groups, .bias,
          Parameter(
            "padding_mode", .choice(PaddingMode.allCases.map(\.rawValue)), default: .text("zeros"),
            "what is added"),
        ] + Parameter.placement + Parameter.weightSettings, summary, documentation),
      traits: .linear,
      configure: { bound, input, report in
        guard let channels = ChannelArguments(bound, input, axes, report),
          let kernel = bound.extent("kernel_size", axes, neutral: 1)
        else { return nil }
        // What is wrong in the rest is reported; its default lets the check go on.
        let stride = bound.extent("stride", axes, neutral: 1) ?? Size2d(1, 1)
        return .convolution(
          ConvolutionConfiguration(
            axes: axes, inChannels: channels.input, outChannels: channels.output, kernelSize: kernel,
            stride: stride, padding: padding(bound, axes, stride, report),
            dilation: bound.extent("dilation", axes, neutral: 1) ?? Size2d(1, 1), groups: channels.groups,
            bias: bound.boolean("bias") ?? true,
            paddingMode: bound.text("padding_mode").flatMap(PaddingMode.init) ?? .zeros))
      },
      describe: { bound, configuration in
        guard case .convolution(let layer) = configuration else { return bound.schema.name }
        return layer.description
      })
  }

  private static func padding(
    _ bound: BoundCall, _ axes: SpatialAxes, _ stride: Size2d, _ report: Reporter
  ) -> ConvolutionConfiguration.Padding {
    switch bound["padding"].value {
    case .text("same"):
      if stride != Size2d(1, 1) {
        report.error(
          "same-with-stride",
          "padding='same' keeps the size of the input, which a stride of \(axes.printed(stride)) cannot",
          at: bound.span("stride"), help: "write stride=1, or give the padding in numbers")
      }
      return .same
    case .text: return .valid
    default: return .size(bound.extent("padding", axes, neutral: 0) ?? Size2d(0, 0))
    }
  }
}

extension ConvolutionConfiguration: CustomStringConvertible {
  /// As PyTorch prints it.
  public var description: String {
    var text =
      "Conv\(axes.suffix)(\(inChannels), \(outChannels), kernel_size=\(axes.printed(kernelSize)), "
      + "stride=\(axes.printed(stride))"
    switch padding {
    case .size(let size): if size != Size2d(0, 0) { text += ", padding=\(axes.printed(size))" }
    case .same: text += ", padding=same"
    case .valid: text += ", padding=valid"
    }
    if dilation != Size2d(1, 1) { text += ", dilation=\(axes.printed(dilation))" }
    if groups != 1 { text += ", groups=\(groups)" }
    if !bias { text += ", bias=False" }
    if paddingMode != .zeros { text += ", padding_mode=\(paddingMode.rawValue)" }
    return text + ")"
  }
}

extension ConvolutionConfiguration: LayerRules {
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
    let kernel = axes == .one ? [kernelSize.width] : [kernelSize.height, kernelSize.width]
    let weight = WeightPlan("weight", Shape([outChannels, inChannels / groups] + kernel))
    return bias ? [weight, WeightPlan("bias", [outChannels])] : [weight]
  }

  /// Output elements · kH · kW · C/groups.
  public func multiplyAdds(input: Shape, output: Shape) -> Int? {
    let factors = output.dimensions + [kernelSize.height, kernelSize.width, inChannels / groups]
    return product(factors)
  }

  /// Values of a padded map, 4 GB.
  private static let largestPaddedMap = 1 << 30

  /// The values of one sample's map with its padding, which is copied.
  private func paddedCount(_ height: Int, _ width: Int) -> Int {
    let windows = slidingWindows
    let (rows, columns) = (windows.vertical.paddedSize(of: height), windows.horizontal.paddedSize(of: width))
    return saturatingProduct(saturatingProduct(rows, columns), inChannels)
  }

  private func padded(_ height: Int, _ width: Int) -> String {
    let windows = slidingWindows
    let (rows, columns) = (windows.vertical.paddedSize(of: height), windows.horizontal.paddedSize(of: width))
    return axes == .one ? "\(inChannels)×\(columns)" : "\(inChannels)×\(rows)×\(columns)"
  }

  /// What is put around the input before the windows, which then have no padding of their own; nil for
  /// zeros, which the windows bring along.
  public var surround: (vertical: PaddingGeometry, horizontal: PaddingGeometry)? {
    guard paddingMode != .zeros else { return nil }
    func axis(_ window: WindowGeometry) -> PaddingGeometry {
      PaddingGeometry(before: window.paddingBefore, after: window.paddingAfter, mode: paddingMode)
    }
    let windows = slidingWindows
    return (axis(windows.vertical), axis(windows.horizontal))
  }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard let image = ImageShape(input, axes, at: site, channelsMayBeBatch: false) else { return nil }
    image.check(channels: inChannels, at: site, "in_channels")
    if let surround, !image.admits(surround, at: site) { return nil }
    guard paddedCount(image.height, image.width) <= Self.largestPaddedMap else {
      site.error(
        "too-large",
        "\(site.text) pads \(image.text) to \(padded(image.height, image.width)): a padded map has at most "
          + "\(Self.largestPaddedMap) values", at: "padding")
      return nil
    }
    guard let size = WindowedOutput(site: site, windows: slidingWindows).size(of: image) else { return nil }
    return image.with(channels: .fixed(outChannels), height: size.height, width: size.width)
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
