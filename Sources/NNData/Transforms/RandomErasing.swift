import NNShapes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `RandomErasing(p=0.5, scale=(0.02, 0.33), ratio=(0.3, 3.3), value=0)`: a rectangle of the image filled
/// with a value, with one a channel, or with normal noise. Takes tensors.
///
/// Draws as torchvision: `rand(1)`, below p erases; then up to ten times a share of the area of
/// U(scale) and the logarithm of a ratio of U(log ratio), until the rectangle is smaller than the
/// image; then the noise, the top, the left. Zhong et al., arXiv 1708.04896.
public struct RandomErasing: ImageTransform {
  public let outputShape: Shape
  private let p: Double
  private let scale: (low: Float, high: Float)
  private let logRatio: (low: Float, high: Float)
  /// Nil for noise.
  private let value: [Float]?

  public var isRandom: Bool { true }
  public var noiseCount: Int { value == nil ? outputShape.elementCount : 0 }

  /// Of images of `shape`; `value` has one number or one a channel, and is nil for noise.
  public init(
    p: Double, scale: (Double, Double), ratio: (Double, Double), value: [Double]?, of shape: Shape
  ) {
    precondition(value.map { $0.count == 1 || $0.count == shape[0] } ?? true, "RandomErasing: \(shape)")
    outputShape = shape
    self.p = p
    self.scale = (Float(scale.0), Float(scale.1))
    logRatio = (logf(Float(ratio.0)), logf(Float(ratio.1)))
    self.value = value.map { value in (0..<shape[0]).map { Float(value[value.count == 1 ? 0 : $0]) } }
  }

  public func draw(from random: any RandomSource, noise: UnsafeMutableBufferPointer<Float>) -> TransformDraw {
    guard random.uniform() < Float(p) else { return .nothing }
    let (imageHeight, imageWidth) = (outputShape[1], outputShape[2])
    let area = Double(imageHeight * imageWidth)
    for _ in 0..<10 {
      let erased = area * Double(random.uniform(scale.low, scale.high))
      let ratio = Double(expf(random.uniform(logRatio.low, logRatio.high)))
      let height = (erased * ratio).squareRoot().rounded(.toNearestOrEven)
      let width = (erased / ratio).squareRoot().rounded(.toNearestOrEven)
      guard height < Double(imageHeight), width < Double(imageWidth) else { continue }
      let (h, w) = (Int(height), Int(width))
      if value == nil {
        random.fillNormal(UnsafeMutableBufferPointer(rebasing: noise[..<(outputShape[0] * h * w)]))
      }
      let top = random.randint(0, imageHeight - h + 1)
      return .erase(top: top, left: random.randint(0, imageWidth - w + 1), height: h, width: w)
    }
    return .nothing
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<Float>, noise: UnsafePointer<Float>)
    -> Bool
  {
    guard case .erase(let top, let left, let height, let width) = draw else { return false }
    image.target.update(from: image.source, count: outputShape.elementCount)
    for channel in 0..<outputShape[0] {
      for row in 0..<height {
        let line = image.target + ((channel * outputShape[1] + top + row) * outputShape[2] + left)
        if let value {
          line.update(repeating: value[channel], count: width)
        } else {
          line.update(from: noise + (channel * height + row) * width, count: width)
        }
      }
    }
    return true
  }
}
