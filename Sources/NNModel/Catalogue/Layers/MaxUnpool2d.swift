import NNShapes

// MaxUnpool2d: (N, C, H, W) to (N, C, H', W'), each value at the place that a max pooling found it, 0
// elsewhere. In a stack it takes the indices of the nearest earlier pool with return_indices=True whose
// indices no other layer has taken. H' = (H - 1)·stride - 2·padding + kernel unless output_size, in PyTorch
// an argument of the call, says another. Source: torch/nn/modules/pooling.py.

extension LayerEntry {
  static let maxUnpool2d = LayerEntry(
    schema: CallSchema(
      .layer, "MaxUnpool2d",
      [
        .poolKernel(.two), .poolStride(.two),
        Parameter(
          "padding", .pair(0...maximumDimension, singleton: true), default: .both(0),
          "the padding of the pool"),
        Parameter(
          "output_size", .pair(sizes, singleton: false), default: ParameterValue.none, acceptsNone: true,
          keywordOnly: true, "height and width of the output, where the pool left elements over"),
      ],
      "puts values back to where a MaxPool2d with return_indices found them",
      .layer(
        "y = 0, then y[n, c, place of index k] = x[n, c, k] for the indices of the pool that it undoes",
        shapes: """
          (N, C, H, W) → (N, C, H', W'), or the same without N
          H' = (H - 1) · stride - 2 · padding + kernel_size unless output_size says another, W' alike
          """,
        input: "(3, 32, 32)",
        "MaxPool2d(2, return_indices=True), Conv2d(3, 3, 3, padding=1), MaxUnpool2d(2)")),
    traits: .linear,
    configure: { bound, _, _ in
      guard let kernel = bound.pair("kernel_size") else { return nil }
      return .maxUnpool2d(
        MaxUnpool2dConfiguration(
          kernelSize: kernel, stride: bound.pair("stride") ?? kernel,
          padding: bound.pair("padding") ?? Size2d(0, 0), outputSize: bound.pair("output_size")))
    },
    describe: { bound, configuration in
      guard case .maxUnpool2d(let layer) = configuration else { return bound.schema.name }
      return "MaxUnpool2d(kernel_size=\(layer.kernelSize), stride=\(layer.stride), padding=\(layer.padding))"
    })
}

extension MaxUnpool2dConfiguration: LayerRules {
  /// H' and W' from H and W.
  public var unpoolingWindows: (vertical: TransposedWindow, horizontal: TransposedWindow) {
    func window(_ axis: KeyPath<Size2d, Int>) -> TransposedWindow {
      TransposedWindow(
        kernel: kernelSize[keyPath: axis], stride: stride[keyPath: axis], padding: padding[keyPath: axis],
        outputPadding: 0, dilation: 1)
    }
    return (window(\.height), window(\.width))
  }

  /// Whether the output may have this size: within a stride of the one by the arguments, as PyTorch asks.
  private func admits(_ size: Size2d, of image: ImageShape) -> Bool {
    let windows = unpoolingWindows
    guard let height = windows.vertical.outputSize(of: image.height),
      let width = windows.horizontal.outputSize(of: image.width)
    else { return false }
    return abs(size.height - height) < stride.height && abs(size.width - width) < stride.width
  }

  private func defaultSize(of image: ImageShape) -> String {
    let windows = unpoolingWindows
    let sizes = [
      windows.vertical.outputSize(of: image.height), windows.horizontal.outputSize(of: image.width),
    ]
    return sizes.map { $0.map(String.init) ?? "?" }.joined(separator: "×")
  }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard let image = ImageShape(input, .two, at: site, channelsMayBeBatch: true) else { return nil }
    let windows = unpoolingWindows
    guard let height = outputSize?.height ?? windows.vertical.outputSize(of: image.height),
      let width = outputSize?.width ?? windows.horizontal.outputSize(of: image.width),
      height >= 1, width >= 1, height <= maximumDimension, width <= maximumDimension
    else {
      site.error("no-output", "\(site.text) on \(image.text) would give no output")
      return nil
    }
    if let outputSize, !admits(outputSize, of: image) {
      site.error(
        "output-size",
        "output_size is less than a stride of \(stride) away from what \(site.text) gives of itself, "
          + defaultSize(of: image), at: "output_size")
      return nil
    }
    guard let offer = site.history.takeIndices() else {
      site.error(
        "no-indices",
        "\(site.text) needs the indices of an earlier pool, and no pool before it has any to give",
        help: "write return_indices=True in the MaxPool2d that it undoes")
      return nil
    }
    let note = [site.report.note(at: offer.span, "its indices")]
    guard offer.isImage, offer.output == input else {
      site.error(
        "indices-mismatch",
        "\(site.text) takes the indices of \(offer.text), which are \(offer.output.sampleText), and its input is "
          + input.sampleText, notes: note, help: "each index belongs to one value")
      return nil
    }
    guard offer.map == Size2d(height, width) else {
      site.error(
        "indices-mismatch",
        "\(site.text) gives maps of \(height)×\(width), and the indices of \(offer.text) are places in "
          + "\(offer.map.height)×\(offer.map.width)", notes: note,
        help: admits(offer.map, of: image)
          ? "add output_size=\(offer.map)" : "take the kernel_size, stride and padding of that pool")
      return nil
    }
    return image.with(channels: image.channels, height: height, width: width)
  }
}
