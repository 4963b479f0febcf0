import NNShapes

// What the pooling layers share: their arguments are those of MaxPool2d and AvgPool2d in PyTorch.

extension Parameter {
  static let poolKernel = Parameter(
    "kernel_size", .pair(sizes, singleton: true), example: "2", "height and width of the window")
  static let poolStride = Parameter(
    "stride", .pair(sizes, singleton: true), default: ParameterValue.none, acceptsNone: true,
    "step of the window; None is kernel_size")
  static func poolPadding(_ what: String) -> Parameter {
    Parameter(
      "padding", .pair(0...maximumDimension, singleton: true), default: .both(0),
      "\(what) around the image, at most half of the kernel")
  }
  static let ceilMode = Parameter(
    "ceil_mode", .boolean, default: .boolean(false), "round the output size up")
}

/// The arguments of a pool that say where its windows are.
struct PoolWindows {
  var kernelSize: Size2d
  var stride: Size2d
  var padding: Size2d

  /// Nil where the kernel is missing or the padding is more than half of it, reported.
  init?(_ bound: BoundCall, _ report: Reporter) {
    guard let kernel = bound.pair("kernel_size") else { return nil }
    kernelSize = kernel
    stride = bound.pair("stride") ?? kernel
    padding = bound.pair("padding") ?? Size2d(0, 0)
    guard padding.height > kernel.height / 2 || padding.width > kernel.width / 2 else { return }
    report.error(
      "padding-too-large",
      "padding is at most half of kernel_size, and \(bound.printed("padding")) is more than half of "
        + bound.printed("kernel_size"), at: bound.span("padding"),
      help: kernel.height == kernel.width ? "the most is padding=\(kernel.height / 2)" : nil)
    padding = Size2d(min(padding.height, kernel.height / 2), min(padding.width, kernel.width / 2))
  }
}

extension BoundCall {
  /// `kernel_size=2, stride=2, padding=0`, each as it was written.
  var printedPool: String {
    let stride =
      isNone("stride") ? "stride=\(self["kernel_size"].value?.description ?? "?")" : printed("stride")
    return "\(printed("kernel_size")), \(stride), \(printed("padding"))"
  }
}

/// The shape rule of a pool: (N, C, H, W) to (N, C, H', W').
func pooledOutput(of input: FlowShape, _ windows: WindowPair, at site: LayerSite) -> FlowShape? {
  guard let image = ImageShape(input, at: site, channelsMayBeBatch: true) else { return nil }
  if image.channels == .fixed(0) || image.height == 0 || image.width == 0 {
    site.error("empty-input", "\(site.text) is given \(image.text), which has no elements")
    return nil
  }
  let output = WindowedOutput(site: site, windows: windows)
  guard let size = output.size(of: image) else { return nil }
  output.warnOfUnusedRest(of: image)
  return image.with(channels: image.channels, height: size.height, width: size.width)
}
