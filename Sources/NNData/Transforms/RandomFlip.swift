import NNShapes

/// `RandomHorizontalFlip(p=0.5)` and `RandomVerticalFlip(p=0.5)`: the image mirrored, left for right or
/// top for bottom, where a draw of `rand(1)` is below p.
public struct RandomFlip: ImageTransform {
  private let map: PixelMap
  private let p: Double

  public var outputShape: Shape { map.outputShape }
  public var isRandom: Bool { true }

  /// Of images of `shape`.
  public init(p: Double, horizontal: Bool, of shape: Shape) {
    var map = PixelMap(shape)
    if horizontal { map.columns = map.columns.reversed } else { map.rows = map.rows.reversed }
    self.map = map
    self.p = p
  }

  public func draw(from random: any RandomSource, noise: UnsafeMutableBufferPointer<Float>) -> TransformDraw {
    // A tensor is compared in its own type.
    random.uniform() < Float(p) ? .flip : .nothing
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<UInt8>) -> Bool {
    guard case .flip = draw else { return false }
    map.apply(to: image)
    return true
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<Float>, noise: UnsafePointer<Float>)
    -> Bool
  {
    guard case .flip = draw else { return false }
    map.apply(to: image)
    return true
  }
}
