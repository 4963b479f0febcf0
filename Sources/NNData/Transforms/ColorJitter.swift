import NNShapes

/// `ColorJitter(brightness=0, contrast=0, saturation=0, hue=0)`: each changed by a random factor, in a
/// random order.
///
/// Draws `randperm(4)` for the order, then a factor of `uniform_` for each of the four that has a range.
/// An image is mixed with black (brightness), its mean grey (contrast) or its grey self (saturation),
/// factor · image + (1 - factor) · other; the hue is turned by a share of the circle.
public struct ColorJitter: ImageTransform {
  /// The smallest and the largest factor.
  public typealias Range = (low: Double, high: Double)

  public let outputShape: Shape
  private let ranges: [(low: Float, high: Float)?]

  public var isRandom: Bool { true }

  /// Of images of `shape`, of 1 or 3 channels; nil for what stays as it is.
  public init(brightness: Range?, contrast: Range?, saturation: Range?, hue: Range?, of shape: Shape) {
    precondition(shape[0] == 1 || shape[0] == 3, "ColorJitter: \(shape)")
    outputShape = shape
    ranges = [brightness, contrast, saturation, hue].map { range in
      range.map { (Float($0.low), Float($0.high)) }
    }
  }

  public func draw(from random: any RandomSource, noise: UnsafeMutableBufferPointer<Float>) -> TransformDraw {
    var order = SIMD4<UInt8>(0, 1, 2, 3)
    for index in 0..<3 {
      let other = index + random.randint(0, 4 - index)
      (order[index], order[other]) = (order[other], order[index])
    }
    var factors = SIMD4<Float>(repeating: 1)
    for index in 0..<4 {
      if let range = ranges[index] { factors[index] = random.uniform(range.low, range.high) }
    }
    return .jitter(factors: factors, order: order)
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<UInt8>) -> Bool {
    guard case .jitter(let factors, let order) = draw else { return false }
    image.target.update(from: image.source, count: outputShape.elementCount)
    change(
      ColorBytes(pixels: image.target, channels: outputShape[0], plane: outputShape[1] * outputShape[2]),
      by: factors, in: order)
    return true
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<Float>, noise: UnsafePointer<Float>)
    -> Bool
  {
    guard case .jitter(let factors, let order) = draw else { return false }
    image.target.update(from: image.source, count: outputShape.elementCount)
    change(
      ColorFloats(pixels: image.target, channels: outputShape[0], plane: outputShape[1] * outputShape[2]),
      by: factors, in: order)
    return true
  }

  private func change(_ pixels: some ColorPixels, by factors: SIMD4<Float>, in order: SIMD4<UInt8>) {
    for step in 0..<4 {
      let kind = Int(order[step])
      if ranges[kind] != nil { pixels.change(kind, factors[kind]) }
    }
  }
}
