import NNData
import NNKernels
import NNModel
import NNRuntime
import NNShapes
import NNTraining
import Testing

/// The optimizer, clipping, loader and training cases of PyTorch, through what the trainer is made of.
@Suite("Reference cases of training", .enabled(if: ReferenceCases.folder != nil, "no reference cases"))
struct OptimizerCasesTests {
  private static func cases(_ kind: String) -> [ReferenceCase] {
    ReferenceCases.all.filter { $0.kind == kind }
  }

  /// A file around an optimizer; what it trains does not matter.
  private func optimizerPlan(_ text: String) throws -> OptimizerPlan {
    let text = """
      data = Shapes10(n=10, size=8)
      model M { Flatten(), Linear(192, 10) }
      loss = CrossEntropyLoss()
      optimizer = \(text)
      train(epochs=1)
      """
    return try #require(try planned(text).plan.optimizer)
  }

  private func parameters(_ tensors: [String: ReferenceCase.Tensor]) throws -> [NamedParameter] {
    try tensors.sorted { $0.key < $1.key }.map { name, tensor in
      let array = try tensor.read()
      let parameter = Parameter(array.shape)
      parameter.value.setValues(array.floats)
      return NamedParameter(name: name, parameter)
    }
  }

  @Test("Every step of SGD, Adam and AdamW is PyTorch's: 18 cases of 8 steps")
  func optimizers() throws {
    let threads = ThreadPool(threads: 1)
    var passed = 0
    for reference in Self.cases("optimizer") {
      let before = try #require(reference.params_before)
      let parameters = try parameters(before)
      let optimizer = makeOptimizer(
        try optimizerPlan(try #require(reference.text)), parameters: parameters)
      for (index, step) in try #require(reference.optimizerSteps).enumerated() {
        for entry in parameters {
          entry.parameter.setGradient(try #require(step.grads[entry.name]).read().floats)
        }
        optimizer.step(threads)
        for entry in parameters {
          let wanted = try #require(step.params_after[entry.name]).read().floats
          #expect(
            difference(entry.parameter.value.values, wanted, tolerance: 1e-6) == nil,
            "\(reference.id), step \(index), \(entry.name)")
        }
      }
      passed += 1
    }
    #expect(passed == 18)
  }

  @Test("Clipping the norm is PyTorch's: 6 cases")
  func clipping() throws {
    let threads = ThreadPool(threads: 1)
    var passed = 0
    for reference in Self.cases("clip") {
      let text = try #require(reference.text)
      let match = try #require(text.firstMatch(of: /max_norm=(.+), norm_type=(.+)\)/))
      let before = try #require(reference.grads_before)
      let parameters = try before.enumerated().map { index, tensor in
        let parameter = Parameter(Shape(tensor.shape))
        parameter.setGradient(try tensor.read().floats)
        return NamedParameter(name: "\(index)", parameter)
      }
      let norm = GradientClipping.clipNorm(
        parameters, maxNorm: try #require(Double(match.1)), normType: try #require(Double(match.2)), threads)
      #expect(abs(norm - (reference.total_norm ?? 0)) < 1e-5 * norm)
      for (entry, tensor) in zip(parameters, try #require(reference.grads_after)) {
        #expect(
          difference(entry.parameter.gradient.values, try tensor.read().floats, tolerance: 1e-6) == nil,
          "\(reference.id)")
      }
      passed += 1
    }
    #expect(passed == 6)
  }

  @Test("Batches are those of DataLoader")
  func loader() throws {
    var passed = 0
    for reference in Self.cases("dataloader") {
      let text = try #require(reference.text)
      guard let count = reference.n, let batches = reference.batchIndices,
        let match = text.wholeMatch(of: /DataLoader\(batch_size=(\d+), drop_last=(True|False)\)/)
      else { continue }
      let split = try exampleSplit(
        count: count, batchSize: try #require(Int(match.1)), dropLast: match.2 == "True")
      let order = split.order(drawnFrom: Generator(seed: 0))
      #expect((0..<split.batchCount).map { Array(order[split.range(ofBatch: $0)]) } == batches)
      passed += 1
    }
    #expect(passed == 60)
  }

  /// The nets of two of PyTorch's examples.
  @Test(
    "Training makes PyTorch's losses and weights: 2 cases",
    arguments: ["nets/Sequential/hogwild-sgd", "nets/Sequential/learn-with-examples-poly"])
  func trace(_ id: String) throws {
    let reference = try #require(Self.cases("train-trace").first { $0.id == id })
    let layers = try #require(reference.text)
    let batches = try #require(reference.trainBatches)
    let sample = batches[0].input.shape.dropFirst().map(String.init).joined(separator: ", ")
    let (plan, _) = try planned(
      """
      input = (\(sample),)
      model M = \(layers)
      loss = \(try #require(reference.loss))
      optimizer = \(try #require(reference.optimizer))
      """, isApplied: true)
    let network = Network(plan, threads: 1)
    let state = try #require(reference.state_before).map {
      Safetensors.Entry(key: $0.key, array: try $0.value.read())
    }
    try network.load(state, of: id, partial: false) { _ in }
    let loss = makeLoss(try #require(plan.loss))
    let optimizer = makeOptimizer(try #require(plan.optimizer), parameters: network.parameters)
    let tape = network.tape
    for (step, wanted) in try #require(reference.losses).enumerated() {
      let batch = batches[step % batches.count]
      let input = try batch.input.read()
      let target = try batch.target.read()
      let goal: Target =
        target.integers.map { .classes(IndexTensor($0, target.shape)) }
        ?? .values(Tensor(target.floats, target.shape))
      tape.reset()
      let output = network.layers.forward(
        tape.variable(Tensor(input.floats, input.shape, .channelsLast)), tape)
      let root = try loss.forward(output, goal, tape)
      #expect(abs(Double(tape.item(root)) - wanted) < 1e-5 * (1 + wanted), "step \(step)")
      optimizer.zeroGrad()
      tape.backward(from: root)
      optimizer.step(tape.threads)
    }
    for entry in network.stateEntries {
      let wanted = try #require(reference.state_after?[entry.key]).read()
      #expect(entry.array.shape == wanted.shape)
      #expect(difference(entry.array.floats, wanted.floats, tolerance: 2e-5) == nil, "\(entry.key)")
    }
  }
}
