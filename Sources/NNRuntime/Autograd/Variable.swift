/// A value on a ``Tape``: the input, a parameter, or what an operation made of others. Valid until the
/// tape is reset.
public struct Variable: Hashable, Sendable {
  /// Its place among the tape's values.
  let index: Int
}
