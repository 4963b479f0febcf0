import NNShapes

// AvgPool1d, AvgPool2d: (N, C, H, W) to (N, C, H', W'), the mean of each window.
// Source: aten/src/ATen/native/cpu/AvgPoolKernel.cpp.

extension LayerEntry {
  static let avgPool1d = avgPool(
    .one,
    .layer(
      "y[n, c, i] = Σ x[n, c, i · stride + a] / kernel_size over the kernel's a",
      shapes: """
        (N, C, L) → (N, C, L'), or the same without N
        L' = floor((L + 2 · padding - kernel_size) / stride) + 1
        """,
      input: "(4, 100)", "Conv1d(4, 8, 3), ReLU(), AvgPool1d(2), Flatten(), Linear(_, 10)"))
  static let avgPool2d = avgPool(
    .two,
    .layer(
      "y[n, c, i, j] = Σ x[n, c, i · stride + a, j · stride + b] / (kernel area) over the kernel's a, b",
      shapes: """
        (N, C, H, W) → (N, C, H', W'), or the same without N
        H' = floor((H + 2 · padding - kernel_size) / stride) + 1, W' alike
        """,
      input: "(3, 32, 32)", "Conv2d(3, 16, 3), ReLU(), AvgPool2d(2), Flatten(), Linear(_, 10)"),
    [
      Parameter(
        "divisor_override", .integer(-maximumDimension...maximumDimension), default: ParameterValue.none,
        acceptsNone: true, "divide by this instead; not 0")
    ])

  private static func avgPool(
    _ axes: SpatialAxes, _ documentation: Documentation, _ divisor: [Parameter] = []
  ) -> LayerEntry {
    LayerEntry(
      schema: CallSchema(
        .layer, "AvgPool\(axes.suffix)",
        [
          .poolKernel(axes), .poolStride(axes), .poolPadding(axes, "zeros"), .ceilMode,
          Parameter(
            "count_include_pad", .boolean, default: .boolean(true), "count the padding when dividing"),
        ] + divisor,
        "the mean of each window", documentation),
      traits: .linear,
      configure: { bound, _, report in
        guard let windows = PoolWindows(bound, axes, report) else { return nil }
        let divisor = axes == .two ? bound.integer("divisor_override") : nil
        if divisor == 0 {
          report.error(
            "out-of-range", "`divisor_override` of AvgPool2d is not 0: the sums are divided by it",
            at: bound.span("divisor_override"))
        }
        return .avgPool(
          AvgPoolConfiguration(
            axes: axes, kernelSize: windows.kernelSize, stride: windows.stride, padding: windows.padding,
            ceilMode: bound.boolean("ceil_mode") ?? false,
            countIncludePad: bound.boolean("count_include_pad") ?? true, divisorOverride: divisor))
      },
      describe: { bound, configuration in
        guard axes == .one, case .avgPool(let layer) = configuration else {
          return "AvgPool2d(\(bound.printedPool))"
        }
        // PyTorch makes tuples of them.
        return
          "AvgPool1d(kernel_size=\(axes.printed(layer.kernelSize)), stride=\(axes.printed(layer.stride)), "
          + "padding=\(axes.printed(layer.padding)))"
      })
  }
}

extension AvgPoolConfiguration: LayerRules {
  public var slidingWindows: WindowPair {
    poolWindows(kernelSize, stride, padding, Size2d(1, 1), ceilMode: ceilMode)
  }

  public var windows: WindowPair? { slidingWindows }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    pooledOutput(of: input, axes, slidingWindows, at: site)
  }
}
