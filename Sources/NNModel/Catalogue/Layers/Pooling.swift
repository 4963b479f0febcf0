import NNShapes

// What the pooling layers share: their arguments are those of MaxPool2d and AvgPool2d in PyTorch.

extension Parameter {
  static func poolKernel(_ axes: SpatialAxes) -> Parameter {
    Parameter(
      "kernel_size", axes.kind(sizes, singleton: true), example: "2", "\(axes.extent) of the window")
  }
  static func poolStride(_ axes: SpatialAxes) -> Parameter {
    Parameter(
      "stride", axes.kind(sizes, singleton: true), default: ParameterValue.none, acceptsNone: true,
      "step of the window; None is kernel_size")
  }
  static func poolPadding(_ axes: SpatialAxes, _ what: String) -> Parameter {
    Parameter(
      "padding", axes.kind(0...maximumDimension, singleton: true), default: axes.value(0),
      "\(what) around the input, at most half of the kernel")
  }
  static let ceilMode = Parameter(
    "ceil_mode", .boolean, default: .boolean(false), "round the output size up")
  static let returnIndices = Parameter(
    "return_indices", .boolean, default: .boolean(false), "give the places of the largest, too")
}

/// The arguments of a pool that say where its windows are.
struct PoolWindows {
  var kernelSize: Size2d
  var stride: Size2d
  var padding: Size2d

  /// Nil where the kernel is missing; padding of more than half of it is reported and cut down.
  init?(_ bound: BoundCall, _ axes: SpatialAxes, _ report: Reporter) {
    guard let kernel = bound.extent("kernel_size", axes, neutral: 1) else { return nil }
    kernelSize = kernel
    stride = bound.extent("stride", axes, neutral: 1) ?? kernel
    padding = Size2d(0, 0)
    guard bound.schema.index(of: "padding") != nil else { return }
    padding = bound.extent("padding", axes, neutral: 0) ?? Size2d(0, 0)
    guard padding.height > kernel.height / 2 || padding.width > kernel.width / 2 else { return }
    report.error(
      "padding-too-large",
      "padding is at most half of kernel_size, and \(bound.printed("padding")) is more than half of "
        + bound.printed("kernel_size"), at: bound.span("padding"),
      help: kernel.height == kernel.width || axes == .one ? "the most is padding=\(kernel.width / 2)" : nil)
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

/// The windows of a pool: the same padding on both sides.
func poolWindows(
  _ kernel: Size2d, _ stride: Size2d, _ padding: Size2d, _ dilation: Size2d, ceilMode: Bool
) -> WindowPair {
  func window(_ axis: KeyPath<Size2d, Int>) -> WindowGeometry {
    WindowGeometry(
      kernel: kernel[keyPath: axis], stride: stride[keyPath: axis], paddingBefore: padding[keyPath: axis],
      paddingAfter: padding[keyPath: axis], dilation: dilation[keyPath: axis], ceilMode: ceilMode)
  }
  // The one row of a sequence is never rounded: its window is 1.
  return WindowPair(vertical: window(\.height), horizontal: window(\.width))
}

/// The shape rule of a pool: (N, C, H, W) to (N, C, H', W').
func pooledOutput(
  of input: FlowShape, _ axes: SpatialAxes, _ windows: WindowPair, at site: LayerSite
) -> FlowShape? {
  guard let image = pooledImage(input, axes, at: site) else { return nil }
  let output = WindowedOutput(site: site, windows: windows)
  guard let size = output.size(of: image) else { return nil }
  output.warnOfUnusedRest(of: image)
  return image.with(channels: image.channels, height: size.height, width: size.width)
}

/// What a pool is given; nil, reported, where that is no image or one without elements.
func pooledImage(_ input: FlowShape, _ axes: SpatialAxes, at site: LayerSite) -> ImageShape? {
  guard let image = ImageShape(input, axes, at: site, channelsMayBeBatch: true) else { return nil }
  if image.channels == .fixed(0) || image.height == 0 || image.width == 0 {
    site.error("empty-input", "\(site.text) is given \(image.text), which has no elements")
    return nil
  }
  return image
}
