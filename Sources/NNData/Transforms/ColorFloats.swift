/// torchvision's changes of colour of a tensor with values of 0 to 1, in place. Source:
/// `torchvision/transforms/_functional_tensor.py`.
struct ColorFloats: ColorPixels {
  let pixels: UnsafeMutablePointer<Float>
  /// 1 or 3.
  let channels: Int
  /// The pixels of a channel.
  let plane: Int

  func mixWithBlack(_ factor: Float) {
    for index in 0..<channels * plane { pixels[index] = mixed(0, pixels[index], factor) }
  }

  func mixWithMean(_ factor: Float) {
    var sum = 0.0
    for index in 0..<plane { sum += Double(grey(index)) }
    let mean = Float(sum / Double(plane))
    for index in 0..<channels * plane { pixels[index] = mixed(mean, pixels[index], factor) }
  }

  func turned(_ red: Float, _ green: Float, _ blue: Float, _ factor: Float) -> (Float, Float, Float) {
    let (hue, saturation, value) = hsv(red, green, blue)
    let turned = hue + factor
    return rgb(turned - turned.rounded(.down), saturation, value)
  }

  func brightness(_ red: Float, _ green: Float, _ blue: Float) -> Float {
    Grayscale.brightness(red, green, blue)
  }

  func mixed(_ from: Float, _ to: Float, _ factor: Float) -> Float {
    min(max(factor * to + (1 - factor) * from, 0), 1)
  }

  private func hsv(_ red: Float, _ green: Float, _ blue: Float) -> (Float, Float, Float) {
    let (largest, smallest) = (max(red, green, blue), min(red, green, blue))
    guard largest != smallest else { return (0, 0, largest) }
    let range = largest - smallest
    let (r, g, b) = ((largest - red) / range, (largest - green) / range, (largest - blue) / range)
    let sixths: Float
    if red == largest {
      sixths = b - g
    } else if green == largest {
      sixths = 2 + r - b
    } else {
      sixths = 4 + g - r
    }
    return ((sixths / 6 + 1).truncatingRemainder(dividingBy: 1), range / largest, largest)
  }

  private func rgb(_ hue: Float, _ saturation: Float, _ value: Float) -> (Float, Float, Float) {
    func cut(_ value: Float) -> Float { min(max(value, 0), 1) }
    let sixth = (hue * 6).rounded(.down)
    let f = hue * 6 - sixth
    let p = cut(value * (1 - saturation))
    let q = cut(value * (1 - saturation * f))
    let t = cut(value * (1 - saturation * (1 - f)))
    switch sixth {
    case 1: return (q, value, p)
    case 2: return (p, value, t)
    case 3: return (p, q, value)
    case 4: return (t, p, value)
    case 5: return (value, p, q)
    default: return (value, t, p)
    }
  }
}
