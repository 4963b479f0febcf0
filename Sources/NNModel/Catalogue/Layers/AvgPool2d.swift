import NNShapes

// AvgPool2d: (N, C, H, W) to (N, C, H', W'), the mean of each window.
// Source: aten/src/ATen/native/cpu/AvgPoolKernel.cpp.

extension LayerEntry {
  static let avgPool2d = LayerEntry(
    schema: CallSchema(
      .layer, "AvgPool2d",
      [
        .poolKernel, .poolStride, .poolPadding("zeros"), .ceilMode,
        Parameter(
          "count_include_pad", .boolean, default: .boolean(true), "count the padding when dividing"),
        Parameter(
          "divisor_override", .integer(-maximumDimension...maximumDimension), default: ParameterValue.none,
          acceptsNone: true, "divide by this instead; not 0"),
      ],
      "the mean of each window",
      .layer(
        "y[n, c, i, j] = Σ x[n, c, i · stride + a, j · stride + b] / (kernel area) over the kernel's a, b",
        shapes: """
          (N, C, H, W) → (N, C, H', W'), or the same without N
          H' = floor((H + 2 · padding - kernel_size) / stride) + 1, W' alike
          """,
        input: "(3, 32, 32)", "Conv2d(3, 16, 3), ReLU(), AvgPool2d(2), Flatten(), Linear(_, 10)")),
    traits: .linear,
    configure: { bound, _, report in
      guard let windows = PoolWindows(bound, report) else { return nil }
      let divisor = bound.integer("divisor_override")
      if divisor == 0 {
        report.error(
          "out-of-range", "`divisor_override` of AvgPool2d is not 0: the sums are divided by it",
          at: bound.span("divisor_override"))
      }
      return .avgPool2d(
        AvgPool2dConfiguration(
          kernelSize: windows.kernelSize, stride: windows.stride, padding: windows.padding,
          ceilMode: bound.boolean("ceil_mode") ?? false,
          countIncludePad: bound.boolean("count_include_pad") ?? true, divisorOverride: divisor))
    },
    describe: { bound, _ in "AvgPool2d(\(bound.printedPool))" })
}

extension AvgPool2dConfiguration: LayerRules {
  public var slidingWindows: WindowPair {
    func window(_ kernel: Int, _ stride: Int, _ padding: Int) -> WindowGeometry {
      WindowGeometry(
        kernel: kernel, stride: stride, paddingBefore: padding, paddingAfter: padding, dilation: 1,
        ceilMode: ceilMode)
    }
    return WindowPair(
      vertical: window(kernelSize.height, stride.height, padding.height),
      horizontal: window(kernelSize.width, stride.width, padding.width))
  }

  public var windows: WindowPair? { slidingWindows }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    pooledOutput(of: input, slidingWindows, at: site)
  }
}
