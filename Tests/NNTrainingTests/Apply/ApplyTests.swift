import NNData
import NNShapes
import NNTraining
import Testing

@Suite("apply")
struct ApplyTests {
  private let place: TemporaryFolder

  init() throws { place = try TemporaryFolder() }

  private func write(_ array: NumericArray, _ name: String) throws -> String {
    try Npy.write(array, to: place.file(name))
    return place.file(name)
  }

  private func apply(
    _ text: String, _ input: NumericArray, _ adjust: (inout ApplyRequest) throws -> Void = { _ in }
  )
    throws -> ApplyResult
  {
    let (plan, document) = try planned(text, isApplied: true)
    var request = ApplyRequest(input: try write(input, "input.npy"))
    try adjust(&request)
    return try Inference.apply(plan, request, document: document)
  }

  private let linear = "input = 2\nmodel M { Linear(2, 3) }"

  @Test("A batch of any size, and one sample without a batch")
  func batches() throws {
    let sums = "input = (2, 2, 2)\nmodel M { AvgPool2d(2, divisor_override=1), Flatten() }"
    let batch = NumericArray(shape: [3, 2, 2, 2], (0..<24).map { Float($0) })
    #expect(
      try apply(sums, batch).output == NumericArray(shape: [3, 2], [6, 22, 38, 54, 70, 86] as [Float]))
    // Flatten leaves the first dimension alone, which here is the channels.
    let single = NumericArray(shape: [2, 2, 2], (0..<8).map { Float($0) })
    #expect(try apply(sums, single).output == NumericArray(shape: [2, 1], [6, 22] as [Float]))
  }

  @Test("Every type of number is read")
  func types() throws {
    let relu = "input = 2\nmodel M { ReLU() }"
    for storage in [
      NumericArray.Storage.float32([-1, 2]), .float64([-1, 2]), .int64([-1, 2]), .int32([-1, 2]),
    ] {
      let output = try apply(relu, NumericArray(shape: [1, 2], storage: storage)).output
      #expect(output == NumericArray(shape: [1, 2], [0, 2] as [Float]))
    }
    let bytes = NumericArray(shape: [1, 2], storage: .uint8([0, 255]))
    #expect(try apply(relu, bytes).output.floats == [0, 255])
    #expect(throws: ApplyError.self) {
      try apply(relu, NumericArray(shape: [1, 2], storage: .bool([true, false])))
    }
  }

  @Test("Sizes that differ from the file are an error in the checker's words")
  func misfit() throws {
    for shape in [Shape([4, 3]), [3], [2, 2, 2], []] {
      let error = #expect(throws: InputMisfit.self) {
        try apply(linear, NumericArray(shape: shape, [Float](repeating: 0, count: shape.elementCount)))
      }
      #expect(error?.description.contains("input.npy is \(shape.crossed)") == true)
      #expect(error?.span != nil)
    }
  }

  @Test("An unbatched input that a later layer cannot take is an error too")
  func unbatchedMisfit() throws {
    // (3, 8, 8) flattens to (3, 64), and Linear takes 192.
    let text = "input = (3, 8, 8)\nmodel M { Flatten(), Linear(192, 4) }"
    let error = #expect(throws: InputMisfit.self) {
      try apply(text, NumericArray(shape: [3, 8, 8], [Float](repeating: 0, count: 192)))
    }
    #expect(error?.description.contains("Linear(192, 4)") == true)
  }

  @Test("Gradients from a given one, weights from a file, and the state after")
  func gradients() throws {
    let weights = Safetensors(entries: [
      .init(key: "0.weight", array: NumericArray(shape: [1, 2], [2, -1] as [Float])),
      .init(key: "0.bias", array: NumericArray(shape: [1], [0.5] as [Float])),
    ])
    try weights.write(to: place.file("w.safetensors"))
    let text = "input = 2\nmodel M { Linear(2, 1) }\nloss = MSELoss()"
    let result = try apply(text, NumericArray(shape: [1, 2], [3, 4] as [Float])) {
      $0.weights = place.file("w.safetensors")
      $0.gradOutput = try write(NumericArray(shape: [1, 1], [10] as [Float]), "dy.npy")
      $0.grads = place.file("g.safetensors")
      $0.output = place.file("y.npy")
      $0.stateAfter = place.file("s.safetensors")
    }
    #expect(result.output.floats == [2.5])
    #expect(try Npy.read(place.file("y.npy")) == result.output)
    let grads = try Safetensors.read(place.file("g.safetensors"))
    #expect(grads["input"] == NumericArray(shape: [1, 2], [20, -10] as [Float]))
    #expect(grads["0.weight"] == NumericArray(shape: [1, 2], [30, 40] as [Float]))
    #expect(grads["0.bias"] == NumericArray(shape: [1], [10] as [Float]))
    #expect(try Safetensors.read(place.file("s.safetensors")).entries == weights.entries)

    // The loss is (2.5 - 0.5)² and its gradient 2·2; without --grad-output it starts from 1.
    let loss = try apply(text, NumericArray(shape: [1, 2], [3, 4] as [Float])) {
      $0.weights = place.file("w.safetensors")
      $0.target = try write(NumericArray(shape: [1, 1], [0.5] as [Float]), "t.npy")
      $0.grads = place.file("g.safetensors")
    }
    #expect(loss.output == NumericArray(shape: [], [4] as [Float]))
    #expect(try Safetensors.read(place.file("g.safetensors"))["0.bias"]?.floats == [4])
  }

  @Test("Class labels of int64 and uint8 are taken, int32 and labels out of range are not")
  func labels() throws {
    let text = "input = 3\nmodel M { Identity() }\nloss = CrossEntropyLoss()"
    let scores = NumericArray(shape: [2, 3], [0, 0, 0, 0, 0, 0] as [Float])
    func loss(_ storage: NumericArray.Storage) throws -> Float? {
      try apply(text, scores) {
        $0.target = try write(NumericArray(shape: [2], storage: storage), "t.npy")
      }.output.floats.first
    }
    #expect(try loss(.int64([0, 2])) == loss(.uint8([1, 0])))
    #expect(throws: ApplyError.self) { try loss(.int32([0, 2])) }
    let error = #expect(throws: ApplyError.self) { try loss(.int64([0, 3])) }
    #expect(error?.description.contains("class 3") == true)
    #expect(throws: ApplyError.self) { try loss(.int64([0, -1])) }
  }

  @Test("An output that does not suit the loss is no fault of the target's file")
  func outputsThatDoNotSuit() throws {
    let zeros = NumericArray(shape: [1, 2], [0, 0] as [Float])
    let output = #expect(throws: ApplyError.self) {
      try apply(
        "input = 2\nmodel M { Identity() }\nloss = BCELoss()",
        NumericArray(shape: [1, 2], [0.5, 2] as [Float])
      ) { $0.target = try write(zeros, "t.npy") }
    }
    #expect(output == .loss("element 1 of the output is 2.0, and the loss takes probabilities, 0 to 1"))
    // The classes of a batch of (3, 2) are 3, those of one sample alone are 2.
    let weights = #expect(throws: ApplyError.self) {
      try apply(
        "input = (3, 2)\nmodel M { Identity() }\nloss = NLLLoss(weight=[1, 2, 3])",
        NumericArray(shape: [3, 2], [Float](repeating: 0, count: 6))
      ) { $0.target = try write(NumericArray(shape: [3], integers: [0, 1, 0]), "t.npy") }
    }
    #expect(
      weights
        == .loss("`weight` of the loss has 3 numbers, one for each class, and the output has 2 classes"))
  }

  @Test("A loss of each element takes a gradient of its shape")
  func unreducedLoss() throws {
    let x = NumericArray(shape: [1, 2], [1, 2] as [Float])
    let loss = try apply("input = 2\nmodel M { Identity() }\nloss = MSELoss(reduction='none')", x) {
      $0.target = try write(NumericArray(shape: [1, 2], [0, 0] as [Float]), "t.npy")
      $0.gradOutput = try write(NumericArray(shape: [1, 2], [1, 3] as [Float]), "dy.npy")
      $0.grads = place.file("g.safetensors")
    }
    #expect(loss.output == NumericArray(shape: [1, 2], [1, 4] as [Float]))
    #expect(try Safetensors.read(place.file("g.safetensors"))["input"]?.floats == [2, 12])
  }

  @Test("Dropout is active in train mode only, and draws after the weights")
  func modes() throws {
    let text = "seed = 1\ninput = 1000\nmodel M { Dropout(0.5) }"
    let ones = NumericArray(shape: [1, 1000], [Float](repeating: 1, count: 1000))
    #expect(try apply(text, ones).output == ones)
    let train = try apply(text, ones) { $0.mode = .train }.output.floats
    #expect(train.allSatisfy { $0 == 0 || $0 == 2 })
    #expect((400...600).contains(train.count { $0 == 0 }))
    #expect(try apply(text, ones) { $0.mode = .train }.output.floats == train)
  }

  @Test("Indices of the last layer are written as int64")
  func indices() throws {
    let text = "input = (1, 4, 4)\nmodel M { MaxPool2d(2, return_indices=True) }"
    let image = NumericArray(shape: [1, 1, 4, 4], (1...16).map { Float($0) })
    let result = try apply(text, image) { $0.indices = place.file("i.npy") }
    #expect(result.output.floats == [6, 8, 14, 16])
    #expect(
      try Npy.read(place.file("i.npy")) == NumericArray(shape: [1, 1, 2, 2], integers: [5, 7, 13, 15]))
  }

  @Test("What cannot be done is an error before anything runs")
  func refusals() throws {
    let input = NumericArray(shape: [1, 2], [1, 2] as [Float])
    func failure(_ text: String? = nil, _ adjust: (inout ApplyRequest) throws -> Void) -> ApplyError? {
      #expect(throws: ApplyError.self) { try apply(text ?? linear, input, adjust) }
    }
    #expect(failure { $0.grads = place.file("g") } == .gradsWithoutGradOutput)
    #expect(failure { $0.gradOutput = "dy.npy" } == .gradOutputWithoutGrads)
    #expect(failure { $0.target = "t.npy" } == .noLoss)
    #expect(failure { $0.indices = place.file("i") } == .noIndices)
    let wrong = failure {
      $0.gradOutput = try write(NumericArray(shape: [3], [1, 2, 3] as [Float]), "dy.npy")
      $0.grads = place.file("g")
    }
    #expect(wrong == .gradOutputShape(place.file("dy.npy"), found: [3], expected: [1, 3]))
    #expect(throws: DataError.self) { try apply(linear, input) { $0.input = place.file("none.npy") } }
  }

  @Test("A file whose input has values is evaluated, the indices beside the output")
  func values() throws {
    let rows = "[[[[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]]]"
    for (pool, expected) in [
      ("kernel_size=2, stride=2", "[[[[6, 8], [14, 16]]]]"),
      ("kernel_size=2, stride=2, dilation=2", "[[[[11]]]]"),
      ("kernel_size=3, ceil_mode=True", "[[[[11, 12], [15, 16]]]]"),
      ("kernel_size=2, stride=2, padding=1", "[[[[1, 3, 4], [9, 11, 12], [13, 15, 16]]]]"),
    ] {
      let plan = try planned("input = tensor(\(rows))\nmodel M { MaxPool2d(\(pool)) }").plan
      #expect(try Inference.evaluateInput(plan).output.text() == expected)
    }
    let indexed = try planned("input = tensor(\(rows))\nmodel M { MaxPool2d(2, return_indices=True) }").plan
    #expect(try Inference.evaluateInput(indexed).indices?.text() == "[[[[5, 7], [13, 15]]]]")
    let shapeOnly = try planned(linear, isApplied: true).plan
    #expect(throws: ApplyError.noValues) { try Inference.evaluateInput(shapeOnly) }
  }

  /// `torch.manual_seed(0); m = nn.Linear(4, 2); torch.randn(1, 4)` and so on, of PyTorch 2.13.
  @Test("randn is drawn after the weights")
  func randn() throws {
    let plan = try planned("seed = 0\ninput = randn(1, 4)\nmodel M { Linear(4, 2) }").plan
    let output = try Inference.evaluateInput(plan).output
    #expect(output.shape == [1, 2])
    #expect(difference(output.floats, Self.linearOfRandn, tolerance: 1e-6) == nil)
  }

  static let linearOfRandn: [Float] = [-0.27623382210731506, 0.4489579200744629]
}
