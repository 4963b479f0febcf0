/// The accumulated numbers of an optimizer under the parameters' keys: `0.weight.momentum_buffer`,
/// `0.weight.step`. What a parameter has not accumulated yet is absent.
public struct OptimizerState: Equatable, Sendable {
  /// Values in the parameter's contiguous order.
  public var buffers: [StateEntry]
  public var scalars: [Scalar]

  public struct Scalar: Equatable, Sendable {
    public let name: String
    public let value: Double

    public init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  public init(buffers: [StateEntry] = [], scalars: [Scalar] = []) {
    self.buffers = buffers
    self.scalars = scalars
  }
}

/// A saved optimizer state that does not fit the optimizer.
public enum OptimizerStateError: Error, Equatable, CustomStringConvertible {
  /// No parameter accumulates something of this name.
  case unexpected(String)
  /// The saved values have another shape than the parameter.
  case shape(String)
  /// One part of what a parameter accumulates is there without the other.
  case missing(String)
  /// A number of steps that is not a whole number of 1 or more.
  case step(String, Double)

  public var description: String {
    switch self {
    case .unexpected(let name): "the optimizer has no state called \(name)"
    case .shape(let name): "the saved \(name) has another shape than its parameter"
    case .missing(let name): "the saved optimizer state lacks \(name)"
    case .step(let name, let value): "the saved \(name) is \(value), not a number of steps"
    }
  }
}
