import NNShapes

/// `Pad(padding, fill=0, padding_mode='constant')`: a border around the image,
/// (C, H, W) to (C, top + H + bottom, left + W + right).
public struct Pad: ImageTransform {
  private let map: PixelMap
  public var outputShape: Shape { map.outputShape }

  /// Of images of `shape`; `fill` has one value or one a channel.
  public init(_ border: ImageBorder, fill: [Double], _ mode: BorderMode, of shape: Shape) {
    var map = PixelMap(shape, fill: fill)
    map.pad(border, mode)
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
