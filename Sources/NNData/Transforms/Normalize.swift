import NNShapes

/// `Normalize(mean, std)`: (x - mean) / std, a mean and a std for each channel or one for all. Takes
/// tensors.
public struct Normalize: ImageTransform {
  public let outputShape: Shape
  private let mean: [Float]
  private let std: [Float]

  /// Of images of `shape`; `mean` and `std` have one value or one a channel.
  public init(mean: [Double], std: [Double], of shape: Shape) {
    let channels = shape[0]
    precondition(
      [mean.count, std.count].allSatisfy { $0 == 1 || $0 == channels },
      "Normalize: \(mean.count) means and \(std.count) deviations for \(shape)")
    outputShape = shape
    self.mean = (0..<channels).map { Float(mean[mean.count == 1 ? 0 : $0]) }
    self.std = (0..<channels).map { Float(std[std.count == 1 ? 0 : $0]) }
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<Float>, noise: UnsafePointer<Float>)
    -> Bool
  {
    let plane = outputShape[1] * outputShape[2]
    for channel in 0..<outputShape[0] {
      let (mean, std) = (mean[channel], std[channel])
      for index in channel * plane..<(channel + 1) * plane {
        image.target[index] = (image.source[index] - mean) / std
      }
    }
    return true
  }
}
