import NNSyntax

/// What a layer does to values, as far as the checker judges neighbours by it.
struct LayerTraits: OptionSet, Sendable {
  let rawValue: Int

  /// An affine map of its input: two in a row are one.
  static let linear = LayerTraits(rawValue: 1)
  /// Lets values through as they are, but for their shape, or some of them dropped.
  static let transparent = LayerTraits(rawValue: 2)
  /// An elementwise nonlinear function.
  static let activation = LayerTraits(rawValue: 4)
  /// Gives nothing below 0.
  static let nonnegative = LayerTraits(rawValue: 8)
  /// Gives probabilities that add up to 1.
  static let probabilities = LayerTraits(rawValue: 16)
  /// Gives the logarithms of such.
  static let logProbabilities = LayerTraits(rawValue: 32)
  /// Sets values to 0 at random while training.
  static let dropout = LayerTraits(rawValue: 64)
  /// Applied twice it does what it does once.
  static let idempotent = LayerTraits(rawValue: 128)
  /// Keeps values within bounds.
  static let bounded = LayerTraits(rawValue: 256)
  /// Gives values from 0 to 1.
  static let unitInterval = LayerTraits(rawValue: 512).union(.bounded)
}

/// One layer of the catalogue.
struct LayerEntry: Sendable {
  let schema: CallSchema
  let traits: LayerTraits
  /// The configuration from checked arguments; `_` is filled in from the input. Nil where arguments
  /// are missing, or do not go together, which it reports.
  let configure: @Sendable (BoundCall, FlowShape?, Reporter) -> LayerConfiguration?
  /// The layer as PyTorch prints it.
  let describe: @Sendable (BoundCall, LayerConfiguration) -> String

  /// A layer that leaves the shape as it is and has no sizes.
  static func elementwise(
    _ name: String, _ parameters: [Parameter], _ summary: String, _ traits: LayerTraits,
    _ configuration: LayerConfiguration, _ documentation: Documentation? = nil
  ) -> LayerEntry {
    LayerEntry(
      schema: CallSchema(.layer, name, parameters, summary, documentation), traits: traits,
      configure: { _, _, _ in configuration },
      describe: { bound, _ in
        let isInplace = bound.schema.index(of: "inplace") != nil && bound.boolean("inplace") == true
        return isInplace ? "\(name)(inplace=True)" : "\(name)()"
      })
  }
}

extension BoundCall {
  /// A size that may be `_`: what is written, else what `input` gives.
  func size(_ name: String, from input: FlowShape?, _ known: (FlowShape) -> Int?) -> Int? {
    if let size = integer(name) { return size }
    // A wrong value is taken as `_`: what follows depends on it no more.
    guard isHole(name) || isWritten(name), let input else { return nil }
    // Where the input has no such size, the shape rule reports that.
    return known(input) ?? 1
  }
}
