/// A value for each of the two axes of an image, vertical first, as PyTorch writes a pair.
public struct Size2d: Hashable, Sendable {
  public var height: Int
  public var width: Int

  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }
}

extension Size2d: CustomStringConvertible {
  /// `(5, 5)`
  public var description: String { "(\(height), \(width))" }
}
