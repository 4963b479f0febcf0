import NNData
import NNKernels
import NNRuntime
import NNShapes
import NNTestSupport
import Testing

/// The cases that PyTorch computed, for the layers, losses and optimizers that there are.
@Suite(.enabled(if: TestPaths.shared != nil, "needs ../shared"))
struct ReferenceCaseTests {
  static let layers = [
    "Conv2d", "MaxPool2d", "AvgPool2d", "Flatten", "Linear", "ReLU", "Sigmoid", "Tanh", "Softmax",
    "LogSoftmax", "Dropout", "Identity",
  ]
  static let losses = ["CrossEntropyLoss", "NLLLoss", "MSELoss"]

  /// Padding modes other than zeros are not there yet.
  private static func cases(_ layer: String) -> [ReferenceCase] {
    ReferenceCase.all.filter {
      $0.kind == "layer" && $0.layer == layer && !($0.text ?? "").contains("padding_mode")
    }
  }

  @Test(arguments: layers)
  func layer(_ name: String) throws {
    let cases = Self.cases(name)
    #expect(!cases.isEmpty)
    for format in [MemoryFormat.contiguous, .channelsLast] {
      for entry in cases {
        if let failure = try Self.failure(ofLayer: entry, format) {
          Issue.record("\(entry.id), \(format): \(failure)")
        }
      }
    }
    print("reference cases of \(name): \(cases.count)")
  }

  /// Runs one case; nil where everything agrees.
  private static func failure(ofLayer entry: ReferenceCase, _ format: MemoryFormat) throws -> String? {
    let tape = makeTape(threads: 2)
    tape.isTraining = entry.mode == "train"
    let layer = try CaseBuilder.layer(entry.text ?? "", tape.generator)
    try layer.load(
      (entry.params ?? [:]).map { name, file in
        let array = try file.read()
        return StateEntry(name: name, shape: array.shape, values: array.floats)
      })
    guard let inputFile = entry.inputs?.first, let outputFile = entry.outputs?.first else {
      return "no input or output"
    }
    let input = tape.variable(try inputFile.tensor(format), requiresGrad: true)
    let output = layer.forward(input, tape)
    let expected = try outputFile.read()
    guard tape.shape(output) == expected.shape else {
      return "shape \(tape.shape(output)), expected \(expected.shape)"
    }
    // What a random layer keeps, PyTorch drew from a generator of its own.
    if entry.random == true { return nil }
    if let failure = difference(
      "output", tape.tensor(output).values, expected.floats, entry.outputTolerance)
    {
      return failure
    }
    if let indices = entry.outputs?.dropFirst().first {
      let array = try indices.read()
      guard tape.indices(output)?.values == array.integers, tape.indices(output)?.shape == array.shape
      else { return "indices \(String(describing: tape.indices(output)?.values))" }
    }
    guard let gradient = entry.grad_output else { return nil }
    tape.backward(from: output, gradient: try gradient.tensor())
    return try gradientFailure(entry, tape, input, layer.parameters)
  }

  private static func gradientFailure(
    _ entry: ReferenceCase, _ tape: Tape, _ input: Variable, _ parameters: [NamedParameter]
  ) throws -> String? {
    for (name, file) in entry.grads ?? [:] {
      let expected = try file.read().floats
      let found: [Float]?
      if name == "input" {
        found = tape.gradient(input)?.values
      } else {
        found = parameters.first { $0.name == name }?.parameter.gradient.values
      }
      guard let found else { return "no gradient of \(name)" }
      if let failure = difference("gradient of \(name)", found, expected, .reference) { return failure }
    }
    return nil
  }

  @Test(arguments: losses)
  func loss(_ name: String) throws {
    let cases = Self.cases(name)
    #expect(!cases.isEmpty)
    for entry in cases {
      if let failure = try Self.failure(ofLoss: entry) { Issue.record("\(entry.id): \(failure)") }
    }
    print("reference cases of \(name): \(cases.count)")
  }

  private static func failure(ofLoss entry: ReferenceCase) throws -> String? {
    let tape = makeTape(threads: 2)
    let loss = try CaseBuilder.loss(
      entry.text ?? "", (entry.arg_tensors ?? [:]).mapValues { try $0.tensor() })
    guard let inputFile = entry.inputs?.first, let targetFile = entry.inputs?.last,
      let outputFile = entry.outputs?.first
    else { return "no input, target or output" }
    let input = tape.variable(try inputFile.tensor(), requiresGrad: true)
    let array = try targetFile.read()
    let target: Target
    if let labels = array.integers {
      target = .classes(IndexTensor(labels, array.shape))
    } else {
      target = .values(Tensor(array.floats, array.shape))
    }
    let output = try loss.forward(input, target, tape)
    let expected = try outputFile.read()
    guard tape.shape(output) == expected.shape else {
      return "shape \(tape.shape(output)), expected \(expected.shape)"
    }
    if let failure = difference(
      "loss", tape.tensor(output).values, expected.floats, entry.outputTolerance)
    {
      return failure
    }
    guard let gradient = entry.grad_output else { return nil }
    tape.backward(from: output, gradient: try gradient.tensor())
    return try gradientFailure(entry, tape, input, [])
  }

