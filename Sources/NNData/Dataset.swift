import NNShapes

/// Labelled images in memory, as bytes: N images of shape (C, H, W), row-major, and N class labels.
///
/// Ten thousand CIFAR-10 images take 31 MB; a batch becomes `Float` only when it is read.
public struct Dataset: Sendable {
  /// The order of a batch's elements in memory.
  public enum Layout: Hashable, Sendable {
    /// (N, C, H, W), PyTorch's order.
    case channelsFirst
    /// (N, H, W, C), the runtime's storage order.
    case channelsLast
  }

  /// The set's name as model files write it: `CIFAR10`.
  public let name: String
  /// (C, H, W) of one image.
  public let sampleShape: Shape
  /// The pixels, N·C·H·W bytes, image after image, plane after plane.
  public let pixels: [UInt8]
  /// One class a sample, each below `classNames.count`.
  public let labels: [UInt8]
  /// The names of the classes, in the order of their labels.
  public let classNames: [String]
  /// Where the samples come from, for the record of a run: the files read, or the arguments that
  /// they were drawn from.
  public let provenance: String

  /// Traps where the counts do not agree or a label has no class: the readers have checked both.
  public init(
    name: String, sampleShape: Shape, pixels: [UInt8], labels: [UInt8], classNames: [String],
    provenance: String
  ) {
    precondition(sampleShape.rank == 3, "Dataset: sample shape \(sampleShape), expected (C, H, W)")
    precondition(
      pixels.count == labels.count * sampleShape.elementCount,
      "Dataset: \(pixels.count) pixels for \(labels.count) samples of \(sampleShape)")
    precondition(
      labels.allSatisfy { Int($0) < classNames.count }, "Dataset: a label beyond \(classNames.count) classes")
    self.name = name
    self.sampleShape = sampleShape
    self.pixels = pixels
    self.labels = labels
    self.classNames = classNames
    self.provenance = provenance
  }

  /// N.
  public var count: Int { labels.count }
  /// The number of classes.
  public var classCount: Int { classNames.count }

  /// Writes the images at `indices` to `destination`, each value x/255 in `Float`: what torchvision's
  /// `ToTensor` gives, bit for bit.
  ///
  /// `destination` has room for indices.count · C · H · W values; nothing is allocated. Traps on an
  /// index outside 0 ..< N.
  public func readImages(
    at indices: UnsafeBufferPointer<Int>, layout: Layout, into destination: UnsafeMutablePointer<Float>
  ) {
    let size = sampleShape.elementCount
    Dataset.fractions.withUnsafeBufferPointer { fractions in
      pixels.withUnsafeBufferPointer { pixels in
        guard let base = pixels.baseAddress, let fractions = fractions.baseAddress else {
          precondition(indices.isEmpty, "Dataset: a sample of an empty set")
          return
        }
        var target = destination
        for index in indices {
          precondition(index >= 0 && index < count, "Dataset: sample \(index) of \(count)")
          Dataset.write(base + index * size, sampleShape, layout, into: target) { fractions[Int($0)] }
          target += size
        }
      }
    }
  }

  /// Writes one image of `shape`, planes one after the other, to `target`; `value` makes floats of pixels.
  @inline(__always)
  static func write<Pixel>(
    _ image: UnsafePointer<Pixel>, _ shape: Shape, _ layout: Layout,
    into target: UnsafeMutablePointer<Float>, _ value: (Pixel) -> Float
  ) {
    let channels = shape[0]
    let plane = shape[1] * shape[2]
    if layout == .channelsFirst || channels == 1 {
      for position in 0..<channels * plane { target[position] = value(image[position]) }
    } else if channels == 3 {
      for pixel in 0..<plane {
        target[3 * pixel] = value(image[pixel])
        target[3 * pixel + 1] = value(image[plane + pixel])
        target[3 * pixel + 2] = value(image[2 * plane + pixel])
      }
    } else {
      for position in 0..<channels * plane {
        target[position] = value(image[position % channels * plane + position / channels])
      }
    }
  }

  /// The pixels of one image, where they are. Traps on an index outside 0 ..< N.
  func withImage(_ index: Int, _ body: (UnsafePointer<UInt8>) -> Void) {
    precondition(index >= 0 && index < count, "Dataset: sample \(index) of \(count)")
    pixels.withUnsafeBufferPointer { pixels in
      if let base = pixels.baseAddress { body(base + index * sampleShape.elementCount) }
    }
  }

  /// x/255 for each byte: a look-up takes half the time of a division.
  private static let fractions: [Float] = (0...255).map { Float($0) / 255 }

  static func fraction(_ byte: UInt8) -> Float { Float(byte) / 255 }

  /// Writes the labels of the samples at `indices` to `destination`, which has room for as many.
  /// Traps on an index outside 0 ..< N.
  public func readLabels(
    at indices: UnsafeBufferPointer<Int>, into destination: UnsafeMutablePointer<Int64>
  ) {
    for (position, index) in indices.enumerated() { destination[position] = Int64(labels[index]) }
  }
}
