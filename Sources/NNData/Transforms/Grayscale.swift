import NNShapes

/// `Grayscale(num_output_channels=1)`: the brightness of each pixel, in one channel or three alike.
///
/// Of bytes PIL's (19595 R + 38470 G + 7471 B + 2¹⁵) / 2¹⁶, of floats 0.2989 R + 0.587 G + 0.114 B; an
/// image of one channel is its own brightness.
public struct Grayscale: ImageTransform {
  private let channels: Int
  public let outputShape: Shape

  /// Of images of `shape`, of 1 or 3 channels, to 1 or 3 channels.
  public init(outputChannels: Int, of shape: Shape) {
    precondition([1, 3].contains(shape[0]) && [1, 3].contains(outputChannels), "Grayscale: \(shape)")
    channels = shape[0]
    outputShape = [outputChannels, shape[1], shape[2]]
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<UInt8>) -> Bool {
    write(image) { Grayscale.brightness($0, $1, $2) }
    return true
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<Float>, noise: UnsafePointer<Float>)
    -> Bool
  {
    write(image) { Grayscale.brightness($0, $1, $2) }
    return true
  }

  static func brightness(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    var sum: UInt32 = 0x8000
    sum += UInt32(red) * 19595
    sum += UInt32(green) * 38470
    sum += UInt32(blue) * 7471
    return UInt8(sum >> 16)
  }

  static func brightness(_ red: Float, _ green: Float, _ blue: Float) -> Float {
    0.2989 * red + 0.587 * green + 0.114 * blue
  }

  @inline(__always)
  private func write<Pixel>(_ image: PixelBuffers<Pixel>, _ brightness: (Pixel, Pixel, Pixel) -> Pixel) {
    let plane = outputShape[1] * outputShape[2]
    let source = image.source
    for index in 0..<plane {
      let value =
        channels == 1
        ? source[index] : brightness(source[index], source[plane + index], source[2 * plane + index])
      for channel in 0..<outputShape[0] { image.target[channel * plane + index] = value }
    }
  }
}
