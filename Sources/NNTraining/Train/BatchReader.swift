import NNData
import NNKernels
import NNModel
import NNRuntime
import NNShapes

/// Reads the batches of a split, each image through the split's transforms.
final class BatchReader {
  /// Images that a thread converts at a time.
  private static let imagesPerTask = 16

  private let dataset: Dataset
  /// Nil where the images are read as they are.
  private let reader: ImageReader?
  /// (C, H, W) of an image.
  private let sampleShape: Shape

  /// For passes over `split` that train, or that evaluate: random transforms are left out then.
  init(_ split: Split, isTraining: Bool, _ threads: ThreadPool) {
    dataset = split.dataset
    let pipeline = makePipeline(
      isTraining ? split.transforms : split.evaluationTransforms, of: split.dataset.sampleShape)
    sampleShape = pipeline.outputShape
    reader =
      pipeline.isPlain
      ? nil
      : ImageReader(pipeline, batchSize: min(split.batchSize, split.count), workers: threads.threadCount)
  }

  /// The batch at positions `range` of a pass in this order: images (N, C, H, W), channels last in
  /// memory, and labels (N). The memory is of `pool`.
  ///
  /// Draws from `generator` what the transforms need, image by image, as a `DataLoader` without worker
  /// processes does when it fetches a batch.
  func batch(
    _ range: Range<Int>, of order: [Int], from pool: StoragePool, _ threads: ThreadPool,
    generator: Generator
  ) -> (images: Tensor, labels: IndexTensor) {
    let images = pool.makeTensor(sampleShape.batched(range.count), .channelsLast)
    let labels = pool.makeIndexTensor(Shape(range.count))
    reader?.draw(range.count, from: generator)
    order.withUnsafeBufferPointer { order in
      let indices = UnsafeBufferPointer(rebasing: order[range])
      let pixels = sampleShape.elementCount
      let perTask = BatchReader.imagesPerTask
      threads.run(tasks: (range.count + perTask - 1) / perTask) { task, worker in
        let part = task * perTask..<min((task + 1) * perTask, range.count)
        let target = images.pointer + part.lowerBound * pixels
        guard let reader else {
          dataset.readImages(
            at: UnsafeBufferPointer(rebasing: indices[part]), layout: .channelsLast, into: target)
          return
        }
        for position in part {
          reader.read(
            indices[position], at: position, of: dataset, worker: worker, layout: .channelsLast,
            into: images.pointer + position * pixels)
        }
      }
      dataset.readLabels(at: indices, into: labels.pointer)
    }
    return (images, labels)
  }
}
