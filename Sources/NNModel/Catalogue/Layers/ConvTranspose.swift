import NNShapes
import NNSyntax

// ConvTranspose1d, ConvTranspose2d: (N, C, H, W) to (N, O, H', W'), the input gradient of the convolution
// with the same arguments; sizes by TransposedWindow. The arguments come in another order than Conv2d's, and
// the weight is (C, O/groups, kH, kW). Source: torch/nn/modules/conv.py.

extension LayerEntry {
  static let convTranspose1d = convTranspose(
    .one, "transposed 1-D convolution: makes a sequence longer",
    .layer(
      "y[n, o, i · stride - padding + a · dilation] += weight[c, o, a] · x[n, c, i] for all i, c, a, onto the bias",
      shapes: """
        (N, in_channels, L) → (N, out_channels, L'), or the same without N
        L' = (L - 1) · stride - 2 · padding + dilation · (kernel_size - 1) + output_padding + 1
        weight (in_channels, out_channels / groups, kernel_size), bias (out_channels)
        """,
      initialization: "weight and bias U(-k, k) with k = 1 / sqrt(out_channels / groups · kernel_size)",
      input: "(16, 25)", "ConvTranspose1d(16, 4, 2, stride=2)"))
  static let convTranspose2d = convTranspose(
    .two, "transposed 2-D convolution: makes an image larger",
    .layer(
      """
      y[n, o, i · stride - padding + a · dilation, j · …] += weight[c, o, a, b] · x[n, c, i, j] for all i, j, c, a, b,
      onto the bias
      """,
      shapes: """
        (N, in_channels, H, W) → (N, out_channels, H', W'), or the same without N
        H' = (H - 1) · stride - 2 · padding + dilation · (kernel_size - 1) + output_padding + 1, W' alike
        weight (in_channels, out_channels / groups, kernel_size, kernel_size), bias (out_channels)
        """,
      initialization: "weight and bias U(-k, k) with k = 1 / sqrt(out_channels / groups · kernel area)",
      input: "(16, 8, 8)", "ConvTranspose2d(16, 3, 2, stride=2)"))

  private static func convTranspose(
    _ axes: SpatialAxes, _ summary: String, _ documentation: Documentation
  ) -> LayerEntry {
    LayerEntry(
      schema: CallSchema(
        .layer, "ConvTranspose\(axes.suffix)",
        [
          .inChannels, .outChannels,
          Parameter("kernel_size", axes.kind(sizes), example: "2", "\(axes.extent) of the filters"),
          Parameter("stride", axes.kind(sizes), default: axes.value(1), "how far apart the input is laid"),
          Parameter(
            "padding", axes.kind(0...maximumDimension), default: axes.value(0),
            "elements cut off on each side"),
          Parameter(
            "output_padding", axes.kind(0...maximumDimension), default: axes.value(0),
            "elements added at the end; below the stride or the dilation"),
          .groups, .bias, .dilation(axes),
          .only("padding_mode", .text("zeros"), because: "PyTorch has no other for this layer"),
        ] + Parameter.placement + Parameter.weightSettings, summary, documentation),
      traits: .linear,
      configure: { bound, input, report in
        guard let channels = ChannelArguments(bound, input, axes, report),
          let kernel = bound.extent("kernel_size", axes, neutral: 1)
        else { return nil }
        let layer = ConvTransposeConfiguration(
          axes: axes, inChannels: channels.input, outChannels: channels.output, kernelSize: kernel,
          stride: bound.extent("stride", axes, neutral: 1) ?? Size2d(1, 1),
          padding: bound.extent("padding", axes, neutral: 0) ?? Size2d(0, 0),
          outputPadding: bound.extent("output_padding", axes, neutral: 0) ?? Size2d(0, 0),
          groups: channels.groups, bias: bound.boolean("bias") ?? true,
          dilation: bound.extent("dilation", axes, neutral: 1) ?? Size2d(1, 1))
        return layer.checkOutputPadding(bound, report) ? .convTranspose(layer) : nil
      },
      describe: { bound, configuration in
        guard case .convTranspose(let layer) = configuration else { return bound.schema.name }
        return layer.description
      })
  }
}

