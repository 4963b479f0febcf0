import NNShapes

/// `CenterCrop(size)`: the middle of the image, (C, H, W) to (C, size). An axis that is shorter than the
/// crop is filled up with zeros first, an odd one at the end.
public struct CenterCrop: ImageTransform {
  private let map: PixelMap
  public var outputShape: Shape { map.outputShape }

  /// Of images of `shape`.
  public init(_ size: Size2d, of shape: Shape) {
    var map = PixelMap(shape)
    map.pad(map.size.centered(for: size), .constant)
    map.rows = map.rows.centered(size.height)
    map.columns = map.columns.centered(size.width)
    self.map = map
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<UInt8>) -> Bool {
    map.apply(to: image)
    return true
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<Float>, noise: UnsafePointer<Float>)
    -> Bool
  {
    map.apply(to: image)
    return true
  }
}
