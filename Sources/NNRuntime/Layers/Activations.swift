/// max(x, 0) on each element; see ``Tape/relu(_:)``.
public final class ReLU: Layer {
  public init() {}
  public func forward(_ input: Variable, _ tape: Tape) -> Variable { tape.relu(input) }
}

/// 1 / (1 + exp(-x)) on each element; see ``Tape/sigmoid(_:)``.
public final class Sigmoid: Layer {
  public init() {}
  public func forward(_ input: Variable, _ tape: Tape) -> Variable { tape.sigmoid(input) }
}

/// tanh(x) on each element; see ``Tape/tanh(_:)``.
public final class Tanh: Layer {
  public init() {}
  public func forward(_ input: Variable, _ tape: Tape) -> Variable { tape.tanh(input) }
}

/// exp(x) / Σ exp(x) along `dim`; see ``Tape/softmax(_:dim:)``.
public final class Softmax: Layer {
  public let dim: Int
  public init(dim: Int) { self.dim = dim }
  public func forward(_ input: Variable, _ tape: Tape) -> Variable { tape.softmax(input, dim: dim) }
}

/// log of softmax along `dim`; see ``Tape/logSoftmax(_:dim:)``.
public final class LogSoftmax: Layer {
  public let dim: Int
  public init(dim: Int) { self.dim = dim }
  public func forward(_ input: Variable, _ tape: Tape) -> Variable { tape.logSoftmax(input, dim: dim) }
}

/// softmax(-x) along `dim`: the smallest value gets the largest share.
public final class Softmin: Layer {
  public let dim: Int
  public init(dim: Int) { self.dim = dim }
  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.softmax(tape.scaled(input, by: -1), dim: dim)
  }
}

/// One half of the input along `dim` times the sigmoid of the other; see ``Tape/glu(_:dim:)``.
public final class GLU: Layer {
  public let dim: Int
  public init(dim: Int) { self.dim = dim }
  public func forward(_ input: Variable, _ tape: Tape) -> Variable { tape.glu(input, dim: dim) }
}