  @Test(arguments: ["SGD", "Adam"])
  func optimizer(_ name: String) throws {
    let threads = ThreadPool(threads: 2)
    let cases = ReferenceCase.all.filter { $0.kind == "optimizer" && $0.layer == name }
    #expect(!cases.isEmpty)
    for entry in cases {
      let parameters = try (entry.params_before ?? [:]).sorted { $0.key < $1.key }.map { name, file in
        let value = try file.tensor()
        let parameter = Parameter(value.shape)
        parameter.value.setValues(value.values)
        return NamedParameter(name: name, parameter)
      }
      let optimizer = try CaseBuilder.optimizer(entry.text ?? "", parameters)
      #expect(entry.steps?.count == 8, "\(entry.id)")
      for (number, step) in (entry.steps ?? []).enumerated() {
        for parameter in parameters {
          let gradient = try #require(step.grads[parameter.name]).tensor()
          Self.setGradient(of: parameter.parameter, to: gradient)
        }
        optimizer.step(threads)
        optimizer.zeroGrad()
        for parameter in parameters {
          let expected = try #require(step.params_after[parameter.name]).read().floats
          let failure = difference(
            "\(parameter.name) after step \(number)", parameter.parameter.value.values, expected,
            Tolerance(absolute: 1e-6, relative: 1e-6))
          if let failure { Issue.record("\(entry.id): \(failure)") }
        }
      }
    }
    print("reference cases of \(name): \(cases.count)")
  }

  /// Gives a parameter a gradient, by the gradient of Σ gradient · parameter.
  private static func setGradient(of parameter: Parameter, to gradient: Tensor) {
    let tape = makeTape()
    let view = tape.reshape(tape.variable(parameter), Shape(gradient.count))
    tape.backward(from: view, gradient: Tensor(gradient.values, Shape(gradient.count)))
  }

  @Test
  func gradientClipping() throws {
    let threads = ThreadPool(threads: 2)
    let cases = ReferenceCase.all.filter { $0.kind == "clip" }
    #expect(!cases.isEmpty)
    for entry in cases {
      let call = try #require(CallText(entry.text ?? ""))
      let before = try (entry.grads_before ?? []).map { try $0.tensor() }
      let after = try (entry.grads_after ?? []).map { try $0.read().floats }
      let parameters = before.enumerated().map { index, gradient in
        let parameter = Parameter(gradient.shape)
        Self.setGradient(of: parameter, to: gradient)
        return NamedParameter(name: String(index), parameter)
      }
      let norm = GradientClipping.clipNorm(
        parameters, maxNorm: try #require(call.argument(0, "max_norm")?.number),
        normType: try #require(call.argument(1, "norm_type")?.number), threads)
      #expect(Tolerance.reference.accepts(norm, try #require(entry.total_norm)), "\(entry.id)")
      try #require(after.count == parameters.count)
      for (parameter, expected) in zip(parameters, after) {
        let failure = difference(
          "gradient", parameter.parameter.gradient.values, expected, .reference)
        if let failure { Issue.record("\(entry.id): \(failure)") }
      }
    }
    print("reference cases of clip_grad_norm_: \(cases.count)")
  }

  /// A whole training run from given weights: every loss and the weights at the end.
  @Test
  func trainTrace() throws {
    let entry = try #require(
      ReferenceCase.all.first { $0.id == "nets/Sequential/learn-with-examples-poly" })
    let tape = makeTape(threads: 2)
    let model = try CaseBuilder.sequential(entry.text ?? "", tape.generator)
    try model.load(
      (entry.state_before ?? [:]).map { name, file in
        let array = try file.read()
        return StateEntry(name: name, shape: array.shape, values: array.floats)
      })
    let loss = try CaseBuilder.loss(entry.loss ?? "")
    let optimizer = try CaseBuilder.optimizer(entry.optimizer ?? "", model.parameters)
    let batches = try (entry.batches ?? []).map { (try $0.input.tensor(), try $0.target.tensor()) }
    let losses = try #require(entry.losses)
    try #require(!batches.isEmpty)
    for (number, expected) in losses.enumerated() {
      let (input, target) = batches[number % batches.count]
      tape.reset()
      let result = try loss.forward(
        model.forward(tape.variable(input), tape), .values(target), tape)
      optimizer.zeroGrad()
      tape.backward(from: result)
      optimizer.step(tape.threads)
      #expect(
        Tolerance(absolute: 1e-4, relative: 1e-4).accepts(Double(tape.item(result)), expected),
        "step \(number)")
    }
    for state in model.stateDict {
      let expected = try #require(entry.state_after?[state.name]).read().floats
      #expect(
        difference(state.name, state.values, expected, Tolerance(absolute: 1e-5, relative: 1e-4)) == nil)
    }
  }

  /// Weights and the order of samples from the seed alone, bit for bit.
  @Test
  func seededDraws() throws {
    let entry = try #require(ReferenceCase.all.first { $0.kind == "seeded-train" })
    let generator = Generator(seed: try #require(entry.seed))
    let drawn: [(String, any Layer)] = [
      ("0", try CaseBuilder.layer("Conv2d(3, 8, kernel_size=3, padding=1)", generator)),
      ("5", try CaseBuilder.layer("Conv2d(8, 16, kernel_size=3, padding=1)", generator)),
      ("11", try CaseBuilder.layer("Linear(16, 10)", generator)),
    ]
    for (key, layer) in drawn {
      for state in layer.stateDict {
        let expected = try #require(entry.state_before?["\(key).\(state.name)"]).read()
        #expect(state.shape == expected.shape)
        #expect(state.values == expected.floats, "\(key).\(state.name)")
      }
    }
    let epochs = try #require(entry.epochs_log)
    for epoch in epochs {
      let expected = epoch.batches.flatMap(\.indices)
      #expect(generator.sampleOrder(count: expected.count, shuffle: true) == expected)
      // The masks of Dropout2d on 8 channels and Dropout on 16 features, one draw each a sample.
      for _ in 0..<expected.count * (8 + 16) { _ = generator.uniformDouble() }
    }
  }
}
