#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import NNShapes

/// The built-in drawn set: ten kinds of figures on uneven ground, for a machine without data.
///
/// Image i of a seed and split is the same on every machine, whatever the number of images: it has a
/// generator of its own, and all drawing is in integers. Each ten consecutive images hold every
/// class once, in random order.
///
/// Difficulty: the headline net of LANGUAGE stays below 80 % accuracy after one epoch of 10,000
/// images (batch 64, momentum 0.9) and passes 90 % after ten.
public enum Shapes10 {
  /// The classes in the order of their labels.
  public static let classNames = Figure.allCases.map(\.name)
  /// The sizes that can be drawn, in pixels.
  public static let sizes = 1...1024
  /// The numbers of images that can be drawn, memory permitting.
  public static let counts = 1...10_000_000

  /// Draws the set.
  ///
  /// - Parameters:
  ///   - count: N, within ``counts``.
  ///   - size: H and W, within ``sizes``.
  ///   - channels: C: 3 for colour, 1 for its luminance.
  ///   - seed: another seed gives other images.
  ///   - train: the training split, or the test split, which shares no image with it.
  ///
  /// Throws ``DataError/invalidRequest(reason:)`` for arguments out of range, and where the images
  /// would take more than half of the machine's memory.
  public static func draw(count: Int, size: Int, channels: Int, seed: UInt64, train: Bool) throws
    -> Dataset
  {
    try check(count: count, size: size, channels: channels)
    let imageSize = channels * size * size
    // One stream a seed and split; the constants only have to differ.
    let stream = SplitMix64.mixed(SplitMix64.mixed(seed) ^ (train ? 0x7472_6169_6E : 0x7465_7374))
    let labels = drawLabels(count: count, stream: stream)
    let pixels = [UInt8](unsafeUninitializedCapacity: count * imageSize) { buffer, initialized in
      for index in 0..<count {
        let image = UnsafeMutableBufferPointer(
          rebasing: buffer[(index * imageSize)..<((index + 1) * imageSize)])
        var painter = Painter(
          size: size, channels: channels,
          random: SplitMix64(seed: SplitMix64.mixed(stream &+ UInt64(index) &* 0xD134_2543_DE82_EF95)))
        painter.paint(Figure.allCases[Int(labels[index])], into: image)
      }
      initialized = count * imageSize
    }
    return Dataset(
      name: "Shapes10", sampleShape: [channels, size, size], pixels: pixels, labels: labels,
      classNames: classNames,
      provenance:
        "Shapes10(n=\(count), size=\(size), channels=\(channels), seed=\(seed), train=\(train ? "True" : "False"))"
    )
  }

  private static func check(count: Int, size: Int, channels: Int) throws {
    guard counts.contains(count) else {
      throw DataError.invalidRequest(reason: "Shapes10: n=\(count), expected 1 to \(counts.upperBound)")
    }
    guard sizes.contains(size) else {
      throw DataError.invalidRequest(reason: "Shapes10: size=\(size), expected 1 to \(sizes.upperBound)")
    }
    guard channels == 1 || channels == 3 else {
      throw DataError.invalidRequest(reason: "Shapes10: channels=\(channels), expected 1 or 3")
    }
    // At most 1e7 · 3 · 2^20 bytes: no overflow.
    let bytes = count * channels * size * size
    let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    guard memory <= 0 || bytes <= memory / 2 else {
      throw DataError.invalidRequest(
        reason: "Shapes10: \(count) images of \(channels)×\(size)×\(size) take \(bytes >> 20) MB, more than "
          + "half of this machine's \(memory >> 20) MB; use a smaller n or size")
    }
  }

  private static func drawLabels(count: Int, stream: UInt64) -> [UInt8] {
    var random = SplitMix64(seed: stream)
    var deck = (0..<UInt8(Figure.allCases.count)).map { $0 }
    var labels: [UInt8] = []
    labels.reserveCapacity(count + deck.count)
    while labels.count < count {
      random.shuffle(&deck)
      labels += deck
    }
    labels.removeLast(labels.count - count)
    return labels
  }
}
