import NNShapes

/// The largest value of each window, PyTorch's `MaxPool2d`; see
/// ``Tape/maxPool2d(_:vertical:horizontal:returnIndices:)``. With `returnIndices` the indices are
/// ``Tape/indices(_:)`` of the output.
public final class MaxPool2d: Layer {
  public let vertical: WindowGeometry
  public let horizontal: WindowGeometry
  public let returnIndices: Bool

  public init(vertical: WindowGeometry, horizontal: WindowGeometry, returnIndices: Bool) {
    self.vertical = vertical
    self.horizontal = horizontal
    self.returnIndices = returnIndices
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.maxPool2d(
      input, vertical: vertical, horizontal: horizontal, returnIndices: returnIndices)
  }
}

/// The average of each window, PyTorch's `AvgPool2d`; see
/// ``Tape/avgPool2d(_:vertical:horizontal:countIncludePad:divisorOverride:)``.
public final class AvgPool2d: Layer {
  public let vertical: WindowGeometry
  public let horizontal: WindowGeometry
  public let countIncludePad: Bool
  public let divisorOverride: Int?

  /// Traps on a `divisorOverride` of 0.
  public init(
    vertical: WindowGeometry, horizontal: WindowGeometry, countIncludePad: Bool, divisorOverride: Int?
  ) {
    precondition(divisorOverride != 0, "AvgPool2d: divisor_override 0")
    self.vertical = vertical
    self.horizontal = horizontal
    self.countIncludePad = countIncludePad
    self.divisorOverride = divisorOverride
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.avgPool2d(
      input, vertical: vertical, horizontal: horizontal, countIncludePad: countIncludePad,
      divisorOverride: divisorOverride)
  }
}
