import NNShapes

/// The transforms of a split, made for images of one shape: bytes up to `ToTensor`, floats from there.
public struct ImagePipeline: Sendable {
  /// (C, H, W) of the data set's images, and of what the model is given.
  public let inputShape: Shape
  public let outputShape: Shape
  let byteSteps: [any ImageTransform]
  let floatSteps: [any ImageTransform]

  /// Each transform is made for the images of the one before it. Traps where they were not.
  public init(of shape: Shape, bytes: [any ImageTransform], floats: [any ImageTransform]) {
    inputShape = shape
    byteSteps = bytes
    floatSteps = floats
    outputShape = (floats.last ?? bytes.last)?.outputShape ?? shape
  }

  /// True where nothing but `ToTensor` happens.
  public var isPlain: Bool { byteSteps.isEmpty && floatSteps.isEmpty }

  /// The shape at `ToTensor`.
  var tensorShape: Shape { byteSteps.last?.outputShape ?? inputShape }
}

/// Reads batches of images through a pipeline. Its memory is its own from the start: a batch takes
/// nothing from the heap.
public final class ImageReader {
  /// Two images to go from one to the other, and a transform's own room.
  private struct Memory<Pixel> {
    let images: (UnsafeMutablePointer<Pixel>, UnsafeMutablePointer<Pixel>)
    let scratch: UnsafeMutablePointer<Pixel>
    private let base: UnsafeMutablePointer<Pixel>

    init(image: Int, scratch: Int, zero: Pixel) {
      base = .allocate(capacity: 2 * image + scratch + 1)
      base.initialize(repeating: zero, count: 2 * image + scratch + 1)
      images = (base, base + image)
      self.scratch = base + 2 * image
    }

    func free() { base.deallocate() }
  }

  public let pipeline: ImagePipeline
  /// The images of a batch at most.
  public let batchSize: Int
  private let steps: [any ImageTransform]
  /// One an image and random step.
  private let draws: UnsafeMutablePointer<TransformDraw>
  /// One an image.
  private let noise: UnsafeMutablePointer<Float>
  private let noiseCount: Int
  /// One a worker.
  private let bytes: [Memory<UInt8>]
  private let floats: [Memory<Float>]

  /// For `workers` threads that read at a time.
  public init(_ pipeline: ImagePipeline, batchSize: Int, workers: Int) {
    self.pipeline = pipeline
    self.batchSize = batchSize
    steps = pipeline.byteSteps + pipeline.floatSteps
    draws = .allocate(capacity: max(batchSize * steps.count, 1))
    draws.initialize(repeating: .nothing, count: batchSize * steps.count)
    noiseCount = steps.map(\.noiseCount).reduce(0, +)
    noise = .allocate(capacity: max(batchSize * noiseCount, 1))
    noise.initialize(repeating: 0, count: batchSize * noiseCount)
    func largest(_ steps: [any ImageTransform], _ value: (any ImageTransform) -> Int) -> Int {
      steps.map(value).max() ?? 0
    }
    let byteImage = largest(pipeline.byteSteps) { $0.outputShape.elementCount }
    let byteScratch = largest(pipeline.byteSteps) { $0.scratchCount }
    let isFloat = !pipeline.floatSteps.isEmpty
    let floatImage = largest(pipeline.floatSteps) { $0.outputShape.elementCount }
    let floatScratch = largest(pipeline.floatSteps) { $0.scratchCount }
    let tensor = isFloat ? pipeline.tensorShape.elementCount : 0
    bytes = (0..<workers).map { _ in Memory(image: byteImage, scratch: byteScratch, zero: 0) }
    floats = (0..<workers).map { _ in
      Memory(image: max(floatImage, tensor), scratch: floatScratch, zero: 0)
    }
  }

  deinit {
    draws.deallocate()
    noise.deallocate()
    for memory in bytes { memory.free() }
    for memory in floats { memory.free() }
  }

  /// Draws for the next `count` images, image by image, transform by transform.
  public func draw(_ count: Int, from random: any RandomSource) {
    precondition(count <= batchSize, "ImageReader: \(count) images in a batch of \(batchSize)")
    for image in 0..<count {
      var noise = noise + image * noiseCount
      for (index, step) in steps.enumerated() where step.isRandom {
        draws[image * steps.count + index] = step.draw(
          from: random, noise: UnsafeMutableBufferPointer(start: noise, count: step.noiseCount))
        noise += step.noiseCount
      }
    }
  }

  /// Writes image `sample` of `dataset`, the one at `position` of the batch that was drawn for, to
  /// `destination`, as ``Dataset/readImages(at:layout:into:)`` does.
  public func read(
    _ sample: Int, at position: Int, of dataset: Dataset, worker: Int, layout: Dataset.Layout,
    into destination: UnsafeMutablePointer<Float>
  ) {
    precondition(dataset.sampleShape == pipeline.inputShape, "ImageReader: images of \(dataset.sampleShape)")
    dataset.withImage(sample) { image in
      let (memory, room) = (bytes[worker], floats[worker])
      var source = image
      var isFirst = true
      var draw = draws + position * steps.count
      for step in pipeline.byteSteps {
        let target = isFirst ? memory.images.0 : memory.images.1
        if step.apply(
          draw.pointee, to: PixelBuffers(source: source, target: target, scratch: memory.scratch))
        {
          source = UnsafePointer(target)
          isFirst.toggle()
        }
        draw += 1
      }
      guard !pipeline.floatSteps.isEmpty else {
        Dataset.write(source, pipeline.outputShape, layout, into: destination) { Dataset.fraction($0) }
        return
      }
      let size = pipeline.tensorShape.elementCount
      for index in 0..<size { room.images.0[index] = Dataset.fraction(source[index]) }
      var tensor = (room.images.0, room.images.1)
      var noise = noise + position * noiseCount
      for step in pipeline.floatSteps {
        let buffers = PixelBuffers(
          source: UnsafePointer(tensor.0), target: tensor.1, scratch: room.scratch)
        if step.apply(draw.pointee, to: buffers, noise: UnsafePointer(noise)) {
          tensor = (tensor.1, tensor.0)
        }
        noise += step.noiseCount
        draw += 1
      }
      Dataset.write(UnsafePointer(tensor.0), pipeline.outputShape, layout, into: destination) { $0 }
    }
  }
}
