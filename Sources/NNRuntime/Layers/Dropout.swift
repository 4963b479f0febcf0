/// In training, zeroes elements with probability `p` and scales the rest by 1 / (1 - p); see
/// ``Tape/dropout(_:p:)``.
public final class Dropout: Layer {
  public let p: Double

  /// Traps on a `p` outside 0 ... 1.
  public init(p: Double) {
    precondition(p >= 0 && p <= 1, "Dropout: p = \(p)")
    self.p = p
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable { tape.dropout(input, p: p) }
}

/// The input itself.
public final class Identity: Layer {
  public init() {}
  public func forward(_ input: Variable, _ tape: Tape) -> Variable { input }
}
