/// The numbers of a cross-entropy with class labels.
public struct CrossEntropyStep: Sendable {
  /// The label whose lines count for nothing.
  public var ignoreIndex: Int
  /// ε: labels count as 1 - ε at the class and ε/C everywhere. None where it is not above 0.
  public var smoothing: Float

  public init(ignoreIndex: Int, smoothing: Float) {
    self.ignoreIndex = ignoreIndex
    self.smoothing = smoothing
  }
}
