import FoundationEssentials
import NNData
import NNModel
import NNRuntime
import NNShapes
import NNTestSupport
import NNTraining
import Testing

/// Transforms against torchvision: text, parser, checker, pipeline, and the draws of the generator.
@Suite("Transforms against torchvision")
struct TransformCasesTests {
  /// Reads `images` as one batch through the transforms of `text`.
  private func transformed(
    _ text: String, _ images: [[UInt8]], _ shape: Shape, _ generator: Generator
  ) throws -> (values: [[Float]], shape: Shape) {
    let file = """
      data = Shapes10(size=16, channels=\(shape[0]), transform=\(text))
      model M { Flatten(), Linear(_, 10) }
      """
    let source = try #require(try planned(file).plan.data.first?.sources.first)
    let pipeline = makePipeline(source.transforms, of: shape)
    let dataset = Dataset(
      name: "images", sampleShape: shape, pixels: images.flatMap { $0 }, labels: images.map { _ in 0 },
      classNames: ["one"], provenance: "")
    let reader = ImageReader(pipeline, batchSize: images.count, workers: 1)
    reader.draw(images.count, from: generator)
    let size = pipeline.outputShape.elementCount
    let values = images.indices.map { index in
      [Float](unsafeUninitializedCapacity: size) { buffer, count in
        guard let base = buffer.baseAddress else { return }
        reader.read(index, at: index, of: dataset, worker: 0, layout: .channelsFirst, into: base)
        count = size
      }
    }
    return (values, pipeline.outputShape)
  }

  // MARK: The shared cases

  @Test(
    "The reference cases: 48", .enabled(if: ReferenceCases.folder != nil, "no reference cases"))
  func referenceCases() throws {
    var passed = 0
    for reference in ReferenceCases.all where reference.kind == "transform" {
      let parts = try #require(reference.text).split(separator: "#")[0].split(separator: " seed=")
      let text = String(parts[0])
      let seed = parts.count > 1 ? UInt64(parts[1].filter { $0 != " " }) ?? 0 : 0
      let image = try #require(reference.inputs?.first)
      let wanted = try #require(reference.outputs?.first)
      let input = planes(try image.read())
      let (values, shape) = try transformed(
        text, [input.values.map { UInt8($0) }], input.shape, Generator(seed: seed))
      var expected = planes(try wanted.read())
      if wanted.dtype == "float32" {
        expected = (try wanted.read().floats, Shape(wanted.shape))
      } else {
        expected.values = expected.values.map { $0 / 255 }
      }
      #expect(shape == expected.shape, "\(reference.id)")
      let difference = difference(values[0], expected.values, tolerance: 0)
      #expect(difference == nil, "\(reference.id)")
      if difference == nil { passed += 1 }
    }
    #expect(passed == 48)
  }

  /// (H, W, C) or (H, W) as (C, H, W).
  private func planes(_ image: NumericArray) -> (values: [Float], shape: Shape) {
    let (height, width) = (image.shape[0], image.shape[1])
    let channels = image.shape.rank == 3 ? image.shape[2] : 1
    let floats = image.floats
    let plane = height * width
    var values: [Float] = []
    for channel in 0..<channels {
      for pixel in 0..<plane { values.append(floats[pixel * channels + channel]) }
    }
    return (values, [channels, height, width])
  }

  // MARK: A grid of our own

  private struct Grid: Decodable {
    struct Pixels: Decodable {
      var shape: [Int]
      /// Hexadecimal digits: bytes, or floats of four bytes, the least significant first.
      var bytes: String?
      var floats: String?

      var values: [Float] {
        if let bytes { return hexadecimal(bytes).map { Float($0) / 255 } }
        let bytes = hexadecimal(floats ?? "")
        return stride(from: 0, to: bytes.count, by: 4).map { index in
          var bits: UInt32 = 0
          for byte in bytes[index..<index + 4].reversed() { bits = bits << 8 | UInt32(byte) }
          return Float(bitPattern: bits)
        }
      }
    }

    struct Case: Decodable {
      var text: String
      var seed: UInt64
      /// The images of a batch, one after the other.
      var images: [String]
      var outputs: [Pixels]
      /// The draw of `torch.rand(1)` that comes next.
      var next: Float
    }

    var images: [String: Pixels]
    var cases: [Case]
  }

  @Test("Values of torchvision, all transforms, before and after ToTensor, and what they draw")
  func grid() throws {
    let path = TestPaths.packageRoot + "/Tests/NNTrainingTests/Reference/transforms.json"
    let data = try #require(FileManager.default.contents(atPath: path))
    let grid = try JSONDecoder().decode(Grid.self, from: data)
    for item in grid.cases {
      let images = try item.images.map { try #require(grid.images[$0]) }
      let generator = Generator(seed: item.seed)
      let (values, shape) = try transformed(
        item.text, images.map { hexadecimal($0.bytes ?? "") }, Shape(images[0].shape), generator)
      #expect(generator.uniform() == item.next, "\(item.text) of seed \(item.seed) draws otherwise")
      for (values, wanted) in zip(values, item.outputs) {
        #expect(shape == Shape(wanted.shape), "\(item.text)")
        // Images of bytes are the same to the bit.
        let difference = difference(values, wanted.values, tolerance: wanted.bytes == nil ? 2e-6 : 0)
        #expect(difference == nil, "\(item.text) of seed \(item.seed)")
      }
    }
    #expect(grid.cases.count == 187)
  }
}

private func hexadecimal(_ text: String) -> [UInt8] {
  let digits = text.utf8.map { digit in digit <= UInt8(ascii: "9") ? digit - 48 : digit - 87 }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
