import NNDiagnostics
import NNModel
import NNShapes
import Testing

/// What the goldens cannot show: options, other shapes, memory, sizes at the limits, broken files.
struct CheckTests {
  static let training = """
    data = DataLoader(Shapes10(), batch_size=100)
    model Net { Flatten(), Linear(3072, 1000), ReLU(), Linear(1000, 10) }
    loss = CrossEntropyLoss()
    optimizer = Adam()
    train(epochs=1)
    """

  // MARK: Memory

  @Test func memoryIsCountedAsWritten() throws {
    let estimate = MemoryEstimate(try #require(Checked(Self.training).plan))
    let parameters = 3072 * 1000 + 1000 + 1000 * 10 + 10
    #expect(estimate.parameters == 4 * parameters)
    #expect(estimate.gradients == 4 * parameters)
    #expect(estimate.optimizerState == 8 * parameters)
    // Input, Flatten, two Linear and ReLU, values and gradients.
    #expect(estimate.activations == 8 * 100 * (3072 + 3072 + 1000 + 1000 + 10))
  }

  @Test func aRunThatNeedsTooMuchMemoryIsRefused() throws {
    let checked = Checked(Self.training, options: CheckOptions(memoryLimit: 50_000_000))
    #expect(checked.codes == ["too-much-memory"])
    let message = try #require(checked.errors.first?.message)
    #expect(message.contains("55.9 MB") && message.contains("12.3 MB of parameters"))
    #expect(Checked(Self.training, options: CheckOptions(memoryLimit: 60_000_000)).diagnostics.isEmpty)
  }

  @Test func hugeLayersOverflowNothing() {
    let largest = Int(Int32.max)
    let texts = [
      "input = (\(largest), \(largest))\nmodel M { Flatten() }",
      "input = (\(largest), 1, 1)\nmodel M { Conv2d(\(largest), \(largest), (\(largest), \(largest))) }",
      "input = (1, 9, 9)\nmodel M { Conv2d(1, 1, \(largest), \(largest), \(largest), \(largest)) }",
      "input = (1, 9, 9)\nmodel M { Conv2d(1, \(largest), 1, padding=\(largest)) }",
      "input = (1, 9, 9)\nmodel M { MaxPool2d(\(largest), \(largest), \(largest / 2), \(largest), ceil_mode=True) }",
      "input = (1, \(largest), \(largest))\nmodel M { MaxPool2d(1, 1, 0, 1, ceil_mode=True), Flatten() }",
      "input = \(largest)\nmodel M { Linear(\(largest), \(largest)), ReLU(), Linear(\(largest), \(largest)) }",
    ]
    for text in texts {
      let checked = Checked(text, options: CheckOptions(memoryLimit: 1 << 40))
      #expect(!checked.errors.isEmpty, "\(text)")
    }
  }

  // MARK: Options

  @Test func toolsNameAModelAmongSeveral() throws {
    let text = "input = 4\nmodel A { Linear(4, 2) }\nmodel B { Linear(4, 3) }"
    #expect(Checked(text, options: CheckOptions(model: "B")).plan?.mainModel == 1)
    #expect(Checked(text).plan?.mainModel == 0)
    #expect(Checked(text, options: CheckOptions(model: "C")).codes == ["unknown-model"])
  }

  @Test func applyingNeedsNoTraining() {
    let text = "input = 4\nmodel A { Linear(4, 2) }\nloss = MSELoss()"
    #expect(Checked(text).codes == ["loss-without-train"])
    #expect(Checked(text, options: CheckOptions(isApplied: true)).diagnostics.isEmpty)
  }

  // MARK: Other shapes

  @Test(
    arguments: [
      ([5, 3, 8, 8], [5, 192]), ([3, 8, 8], [3, 64]), ([0, 3, 8, 8], [0, 192]), ([8, 8], nil),
      ([5, 3, 8, 9], nil),
      ([1, 5, 3, 8, 8], nil), ([], nil),
    ] as [([Int], [Int]?)])
  func anArrayIsABatchOrOneSample(_ shape: [Int], _ expected: [Int]?) throws {
    let checked = Checked("input = (3, 8, 8)\nmodel M { Flatten() }")
    let model = try #require(checked.plan?.models.first)
    let (plan, diagnostics) = model.replanned(for: Shape(shape), named: "x.npy", in: checked.document)
    #expect(plan?.output == expected.map { FlowShape(Shape($0)) })
    #expect(diagnostics.hasErrors == (expected == nil))
  }

  @Test func oneSampleMayNotFitWhereABatchDoes() throws {
    let checked = Checked("input = (3, 8, 8)\nmodel M { Conv2d(3, 4, 3), ReLU(), Flatten(), Linear(144, 2) }")
    let model = try #require(checked.plan?.models.first)
    let (plan, diagnostics) = model.replanned(for: [3, 8, 8], named: "x.npy", in: checked.document)
    #expect(plan == nil)
    #expect(diagnostics.map(\.code) == ["feature-mismatch"])
  }

  // MARK: Sizes and broken files

  @Test func tooManyLayersAreOneError() {
    let layers = Array(repeating: "ReLU()", count: 100_001).joined(separator: "\n")
    let checked = Checked("input = 4\nmodel M {\n\(layers)\n}")
    #expect(checked.errors.count == 1)
  }

  @Test func manyLayersAreChecked() {
    let layers = Array(repeating: "Linear(4, 4)\nTanh()", count: 5_000).joined(separator: "\n")
    let checked = Checked("input = 4\nmodel M {\n\(layers)\n}")
    #expect(checked.diagnostics.isEmpty)
    #expect(checked.plan?.models[0].layers.count == 10_000)
  }

  @Test func layersAfterADamagedPlaceAreNotJudgedByShape() {
    let checked = Checked("input = 4\nmodel M {\n  Linear(4, 8)\n  self.x = ReLU()\n  Linear(4, 2)\n}")
    #expect(!checked.codes.contains("feature-mismatch"))
    #expect(!checked.errors.isEmpty)
  }

  /// Seeded mutations of the golden files: whatever they are, the checker answers.
  @Test func brokenFilesNeverTrap() throws {
    var state: UInt64 = 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(max(bound, 1)))
    }
    let texts = try (GoldenTests.ok.cases + GoldenTests.warn.cases + GoldenTests.err.cases).map {
      try $0.bytes()
    }
    let pieces = texts.flatMap { $0.split { $0 == 10 || $0 == 44 }.map(Array.init) }
    let numbers = [
      "0", "-1", "2147483647", "9223372036854775807", "1e308", "nan", "_", "None", "()", "((),)", "True",
    ]
    for round in 0..<3_000 {
      var bytes = texts[round % texts.count]
      for _ in 0...random(4) {
        let place = random(bytes.count)
        switch random(4) {
        case 0: bytes.replaceSubrange(place..<min(place + random(12), bytes.count), with: [])
        case 1: bytes.insert(contentsOf: pieces[random(pieces.count)], at: place)
        case 2: bytes.insert(contentsOf: Array(numbers[random(numbers.count)].utf8), at: place)
        default:
          if let digit = bytes[place...].firstIndex(where: { (48...57).contains($0) }) {
            bytes.replaceSubrange(digit...digit, with: Array(numbers[random(numbers.count)].utf8))
          }
        }
      }
      let checked = Checked(
        String(decoding: bytes, as: UTF8.self), options: CheckOptions(memoryLimit: 1 << 34))
      #expect((checked.plan == nil) == checked.diagnostics.hasErrors || checked.plan == nil)
      _ = checked.rendered
      if let plan = checked.plan {
        for model in plan.models {
          _ = ModelSummary(model).table
          _ = model.replanned(for: [1, 2, 3], named: "x", in: checked.document)
        }
      }
    }
  }
}
