import NNShapes

// LPPool2d: (N, C, H, W) to (N, C, H', W'), (Σ xᵖ)^(1/p) of each window. A window that ceil_mode cuts off
// counts as if its mean filled it. Source: torch/nn/functional.py, `lp_pool2d`.

extension LayerEntry {
  static let lpPool2d = LayerEntry(
    schema: CallSchema(
      .layer, "LPPool2d",
      [
        Parameter("norm_type", .number(.nonzero), example: "2", "p, the power"),
        .poolKernel(.two), .poolStride(.two), .ceilMode,
      ],
      "the p-norm of each window",
      .layer(
        "y[n, c, i, j] = (Σ x[n, c, i · stride + a, j · stride + b]ᵖ)^(1/p) over the kernel's a, b, p = norm_type",
        shapes: """
          (N, C, H, W) → (N, C, H', W'), or the same without N
          H' = floor((H - kernel_size) / stride) + 1, W' alike
          """,
        input: "(3, 32, 32)", "Conv2d(3, 16, 3), ReLU(), LPPool2d(2, 2), Flatten(), Linear(_, 10)")),
    traits: [],
    configure: { bound, _, report in
      guard let windows = PoolWindows(bound, .two, report), let norm = bound.number("norm_type") else {
        return nil
      }
      return .lpPool2d(
        LPPool2dConfiguration(
          normType: norm, kernelSize: windows.kernelSize, stride: windows.stride,
          ceilMode: bound.boolean("ceil_mode") ?? false))
    },
    describe: { bound, _ in
      "LPPool2d(\(bound.printed("norm_type")), \(bound.printed("kernel_size")), \(bound.printed("stride")), "
        + "\(bound.printed("ceil_mode")))"
    })
}

extension LPPool2dConfiguration: LayerRules {
  public var slidingWindows: WindowPair {
    poolWindows(kernelSize, stride, Size2d(0, 0), Size2d(1, 1), ceilMode: ceilMode)
  }

  public var windows: WindowPair? { slidingWindows }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    pooledOutput(of: input, .two, slidingWindows, at: site)
  }
}
