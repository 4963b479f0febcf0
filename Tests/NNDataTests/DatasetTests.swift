import NNData
import NNShapes
import Testing

struct DatasetTests {
  /// Three samples of 2×2×3, pixel values 0 to 35.
  private let dataset = Dataset(
    name: "Counting", sampleShape: [2, 2, 3], pixels: (0..<36).map { UInt8($0) }, labels: [1, 0, 2],
    classNames: ["a", "b", "c"], provenance: "test")

  private func images(at indices: [Int], _ layout: Dataset.Layout) -> [Float] {
    var values = [Float](repeating: -1, count: indices.count * 12)
    values.withUnsafeMutableBufferPointer { values in
      indices.withUnsafeBufferPointer { indices in
        guard let target = values.baseAddress else { return }
        dataset.readImages(at: indices, layout: layout, into: target)
      }
    }
    return values
  }

  @Test func imagesInPyTorchOrder() {
    let expected: [Float] = (Array(24..<36) + Array(0..<12)).map { Float($0) / 255 }
    #expect(images(at: [2, 0], .channelsFirst) == expected)
  }

  @Test func imagesInStorageOrder() {
    // Pixel p of sample n has the values 12·n + p and 12·n + 6 + p.
    var values: [Float] = []
    for sample in [2, 0] {
      for pixel in 0..<6 {
        values += [Float(12 * sample + pixel) / 255, Float(12 * sample + 6 + pixel) / 255]
      }
    }
    #expect(images(at: [2, 0], .channelsLast) == values)
  }

  /// Images of three channels have a loop of their own.
  @Test func colourImagesInStorageOrder() {
    let dataset = Dataset(
      name: "Colours", sampleShape: [3, 2, 2], pixels: (0..<24).map { UInt8($0) }, labels: [0, 0],
      classNames: ["a"], provenance: "test")
    var values = [Float](repeating: -1, count: 12)
    values.withUnsafeMutableBufferPointer { values in
      [1].withUnsafeBufferPointer { indices in
        guard let target = values.baseAddress else { return }
        dataset.readImages(at: indices, layout: .channelsLast, into: target)
      }
    }
    #expect(values == [12, 16, 20, 13, 17, 21, 14, 18, 22, 15, 19, 23].map { Float($0) / 255 })
  }

  @Test func labelsAreInt64() {
    var labels = [Int64](repeating: -1, count: 4)
    labels.withUnsafeMutableBufferPointer { labels in
      [2, 2, 0, 1].withUnsafeBufferPointer { indices in
        guard let target = labels.baseAddress else { return }
        dataset.readLabels(at: indices, into: target)
      }
    }
    #expect(labels == [2, 2, 1, 0])
  }

  /// `ToTensor` divides in single precision. A quotient computed in double and rounded is the
  /// correctly rounded one; a product with 1/255 differs from it for 126 of the 256 bytes.
  @Test func everyByteIsTheRoundedQuotient() {
    let bytes = (0...255).map { UInt8($0) }
    let dataset = Dataset(
      name: "Bytes", sampleShape: [1, 16, 16], pixels: bytes, labels: [0], classNames: ["only"],
      provenance: "test")
    var values = [Float](repeating: -1, count: 256)
    values.withUnsafeMutableBufferPointer { values in
      [0].withUnsafeBufferPointer { indices in
        guard let target = values.baseAddress else { return }
        dataset.readImages(at: indices, layout: .channelsLast, into: target)
      }
    }
    #expect(values == bytes.map { Float(Double($0) / 255) })
    #expect(values != bytes.map { Float($0) * (1 / 255 as Float) })
    // Bits that torch.tensor([1, 77, 128, 254], dtype=torch.uint8).float().div(255) gives.
    #expect(
      [1, 77, 128, 254].map { values[$0].bitPattern } == [0x3B80_8081, 0x3E9A_9A9B, 0x3F00_8081, 0x3F7E_FEFF])
  }
}
