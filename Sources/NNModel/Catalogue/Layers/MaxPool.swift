import NNShapes

// MaxPool1d, MaxPool2d: (N, C, H, W) to (N, C, H', W'), the largest element of each window; padding is -inf.
// Source: aten/src/ATen/native/Pool.h.

extension LayerEntry {
  static let maxPool1d = maxPool(.one)
  static let maxPool2d = maxPool(.two)

  private static func maxPool(_ axes: SpatialAxes) -> LayerEntry {
    LayerEntry(
      schema: CallSchema(
        .layer, "MaxPool\(axes.suffix)",
        [
          .poolKernel(axes), .poolStride(axes), .poolPadding(axes, "minus infinity"),
          .dilation(axes, singleton: true), .returnIndices, .ceilMode,
        ],
        "the largest value of each window"),
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
    if returnIndices, let output, let image = ImageShape(input, axes, at: site, channelsMayBeBatch: true) {
      site.history.offerIndices(
        .init(
          text: site.text, span: site.span, map: Size2d(image.height, image.width), output: output,
          isImage: axes == .two))
    }
    return output
  }
}
