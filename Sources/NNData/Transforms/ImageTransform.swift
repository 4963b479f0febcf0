import NNShapes

/// Where random transforms take their numbers from: PyTorch's default generator.
public protocol RandomSource: AnyObject {
  /// `torch.rand(1)`.
  func uniform() -> Float
  /// `torch.empty(1).uniform_(low, high)`.
  func uniform(_ low: Float, _ high: Float) -> Float
  /// `torch.randint(low, high, (1,))`.
  func randint(_ low: Int, _ high: Int) -> Int
  /// `values.normal_()`.
  func fillNormal(_ values: UnsafeMutableBufferPointer<Float>)
}

/// What was drawn for one image and one transform. It owns no memory.
public enum TransformDraw: Sendable {
  /// The transform leaves this image as it is, or draws nothing.
  case nothing
  /// The image is flipped.
  case flip
  /// The upper left corner of what is kept.
  case crop(top: Int, left: Int)
  /// The rectangle that is erased.
  case erase(top: Int, left: Int, height: Int, width: Int)
  /// Brightness, contrast, saturation, hue: by how much each, and in which order.
  case jitter(factors: SIMD4<Float>, order: SIMD4<UInt8>)
}

/// The memory of one step: planes of pixels, channel after channel, rows from the top.
public struct PixelBuffers<Pixel> {
  /// The image.
  public var source: UnsafePointer<Pixel>
  /// Where the new one goes; it does not overlap `source`.
  public var target: UnsafeMutablePointer<Pixel>
  /// Room for as many values as the transform asks for.
  public var scratch: UnsafeMutablePointer<Pixel>
}

/// One of torchvision's transforms, made for images of one shape.
///
/// Before `ToTensor` an image is bytes and a transform does what torchvision does to a PIL image, to
/// the bit; after it, floats, and what torchvision does to a tensor. Drawing comes first and in the
/// order of the samples; applying may then run on any thread.
public protocol ImageTransform: Sendable {
  /// (C, H, W) of what it gives.
  var outputShape: Shape { get }
  /// The number of values it needs for itself while it is applied.
  var scratchCount: Int { get }
  /// The number of values that ``draw(from:noise:)`` leaves for an image besides the draw.
  var noiseCount: Int { get }
  /// True where something is drawn for each image.
  var isRandom: Bool { get }

  /// Draws what one image needs, in PyTorch's order. `noise` has room for ``noiseCount`` values.
  func draw(from random: any RandomSource, noise: UnsafeMutableBufferPointer<Float>) -> TransformDraw

  /// Makes the new image of a PIL image; false, with nothing written, where it is the old one.
  func apply(_ draw: TransformDraw, to image: PixelBuffers<UInt8>) -> Bool
  /// The same of a tensor. `noise` is what ``draw(from:noise:)`` left.
  func apply(_ draw: TransformDraw, to image: PixelBuffers<Float>, noise: UnsafePointer<Float>) -> Bool
}

extension ImageTransform {
  public var scratchCount: Int { 0 }
  public var noiseCount: Int { 0 }
  public var isRandom: Bool { false }

  public func draw(from random: any RandomSource, noise: UnsafeMutableBufferPointer<Float>) -> TransformDraw {
    .nothing
  }

  /// Transforms that take tensors only, which the checker has seen to.
  public func apply(_ draw: TransformDraw, to image: PixelBuffers<UInt8>) -> Bool {
    preconditionFailure("\(Self.self): an image before ToTensor")
  }
}
