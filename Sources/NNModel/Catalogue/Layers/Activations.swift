// Elementwise activations without sizes.

extension LayerEntry {
  /// max(x, 0)
  static let relu = elementwise(
    "ReLU", [.inplace], "max(x, 0)", [.activation, .nonnegative, .idempotent], .relu)

  /// 1 / (1 + e^-x)
  static let sigmoid = elementwise(
    "Sigmoid", [], "1 / (1 + exp(-x)), between 0 and 1", [.activation, .nonnegative], .sigmoid)

  static let tanh = elementwise("Tanh", [], "tanh(x), between -1 and 1", .activation, .tanh)

  static let identity = LayerEntry.elementwise("Identity", [], "x", [.linear, .transparent], .identity)
}
