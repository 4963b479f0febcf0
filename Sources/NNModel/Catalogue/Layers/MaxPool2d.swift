import NNShapes

// MaxPool2d: (N, C, H, W) to (N, C, H', W'), the largest element of each window; padding is -inf.
// Source: aten/src/ATen/native/Pool.h.

extension LayerEntry {
  static let maxPool2d = LayerEntry(
    schema: CallSchema(
      .layer, "MaxPool2d",
      [
        .poolKernel, .poolStride, .poolPadding("minus infinity"),
        Parameter(
          "dilation", .pair(sizes, singleton: true), default: .both(1), "distance of the window's elements"),
        Parameter(
          "return_indices", .boolean, default: .boolean(false), "give the places of the largest, too"),
        .ceilMode,
      ],
      "the largest value of each window",
      .layer(
        "y[n, c, i, j] = max of x[n, c, i · stride + a · dilation, j · stride + b · dilation] over the kernel's a, b",
        shapes: """
          (N, C, H, W) → (N, C, H', W'), or the same without N
          H' = floor((H + 2 · padding - dilation · (kernel_size - 1) - 1) / stride) + 1, W' alike
          """,
        input: "(3, 32, 32)", "Conv2d(3, 16, 3), MaxPool2d(2), Flatten(), Linear(_, 10)")),
    traits: [],
    configure: { bound, _, report in
      guard let windows = PoolWindows(bound, report) else { return nil }
      return .maxPool2d(
        MaxPool2dConfiguration(
          kernelSize: windows.kernelSize, stride: windows.stride, padding: windows.padding,
          dilation: bound.pair("dilation") ?? Size2d(1, 1),
          returnIndices: bound.boolean("return_indices") ?? false,
          ceilMode: bound.boolean("ceil_mode") ?? false))
    },
    describe: { bound, _ in
      "MaxPool2d(\(bound.printedPool), \(bound.printed("dilation")), \(bound.printed("ceil_mode")))"
    })
}

extension MaxPool2dConfiguration: LayerRules {
  public var slidingWindows: WindowPair {
    func window(_ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int) -> WindowGeometry {
      WindowGeometry(
        kernel: kernel, stride: stride, paddingBefore: padding, paddingAfter: padding, dilation: dilation,
        ceilMode: ceilMode)
    }
    return WindowPair(
      vertical: window(kernelSize.height, stride.height, padding.height, dilation.height),
      horizontal: window(kernelSize.width, stride.width, padding.width, dilation.width))
  }

  public var windows: WindowPair? { slidingWindows }
  public var outputCount: Int { returnIndices ? 2 : 1 }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    pooledOutput(of: input, slidingWindows, at: site)
  }
}
