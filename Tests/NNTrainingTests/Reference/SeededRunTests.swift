import NNData
import NNModel
import NNRuntime
import NNShapes
import NNTraining
import Testing

/// Whole runs of PyTorch from `manual_seed` on: weights, shuffles, dropout masks, losses.
@Suite("Seeded runs", .enabled(if: ReferenceCases.folder != nil, "no reference cases"))
struct SeededRunTests {
  @Test("Weights, batches and losses are PyTorch's, step by step")
  func runs() throws {
    let cases = ReferenceCases.all.filter { $0.kind == "seeded-train" }
    for reference in cases { try check(reference) }
    #expect(!cases.isEmpty)
    print("PyTorch's seeded runs: \(cases.count)/\(cases.count)")
  }

  private func check(_ reference: ReferenceCase) throws {
    let images = try #require(reference.dataset?["images"]).read()
    let labelFile = try #require(reference.dataset?["labels"])
    let labels = try #require(labelFile.read().integers)
    guard case .uint8(let pixels) = images.storage else {
      Issue.record("\(reference.id): images of \(images.dtype)")
      return
    }
    let sample = images.shape.withoutFirst
    let (plan, _) = try planned(
      """
      seed = \(try #require(reference.seed))
      input = \(sample)
      model M = \(try #require(reference.text))
      loss = \(try #require(reference.loss))
      optimizer = \(try #require(reference.optimizer))
      """, isApplied: true)
    let network = Network(plan, threads: 2)
    try compare(network.stateEntries, reference.state_before, tolerance: 0, reference.id)
    let dataset = Dataset(
      name: reference.id, sampleShape: sample, pixels: pixels, labels: labels.map { UInt8($0) },
      classNames: (0..<10).map(String.init), provenance: reference.id)
    let split = Split(
      name: "train", dataset: dataset, members: nil, batchSize: 8, shuffle: true, dropLast: false)
    let loss = makeLoss(try #require(plan.loss))
    let optimizer = makeOptimizer(try #require(plan.optimizer), parameters: network.parameters)
    for (epoch, wanted) in try #require(reference.epochs_log).enumerated() {
      let order = split.order(drawnFrom: network.generator)
      #expect(wanted.batches.count == split.batchCount)
      for (step, batch) in wanted.batches.enumerated() {
        let indices = Array(order[split.range(ofBatch: step)])
        #expect(indices == batch.indices, "\(reference.id): batch \(step) of epoch \(epoch)")
        let value = try train(network, loss, optimizer, dataset, indices)
        #expect(
          abs(value - batch.loss) < 2e-5 * (1 + batch.loss), "\(reference.id): step \(step) of epoch \(epoch)"
        )
      }
    }
    try compare(network.stateEntries, reference.state_after, tolerance: 1e-4, reference.id)
  }

  /// One step; gives the loss.
  private func train(
    _ network: Network, _ loss: any Loss, _ optimizer: Optimizer, _ dataset: Dataset, _ indices: [Int]
  ) throws -> Double {
    let shape = dataset.sampleShape.batched(indices.count)
    var values = [Float](repeating: 0, count: shape.elementCount)
    indices.withUnsafeBufferPointer { indices in
      values.withUnsafeMutableBufferPointer {
        dataset.readImages(at: indices, layout: .channelsFirst, into: $0.baseAddress!)
      }
    }
    let tape = network.tape
    tape.reset()
    let output = network.layers.forward(tape.variable(Tensor(values, shape, .channelsLast)), tape)
    let labels = indices.map { Int64(dataset.labels[$0]) }
    let root = try loss.forward(output, .classes(IndexTensor(labels, Shape(labels.count))), tape)
    optimizer.zeroGrad()
    tape.backward(from: root)
    optimizer.step(tape.threads)
    return Double(tape.item(root))
  }

  private func compare(
    _ entries: [Safetensors.Entry], _ wanted: [String: ReferenceCase.Tensor]?, tolerance: Double, _ id: String
  ) throws {
    let wanted = try #require(wanted)
    #expect(Set(entries.map(\.key)) == Set(wanted.keys))
    for entry in entries {
      let array = try #require(wanted[entry.key]).read()
      #expect(entry.array.shape == array.shape && entry.array.dtype == array.dtype, "\(id): \(entry.key)")
      #expect(
        difference(entry.array.floats, array.floats, tolerance: tolerance) == nil, "\(id): \(entry.key)")
    }
  }
}