extension ConvTransposeConfiguration: CustomStringConvertible {
  /// As PyTorch prints it.
  public var description: String {
    var text =
      "ConvTranspose\(axes.suffix)(\(inChannels), \(outChannels), kernel_size=\(axes.printed(kernelSize)), "
      + "stride=\(axes.printed(stride))"
    if padding != Size2d(0, 0) { text += ", padding=\(axes.printed(padding))" }
    if dilation != Size2d(1, 1) { text += ", dilation=\(axes.printed(dilation))" }
    if outputPadding != Size2d(0, 0) { text += ", output_padding=\(axes.printed(outputPadding))" }
    if groups != 1 { text += ", groups=\(groups)" }
    if !bias { text += ", bias=False" }
    return text + ")"
  }
}

extension ConvTransposeConfiguration: LayerRules {
  /// The windows along height and width; of a sequence the height is left alone.
  public var transposedWindows: (vertical: TransposedWindow, horizontal: TransposedWindow) {
    func window(_ axis: KeyPath<Size2d, Int>) -> TransposedWindow {
      TransposedWindow(
        kernel: kernelSize[keyPath: axis], stride: stride[keyPath: axis], padding: padding[keyPath: axis],
        outputPadding: outputPadding[keyPath: axis], dilation: dilation[keyPath: axis])
    }
    return (window(\.height), window(\.width))
  }

  public var weights: [WeightPlan] {
    let kernel = axes == .one ? [kernelSize.width] : [kernelSize.height, kernelSize.width]
    let weight = WeightPlan("weight", Shape([inChannels, outChannels / groups] + kernel))
    return bias ? [weight, WeightPlan("bias", [outChannels])] : [weight]
  }

  /// Input elements · kH · kW · O/groups.
  public func multiplyAdds(input: Shape, output: Shape) -> Int? {
    product(input.dimensions + [kernelSize.height, kernelSize.width, outChannels / groups])
  }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard let image = ImageShape(input, axes, at: site, channelsMayBeBatch: false) else { return nil }
    image.check(channels: inChannels, at: site, "in_channels")
    let windows = transposedWindows
    let height = windows.vertical.outputSize(of: image.height)
    let width = windows.horizontal.outputSize(of: image.width)
    guard let height, let width, image.height > 0, image.width > 0, height >= 1, width >= 1,
      height <= maximumDimension, width <= maximumDimension
    else {
      reportSize(image, height, width, site)
      return nil
    }
    return image.with(channels: .fixed(outChannels), height: height, width: width)
  }

  private func reportSize(_ image: ImageShape, _ height: Int?, _ width: Int?, _ site: LayerSite) {
    let isWidth = (height ?? 0) >= 1 && (height ?? .max) <= maximumDimension || axes == .one
    let window = isWidth ? transposedWindows.horizontal : transposedWindows.vertical
    let (size, found) = isWidth ? (image.width, width) : (image.height, height)
    let what = axes == .one ? "length" : isWidth ? "width" : "height"
    let arithmetic =
      "(\(size) - 1)·\(window.stride) - 2·\(window.padding) + \(window.dilation)·(\(window.kernel) - 1) + "
      + "\(window.outputPadding) + 1"
    site.error(
      "no-output",
      "\(site.text) on \(image.text) would give a \(what) of \(arithmetic)"
        + (found.map { " = \($0)" } ?? "") + ", and it is 1 to \(maximumDimension)",
      at: (found ?? 1) < 1 ? "padding" : nil,
      notes: site.note(of: site.history.producer(ofDimensionFromEnd: 1), gives: image.text))
  }

  /// False, reported, where `output_padding` is not below the stride or the dilation.
  func checkOutputPadding(_ bound: BoundCall, _ report: Reporter) -> Bool {
    let windows = transposedWindows
    for window in [windows.vertical, windows.horizontal]
    where window.outputPadding > 0 && window.outputPadding >= max(window.stride, window.dilation) {
      report.error(
        "output-padding-too-large",
        "output_padding is below the stride or the dilation, and \(window.outputPadding) is not below "
          + "\(max(window.stride, window.dilation))", at: bound.span("output_padding"))
      return false
    }
    return true
  }
}
