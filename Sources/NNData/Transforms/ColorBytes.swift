/// Pillow's changes of colour, in place. Sources: `ImageEnhance.py`, `src/libImaging/Blend.c`,
/// `src/libImaging/Convert.c`.
struct ColorBytes: ColorPixels {
  let pixels: UnsafeMutablePointer<UInt8>
  /// 1 or 3.
  let channels: Int
  /// The pixels of a channel.
  let plane: Int

  func mixWithBlack(_ factor: Float) {
    mixWith(0, factor)
  }

  /// The mean of the grey image, rounded.
  func mixWithMean(_ factor: Float) {
    var sum = 0
    for index in 0..<plane { sum += Int(grey(index)) }
    let mean = UInt8(Double(sum) / Double(plane) + 0.5)
    mixWith(mean, factor)
  }

  /// With one value for all pixels: each of 256 bytes is mixed once.
  private func mixWith(_ value: UInt8, _ factor: Float) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { table in
      for byte in 0..<256 { table[byte] = mixed(value, UInt8(byte), factor) }
      for index in 0..<channels * plane { pixels[index] = table[Int(pixels[index])] }
    }
  }

  func turned(_ red: UInt8, _ green: UInt8, _ blue: UInt8, _ factor: Float) -> (UInt8, UInt8, UInt8) {
    let (hue, saturation, value) = hsv(red, green, blue)
    return rgb(hue &+ UInt8(truncatingIfNeeded: Int(Double(factor) * 255)), saturation, value)
  }

  func brightness(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
    Grayscale.brightness(red, green, blue)
  }

  /// `from` at factor 0, `to` at 1, and beyond; cut off, not rounded.
  func mixed(_ from: UInt8, _ to: UInt8, _ factor: Float) -> UInt8 {
    let value = Float(from) + factor * Float(Int(to) - Int(from))
    // A factor beyond float32 times no difference is no number, and changes nothing.
    return value.isNaN ? from : UInt8(min(max(value, 0), 255))
  }

  /// Hue, saturation and value as bytes.
  private func hsv(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> (UInt8, UInt8, UInt8) {
    let (largest, smallest) = (max(red, green, blue), min(red, green, blue))
    guard largest > smallest else { return (0, 0, largest) }
    let range = Float(largest - smallest)
    let (r, g, b) = (
      Float(largest - red) / range, Float(largest - green) / range, Float(largest - blue) / range
    )
    let sixths: Float
    if red == largest {
      sixths = b - g
    } else if green == largest {
      sixths = Float(2 + Double(r) - Double(b))
    } else {
      sixths = Float(4 + Double(g) - Double(r))
    }
    let hue = Float((Double(sixths) / 6 + 1).truncatingRemainder(dividingBy: 1))
    return (UInt8(Double(hue) * 255), UInt8(Double(range / Float(largest)) * 255), largest)
  }

  private func rgb(_ hue: UInt8, _ saturation: UInt8, _ value: UInt8) -> (UInt8, UInt8, UInt8) {
    guard saturation > 0 else { return (value, value, value) }
    let position = Double(Float(hue)) * 6 / 255
    let sixth = Int(position)
    let f = Double(Float(position - Double(sixth)))
    let s = Double(Float(Double(saturation) / 255))
    let v = Double(value)
    let p = UInt8((v * (1 - s)).rounded())
    let q = UInt8((v * (1 - s * f)).rounded())
    let t = UInt8((v * (1 - s * (1 - f))).rounded())
    switch sixth % 6 {
    case 0: return (value, t, p)
    case 1: return (q, value, p)
    case 2: return (p, value, t)
    case 3: return (p, q, value)
    case 4: return (t, p, value)
    default: return (value, p, q)
    }
  }
}
