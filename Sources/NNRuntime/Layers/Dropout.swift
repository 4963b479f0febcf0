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

/// The same for whole channels, PyTorch's `Dropout1d` and `Dropout2d`; see
/// ``Tape/channelDropout(_:p:channelRank:)``.
public final class ChannelDropout: Layer {
  public let p: Double
  /// The dimensions of one sample where that comes without a batch; nil where there is always a batch.
  public let unbatchedRank: Int?

  /// Traps on a `p` outside 0 ... 1.
  public init(p: Double, unbatchedRank: Int?) {
    precondition(p >= 0 && p <= 1, "channel dropout: p = \(p)")
    self.p = p
    self.unbatchedRank = unbatchedRank
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.channelDropout(input, p: p, channelRank: tape.shape(input).rank == unbatchedRank ? 1 : 2)
  }
}

/// The input itself.
public final class Identity: Layer {
  public init() {}
  public func forward(_ input: Variable, _ tape: Tape) -> Variable { input }
}
