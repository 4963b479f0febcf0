import NNRuntime
import NNShapes
import NNTestSupport

/// Builds running layers, losses and optimizers from the texts of the reference cases.
enum CaseBuilder {
  /// A layer. Its weights are drawn from `generator`.
  static func layer(_ text: String, _ generator: Generator) throws -> any Layer {
    guard let call = CallText(text) else { throw UnreadableCase(text: text) }
    func integer(_ position: Int, _ name: String) -> Int? { call.argument(position, name)?.integer }
    func flag(_ position: Int, _ name: String) -> Bool? { call.argument(position, name)?.boolean }
    switch call.name {
    case "Conv2d": return try convolution(call, generator)
    case "MaxPool2d":
      let (vertical, horizontal) = try poolWindows(call, dilation: (3, "dilation"), ceilMode: 5)
      return MaxPool2d(
        vertical: vertical, horizontal: horizontal, returnIndices: flag(4, "return_indices") ?? false)
    case "AvgPool2d":
      let (vertical, horizontal) = try poolWindows(call, dilation: nil, ceilMode: 3)
      return AvgPool2d(
        vertical: vertical, horizontal: horizontal,
        countIncludePad: flag(4, "count_include_pad") ?? true,
        divisorOverride: integer(5, "divisor_override"))
    case "Flatten":
      return Flatten(startDim: integer(0, "start_dim") ?? 1, endDim: integer(1, "end_dim") ?? -1)
    case "Linear":
      guard let inFeatures = integer(0, "in_features"), let outFeatures = integer(1, "out_features")
      else { throw UnreadableCase(text: text) }
      return Linear(
        inFeatures: inFeatures, outFeatures: outFeatures, bias: flag(2, "bias") ?? true,
        generator: generator)
    case "ReLU": return ReLU()
    case "Sigmoid": return Sigmoid()
    case "Tanh": return Tanh()
    case "Softmax", "LogSoftmax":
      guard let dim = integer(0, "dim") else { throw UnreadableCase(text: text) }
      return call.name == "Softmax" ? Softmax(dim: dim) : LogSoftmax(dim: dim)
    case "Dropout": return Dropout(p: call.argument(0, "p")?.number ?? 0.5)
    case "Identity": return Identity()
    default: throw UnreadableCase(text: text)
    }
  }

  /// `Sequential(` with a layer a line: `  (0): Linear(3, 1)`.
  static func sequential(_ text: String, _ generator: Generator) throws -> Sequential {
    var layers: [(key: String, layer: any Layer)] = []
    for line in text.split(separator: "\n").dropFirst().dropLast() {
      guard let open = line.firstIndex(of: "("), let close = line.firstIndex(of: ")") else {
        throw UnreadableCase(text: String(line))
      }
      let call = line[close...].dropFirst(3)
      layers.append((String(line[open..<close].dropFirst()), try layer(String(call), generator)))
    }
    return Sequential(layers)
  }

  /// A loss. `tensors` has what it refers to by `@name`.
  static func loss(_ text: String, _ tensors: [String: Tensor] = [:]) throws -> any Loss {
    guard let call = CallText(text) else { throw UnreadableCase(text: text) }
    var weight: [Double]?
    if case .reference(let name)? = call.argument(0, "weight") {
      weight = tensors[name]?.values.map { Double($0) }
    }
    let reduction: Reduction
    switch call.named["reduction"]?.string {
    case nil, "mean": reduction = .mean
    case "sum": reduction = .sum
    case "none": reduction = .none
    default: throw UnreadableCase(text: text)
    }
    let ignoreIndex = call.named["ignore_index"]?.integer ?? -100
    switch call.name {
    case "CrossEntropyLoss":
      return CrossEntropyLoss(
        weight: weight, ignoreIndex: ignoreIndex, reduction: reduction,
        labelSmoothing: call.named["label_smoothing"]?.number ?? 0)
    case "NLLLoss": return NLLLoss(weight: weight, ignoreIndex: ignoreIndex, reduction: reduction)
    case "MSELoss": return MSELoss(reduction: reduction)
    default: throw UnreadableCase(text: text)
    }
  }

