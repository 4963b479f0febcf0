import NNShapes

/// `RandomCrop(size, padding=None, pad_if_needed=False, fill=0, padding_mode='constant')`: a part of the
/// padded image, anywhere in it, (C, H, W) to (C, size).
///
/// Draws `randint` for the top, then for the left; nothing where the padded image is the crop.
public struct RandomCrop: ImageTransform {
  private let map: PixelMap
  private let size: Size2d

  public var outputShape: Shape { [map.channels, size.height, size.width] }
  public var isRandom: Bool { true }

  /// Of images of `shape`; `fill` has one value or one a channel. Traps where the crop is larger than
  /// the padded image: the checker has compared them.
  public init(
    _ size: Size2d, border: ImageBorder?, padIfNeeded: Bool, fill: [Double], _ mode: BorderMode,
    of shape: Shape
  ) {
    var map = PixelMap(shape, fill: fill)
    if let border { map.pad(border, mode) }
    if padIfNeeded { map.pad(Size2d(map.rows.count, map.columns.count).missing(for: size), mode) }
    precondition(
      size.height <= map.rows.count && size.width <= map.columns.count,
      "RandomCrop: \(size) of \(map.outputShape)")
    self.map = map
    self.size = size
  }

  public func draw(from random: any RandomSource, noise: UnsafeMutableBufferPointer<Float>) -> TransformDraw {
    let (height, width) = (map.rows.count, map.columns.count)
    guard height != size.height || width != size.width else { return .nothing }
    let top = random.randint(0, height - size.height + 1)
    return .crop(top: top, left: random.randint(0, width - size.width + 1))
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<UInt8>) -> Bool {
    let (top, left) = corner(draw)
    map.apply(to: image, top: top, left: left, size)
    return true
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<Float>, noise: UnsafePointer<Float>)
    -> Bool
  {
    let (top, left) = corner(draw)
    map.apply(to: image, top: top, left: left, size)
    return true
  }

  private func corner(_ draw: TransformDraw) -> (top: Int, left: Int) {
    if case .crop(let top, let left) = draw { return (top, left) }
    return (0, 0)
  }
}
