// Elementwise activations without sizes.

extension LayerEntry {
  /// max(x, 0)
  static let relu = elementwise(
    "ReLU", [.inplace], "max(x, 0)", [.activation, .nonnegative, .idempotent], .relu,
    .elementwise("y = max(x, 0); the gradient at 0 is 0", "ReLU()"))

  /// 1 / (1 + e^-x)
  static let sigmoid = elementwise(
    "Sigmoid", [], "1 / (1 + exp(-x)), between 0 and 1", [.activation, .nonnegative], .sigmoid,
    .elementwise("y = 1 / (1 + exp(-x))", "Sigmoid()"))

  static let tanh = elementwise(
    "Tanh", [], "tanh(x), between -1 and 1", .activation, .tanh,
    .elementwise("y = (exp(x) - exp(-x)) / (exp(x) + exp(-x))", "Tanh()"))

  static let identity = LayerEntry.elementwise(
    "Identity", [], "x", [.linear, .transparent], .identity,
    .elementwise("y = x", "ReLU(), Identity()"))
}
