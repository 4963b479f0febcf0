/// An image whose colours ``ColorJitter`` changes in place. Bytes and floats share the walk over the pixels;
/// their arithmetic is Pillow's and torchvision's, each with its own rounding.
protocol ColorPixels {
  associatedtype Value

  /// (C, H, W).
  var pixels: UnsafeMutablePointer<Value> { get }
  /// 1 or 3.
  var channels: Int { get }
  /// The pixels of a channel.
  var plane: Int { get }

  func mixWithBlack(_ factor: Float)
  /// With the mean of the grey image.
  func mixWithMean(_ factor: Float)

  /// `from` at factor 0, `to` at 1, and beyond, cut off at the ends of the range.
  func mixed(_ from: Value, _ to: Value, _ factor: Float) -> Value
  /// The colour with its hue turned by `factor` circles.
  func turned(_ red: Value, _ green: Value, _ blue: Value, _ factor: Float) -> (Value, Value, Value)
  /// The grey of a colour.
  func brightness(_ red: Value, _ green: Value, _ blue: Value) -> Value
}

extension ColorPixels {
  /// The change that a drawn order names by `kind`: brightness, contrast, saturation, hue.
  func change(_ kind: Int, _ factor: Float) {
    switch kind {
    case 0: mixWithBlack(factor)
    case 1: mixWithMean(factor)
    case 2: mixWithGrey(factor)
    default: turnHue(factor)
    }
  }

  func grey(_ index: Int) -> Value {
    channels == 1
      ? pixels[index] : brightness(pixels[index], pixels[plane + index], pixels[2 * plane + index])
  }

  /// Grey images have no saturation.
  private func mixWithGrey(_ factor: Float) {
    guard channels == 3 else { return }
    for index in 0..<plane {
      let grey = grey(index)
      for channel in 0..<channels {
        pixels[channel * plane + index] = mixed(grey, pixels[channel * plane + index], factor)
      }
    }
  }

  /// Grey images have no hue.
  private func turnHue(_ factor: Float) {
    guard channels == 3 else { return }
    for index in 0..<plane {
      (pixels[index], pixels[plane + index], pixels[2 * plane + index]) = turned(
        pixels[index], pixels[plane + index], pixels[2 * plane + index], factor)
    }
  }
}
