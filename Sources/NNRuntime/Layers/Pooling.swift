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

/// The mean of as many windows as the output has pixels, PyTorch's `AdaptiveAvgPool2d`; see
/// ``Tape/adaptiveAvgPool2d(_:height:width:)``.
public final class AdaptiveAvgPool2d: Layer {
  /// Nil for the input's.
  public let height: Int?
  public let width: Int?

  public init(height: Int?, width: Int?) {
    self.height = height
    self.width = width
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.adaptiveAvgPool2d(input, height: height, width: width)
  }
}

/// The largest value of as many windows as the output has pixels, PyTorch's `AdaptiveMaxPool2d`; see
/// ``Tape/adaptiveMaxPool2d(_:height:width:returnIndices:)``.
public final class AdaptiveMaxPool2d: Layer {
  /// Nil for the input's.
  public let height: Int?
  public let width: Int?
  public let returnIndices: Bool

  public init(height: Int?, width: Int?, returnIndices: Bool) {
    self.height = height
    self.width = width
    self.returnIndices = returnIndices
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.adaptiveMaxPool2d(input, height: height, width: width, returnIndices: returnIndices)
  }
}

/// The p-norm of each window, PyTorch's `LPPool2d`; see ``Tape/lpPool2d(_:normType:vertical:horizontal:)``.
public final class LPPool2d: Layer {
  public let normType: Float
  public let vertical: WindowGeometry
  public let horizontal: WindowGeometry

  public init(normType: Float, vertical: WindowGeometry, horizontal: WindowGeometry) {
    self.normType = normType
    self.vertical = vertical
    self.horizontal = horizontal
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.lpPool2d(input, normType: normType, vertical: vertical, horizontal: horizontal)
  }
}

/// Values back at the places that the latest pooling with indices found them, PyTorch's `MaxUnpool2d`; see
/// ``Tape/maxUnpool2d(_:_:height:width:)``.
public final class MaxUnpool2d: Layer {
  /// H' and W' from H and W.
  public let vertical: TransposedWindow
  public let horizontal: TransposedWindow
  /// In place of what the windows give.
  public let outputSize: Size2d?

  public init(vertical: TransposedWindow, horizontal: TransposedWindow, outputSize: Size2d?) {
    self.vertical = vertical
    self.horizontal = horizontal
    self.outputSize = outputSize
  }

  /// Traps where no pooling before it has indices left.
  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    let shape = tape.shape(input)
    guard let height = outputSize?.height ?? vertical.outputSize(of: shape[shape.rank - 2]),
      let width = outputSize?.width ?? horizontal.outputSize(of: shape[shape.rank - 1])
    else { preconditionFailure("MaxUnpool2d of \(shape)") }
    return tape.maxUnpool2d(input, tape.takeIndices(), height: height, width: width)
  }
}
