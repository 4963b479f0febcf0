import NNShapes

// MaxPool1d, MaxPool2d: (N, C, H, W) to (N, C, H', W'), the largest element of each window; padding is -inf.
// Source: aten/src/ATen/native/Pool.h.

extension LayerEntry {
  static let maxPool1d = maxPool(
    .one,
    .layer(
      "y[n, c, i] = max of x[n, c, i · stride + a · dilation] over the kernel's a",
      shapes: """
        (N, C, L) → (N, C, L'), or the same without N
        L' = floor((L + 2 · padding - dilation · (kernel_size - 1) - 1) / stride) + 1
        """,
      input: "(4, 100)", "Conv1d(4, 8, 3), MaxPool1d(2), Flatten(), Linear(_, 10)"))
  static let maxPool2d = maxPool(
    .two,
    .layer(
      "y[n, c, i, j] = max of x[n, c, i · stride + a · dilation, j · stride + b · dilation] over the kernel's a, b",
      shapes: """
        (N, C, H, W) → (N, C, H', W'), or the same without N
        H' = floor((H + 2 · padding - dilation · (kernel_size - 1) - 1) / stride) + 1, W' alike
        """,
      input: "(3, 32, 32)", "Conv2d(3, 16, 3), MaxPool2d(2), Flatten(), Linear(_, 10)"))

  private static func maxPool(_ axes: SpatialAxes, _ documentation: Documentation) -> LayerEntry {
    LayerEntry(
      schema: CallSchema(
        .layer, "MaxPool\(axes.suffix)",
        [
          .poolKernel(axes), .poolStride(axes), .poolPadding(axes, "minus infinity"),
          .dilation(axes, singleton: true), .returnIndices, .ceilMode,
        ],
        "the largest value of each window", documentation),
      traits: [],
      configure: { bound, _, report in
        guard let windows = PoolWindows(bound, axes, report) else { return nil }
        return .maxPool(
          MaxPoolConfiguration(
            axes: axes, kernelSize: windows.kernelSize, stride: windows.stride, padding: windows.padding,
            dilation: bound.extent("dilation", axes, neutral: 1) ?? Size2d(1, 1),
            returnIndices: bound.boolean("return_indices") ?? false,
            ceilMode: bound.boolean("ceil_mode") ?? false))
      },
      describe: { bound, _ in
        "\(bound.schema.name)(\(bound.printedPool), \(bound.printed("dilation")), \(bound.printed("ceil_mode")))"
      })
  }
}

extension MaxPoolConfiguration: LayerRules {
  public var slidingWindows: WindowPair {
    poolWindows(kernelSize, stride, padding, dilation, ceilMode: ceilMode)
  }

  public var windows: WindowPair? { slidingWindows }
  public var outputCount: Int { returnIndices ? 2 : 1 }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    let output = pooledOutput(of: input, axes, slidingWindows, at: site)
    if output != nil, let image = ImageShape(input, axes, at: site, channelsMayBeBatch: true),
      slidingWindows.vertical.hasEmptyWindow(over: image.height)
        || slidingWindows.horizontal.hasEmptyWindow(over: image.width)
    {
      site.error(
        "empty-window",
        "\(site.text) on \(image.text) has a window that lies in the padding alone: its cells are "
          + "\(axes == .one ? "\(dilation.width)" : dilation.description) apart", at: "dilation",
        notes: site.note(of: site.history.producer(ofDimensionFromEnd: 1), gives: image.text),
        help: "take a smaller dilation, or no padding")
      return nil
    }
    if returnIndices, let output, let image = ImageShape(input, axes, at: site, channelsMayBeBatch: true) {
      site.history.offerIndices(
        .init(
          text: site.text, span: site.span, map: Size2d(image.height, image.width), output: output,
          isImage: axes == .two))
    }
    return output
  }
}
