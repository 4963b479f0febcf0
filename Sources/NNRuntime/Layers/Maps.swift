import NNShapes

/// Pixels around a map, PyTorch's `ZeroPad2d`, `ConstantPad2d`, `ReflectionPad2d`, `ReplicationPad2d` and
/// `CircularPad2d`; see ``Tape/pad(_:vertical:horizontal:value:)``.
public final class Pad2d: Layer {
  public let vertical: PaddingGeometry
  public let horizontal: PaddingGeometry
  public let value: Float

  public init(vertical: PaddingGeometry, horizontal: PaddingGeometry, value: Float) {
    self.vertical = vertical
    self.horizontal = horizontal
    self.value = value
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.pad(input, vertical: vertical, horizontal: horizontal, value: value)
  }
}

/// Channels as blocks of pixels, PyTorch's `PixelShuffle`, or with `isInverse` `PixelUnshuffle`; see
/// ``Tape/pixelShuffle(_:factor:isInverse:)``.
public final class PixelShuffle: Layer {
  public let factor: Int
  public let isInverse: Bool

  public init(factor: Int, isInverse: Bool) {
    self.factor = factor
    self.isInverse = isInverse
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.pixelShuffle(input, factor: factor, isInverse: isInverse)
  }
}

/// Maps of another size, PyTorch's `Upsample`; see ``Tape/upsample(_:vertical:horizontal:isBilinear:)``.
public final class Upsample: Layer {
  /// How the two axes of a map of this size are resized; of a sequence, height 1, the first stays.
  private let geometry:
    (_ map: Size2d, _ isSequence: Bool) -> (vertical: ResizeGeometry, horizontal: ResizeGeometry)
  public let isBilinear: Bool

  public init(
    isBilinear: Bool,
    geometry:
      @escaping (_ map: Size2d, _ isSequence: Bool) -> (
        vertical: ResizeGeometry, horizontal: ResizeGeometry
      )
  ) {
    self.isBilinear = isBilinear
    self.geometry = geometry
  }

  /// `input` (N, C, H, W) or (N, C, L).
  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    let isSequence = tape.shape(input).rank == 3
    let image = isSequence ? tape.asImage(input) : input
    let shape = tape.shape(image)
    let axes = geometry(Size2d(shape[shape.rank - 2], shape[shape.rank - 1]), isSequence)
    let output = tape.upsample(
      image, vertical: axes.vertical, horizontal: axes.horizontal, isBilinear: isBilinear)
    return isSequence ? tape.asSequence(output) : output
  }
}
