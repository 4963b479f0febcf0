import NNShapes

// AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveMaxPool2d: (N, C, H, W) to (N, C, oH, oW), the mean or the
// largest element of windows that AdaptiveWindow lays out. An output size of 0, which PyTorch takes, is
// refused. Source: aten/src/ATen/native/AdaptiveAveragePooling.cpp, AdaptiveMaxPooling2d.cpp.

extension LayerEntry {
  static let adaptiveAvgPool1d = adaptive(
    .one, "the mean of as many windows as the output has elements",
    .layer(
      "y[n, c, i] = mean of x[n, c, a] over a from floor(i · L / L') to ceil((i + 1) · L / L') - 1",
      shapes: "(N, C, L) → (N, C, output_size), or the same without N", input: "(4, 100)",
      "Conv1d(4, 8, 3), ReLU(), AdaptiveAvgPool1d(1), Flatten(), Linear(8, 10)")
  ) { .adaptiveAvgPool($0) }
  static let adaptiveAvgPool2d = adaptive(
    .two, "the mean of as many windows as the output has pixels",
    .layer(
      "y[n, c, i, j] = mean of x[n, c, a, b] over a from floor(i · H / H') to ceil((i + 1) · H / H') - 1, b alike",
      shapes: "(N, C, H, W) → (N, C, *output_size), or the same without N", input: "(3, 32, 32)",
      "Conv2d(3, 16, 3), ReLU(), AdaptiveAvgPool2d(1), Flatten(), Linear(16, 10)")
  ) { .adaptiveAvgPool($0) }
  static let adaptiveMaxPool2d = adaptive(
    .two, "the largest value of as many windows as the output has pixels",
    .layer(
      "y[n, c, i, j] = max of x[n, c, a, b] over a from floor(i · H / H') to ceil((i + 1) · H / H') - 1, b alike",
      shapes: "(N, C, H, W) → (N, C, *output_size), or the same without N", input: "(3, 32, 32)",
      "Conv2d(3, 16, 3), AdaptiveMaxPool2d((4, 4)), Flatten(), Linear(256, 10)"),
    name: "AdaptiveMaxPool2d", [.returnIndices]
  ) { .adaptiveMaxPool($0) }

  private static func adaptive(
    _ axes: SpatialAxes, _ summary: String, _ documentation: Documentation, name: String? = nil,
    _ more: [Parameter] = [],
    _ configuration: @escaping @Sendable (AdaptivePoolConfiguration) -> LayerConfiguration
  ) -> LayerEntry {
    let kind = TupleKind(
      sizes, counts: axes.rawValue...axes.rawValue, acceptsNone: true,
      axes == .two ? "(height, width)" : "")
    return LayerEntry(
      schema: CallSchema(
        .layer, name ?? "AdaptiveAvgPool\(axes.suffix)",
        [
          Parameter(
            "output_size", .tuple(kind), example: "1",
            "\(axes.extent) of the output; None keeps the input's")
        ] + more,
        summary, documentation),
      traits: more.isEmpty ? .linear : [],
      configure: { bound, _, _ in
        guard let size = bound.tuple("output_size"), let first = size.first, let last = size.last else {
          return nil
        }
        return configuration(
          AdaptivePoolConfiguration(
            axes: axes, height: axes == .one ? 1 : first, width: last,
            returnIndices: more.isEmpty ? false : bound.boolean("return_indices") ?? false))
      },
      describe: { bound, _ in "\(bound.schema.name)(\(bound.printed("output_size")))" })
  }
}

extension AdaptivePoolConfiguration: LayerRules {
  public var outputCount: Int { returnIndices ? 2 : 1 }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard let image = pooledImage(input, axes, at: site) else { return nil }
    let output = image.with(
      channels: image.channels, height: height ?? image.height, width: width ?? image.width)
    if returnIndices {
      site.history.offerIndices(
        .init(
          text: site.text, span: site.span, map: Size2d(image.height, image.width), output: output,
          isImage: true))
    }
    return output
  }
}