  /// An optimizer of `parameters`.
  static func optimizer(_ text: String, _ parameters: [NamedParameter]) throws -> Optimizer {
    guard let call = CallText(text) else { throw UnreadableCase(text: text) }
    func number(_ name: String) -> Double? { call.named[name]?.number }
    func flag(_ name: String) -> Bool { call.named[name]?.boolean ?? false }
    switch call.name {
    case "SGD":
      return Optimizer(
        parameters,
        SGD(
          learningRate: number("lr") ?? 1e-3, momentum: number("momentum") ?? 0,
          dampening: number("dampening") ?? 0, weightDecay: number("weight_decay") ?? 0,
          nesterov: flag("nesterov"), maximize: flag("maximize")))
    case "Adam", "AdamW":
      let isDecoupled = call.name == "AdamW"
      return Optimizer(
        parameters,
        Adam(
          learningRate: number("lr") ?? 1e-3, weightDecay: number("weight_decay") ?? (isDecoupled ? 0.01 : 0),
          decoupledWeightDecay: isDecoupled, amsgrad: flag("amsgrad"), maximize: flag("maximize")))
    default: throw UnreadableCase(text: text)
    }
  }

  private static func convolution(_ call: CallText, _ generator: Generator) throws -> Conv2d {
    func pair(_ position: Int, _ name: String) -> (Int, Int)? {
      call.argument(position, name)?.integerPair
    }
    guard let inChannels = call.argument(0, "in_channels")?.integer,
      let outChannels = call.argument(1, "out_channels")?.integer,
      let kernel = pair(2, "kernel_size")
    else { throw UnreadableCase(text: call.name) }
    let (stride, dilation) = (pair(3, "stride") ?? (1, 1), pair(5, "dilation") ?? (1, 1))
    let padding = call.argument(4, "padding")
    func window(_ kernel: Int, _ stride: Int, _ size: Int, _ dilation: Int) -> WindowGeometry {
      let both =
        padding?.string == "same"
        ? WindowGeometry.samePadding(kernel: kernel, dilation: dilation) : (before: size, after: size)
      return WindowGeometry(
        kernel: kernel, stride: stride, paddingBefore: both.before, paddingAfter: both.after,
        dilation: dilation, ceilMode: false)
    }
    let size = padding?.integerPair ?? (0, 0)
    return Conv2d(
      inChannels: inChannels, outChannels: outChannels,
      vertical: window(kernel.0, stride.0, size.0, dilation.0),
      horizontal: window(kernel.1, stride.1, size.1, dilation.1),
      groups: call.argument(6, "groups")?.integer ?? 1, bias: call.argument(7, "bias")?.boolean ?? true,
      generator: generator)
  }

  private static func poolWindows(
    _ call: CallText, dilation: (Int, String)?, ceilMode: Int
  ) throws -> (WindowGeometry, WindowGeometry) {
    guard let kernel = call.argument(0, "kernel_size")?.integerPair else {
      throw UnreadableCase(text: call.name)
    }
    let stride = call.argument(1, "stride")?.integerPair ?? kernel
    let padding = call.argument(2, "padding")?.integerPair ?? (0, 0)
    let dilation = dilation.flatMap { call.argument($0.0, $0.1)?.integerPair } ?? (1, 1)
    let ceilMode = call.argument(ceilMode, "ceil_mode")?.boolean ?? false
    func window(_ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int) -> WindowGeometry {
      WindowGeometry(
        kernel: kernel, stride: stride, paddingBefore: padding, paddingAfter: padding,
        dilation: dilation, ceilMode: ceilMode)
    }
    return (
      window(kernel.0, stride.0, padding.0, dilation.0),
      window(kernel.1, stride.1, padding.1, dilation.1)
    )
  }
}
