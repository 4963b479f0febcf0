import NNRuntime
import NNShapes
import Testing

@Suite
struct LossTests {
  struct Mistake: Sendable {
    var input: [Int]
    var target: [Int]
    /// nil for a target of numbers.
    var labels: [Int64]?
    var ignoreIndex = -100
    var message: String
  }

  static let mistakes = [
    Mistake(
      input: [4, 3], target: [4], labels: [0, 1, 2, 3],
      message: "target 3 is class 3, but there are classes 0 to 2 only"),
    Mistake(
      input: [4, 3], target: [4], labels: [0, -1, 2, 1],
      message: "target 1 is class -1, but there are classes 0 to 2 only"),
    Mistake(
      input: [4, 1], target: [4], labels: [0, .max, 0, 0],
      message: "target 1 is class 9223372036854775807, but there are classes 0 to 0 only"),
    Mistake(
      input: [4, 3], target: [3], labels: [0, 1, 2],
      message: "an output of shape (4, 3) needs a target of shape (4,), not (3,)"),
    Mistake(
      input: [4, 3], target: [4, 1], labels: [0, 1, 2, 0],
      message: "an output of shape (4, 3) needs a target of shape (4,), not (4, 1)"),
    Mistake(
      input: [2, 3, 5], target: [2, 4], labels: [0, 1, 2, 0, 0, 0, 0, 0],
      message: "an output of shape (2, 3, 5) needs a target of shape (2, 5), not (2, 4)"),
    Mistake(
      input: [4, 3], target: [4],
      message: "the loss takes class labels (whole numbers) of shape (4,), not floating-point values"),
    Mistake(
      input: [2, 3], target: [2, 3], ignoreIndex: 1,
      message: "ignore_index=1 has no meaning for targets that are class probabilities"),
  ]

  @Test(arguments: mistakes)
  func targetMistakes(_ mistake: Mistake) throws {
    let tape = makeTape()
    let input = tape.variable(Tensor(zeros: Shape(mistake.input)))
    let shape = Shape(mistake.target)
    let target =
      mistake.labels.map { Target.classes(IndexTensor($0, shape)) } ?? .values(Tensor(zeros: shape))
    let error = #expect(throws: TargetError.self) {
      try CrossEntropyLoss(ignoreIndex: mistake.ignoreIndex).forward(input, target, tape)
    }
    #expect(error?.description == mistake.message)
  }

  @Test
  func otherLossesCheckTheirTargets() {
    let tape = makeTape()
    let input = tape.variable(Tensor(zeros: [4, 3]))
    #expect(throws: TargetError.needsClasses(expected: [4])) {
      try NLLLoss().forward(input, .values(Tensor(zeros: [4])), tape)
    }
    #expect(throws: TargetError.needsValues(expected: [4, 3])) {
      try MSELoss().forward(input, .classes(IndexTensor([0, 0, 0, 0], [4])), tape)
    }
    #expect(throws: TargetError.shape(input: [4, 3], target: [4], expected: [4, 3])) {
      try MSELoss().forward(input, .values(Tensor(zeros: [4])), tape)
    }
  }

  /// PyTorch makes 4×4 losses of (4, 1) and (4), with a warning.
  @Test(arguments: [([4, 1], [4]), ([4, 3], [3]), ([1, 4], [3, 4]), ([], [1]), ([2, 2], [])])
  func targetsOfAnotherShapeAreRefused(_ shapes: (input: [Int], target: [Int])) {
    let losses: [any ValueLoss] = [
      MSELoss(), L1Loss(), SmoothL1Loss(), HuberLoss(), BCELoss(), BCEWithLogitsLoss(), KLDivLoss(),
    ]
    let (input, target) = (Shape(shapes.input), Shape(shapes.target))
    for loss in losses {
      let tape = makeTape()
      #expect(throws: TargetError.shape(input: input, target: target, expected: input)) {
        try loss.forward(tape.variable(Tensor(zeros: input)), .values(Tensor(zeros: target)), tape)
      }
    }
  }

  @Test
  func valuesOutsideOfWhatALossTakes() {
    let tape = makeTape()
    func probabilities(_ x: [Float], _ t: [Float]) throws {
      _ = try BCELoss().forward(
        tape.variable(Tensor(x, [2, 2], .channelsLast)), .values(Tensor(t, [2, 2])), tape)
    }
    #expect(throws: Never.self) { try probabilities([0, 1, 0.5, 1], [1, 0, 0.5, 0]) }
    #expect(throws: TargetError.noProbability(isOutput: true, index: 2, value: 1.5)) {
      try probabilities([0, 1, 1.5, -1], [1, 0, 0, 0])
    }
    #expect(throws: TargetError.noProbability(isOutput: false, index: 1, value: -0.5)) {
      try probabilities([0, 1, 0, 0], [1, -0.5, 0, 2])
    }
    #expect(throws: TargetError.self) { try probabilities([0, .nan, 0, 0], [1, 0, 0, 0]) }
    #expect(throws: TargetError.noBatch) {
      try KLDivLoss(isBatchMean: true).forward(
        tape.variable(Tensor([1], [])), .values(Tensor([1], [])), tape)
    }
  }

  @Test
  func weightsOfAnotherShapeAreRefused() {
    let tape = makeTape()
    let input = tape.variable(Tensor(zeros: [2, 3]))
    let target = Target.values(Tensor(zeros: [2, 3]))
    let weight = Tensor(zeros: [2])
    #expect(throws: TargetError.weight(name: "pos_weight", shape: [2], input: [2, 3])) {
      try BCEWithLogitsLoss(positiveWeight: weight).forward(input, target, tape)
    }
    #expect(throws: TargetError.weight(name: "weight", shape: [2], input: [2, 3])) {
      try BCELoss(weight: weight).forward(input, target, tape)
    }
    let error = TargetError.classWeights(count: 2, classCount: 3)
    #expect(throws: error) { try CrossEntropyLoss(weight: [1, 2]).forward(input, target, tape) }
    let labels = Target.classes(IndexTensor([0, 1], [2]))
    #expect(throws: error) { try CrossEntropyLoss(weight: [1, 2]).forward(input, labels, tape) }
    #expect(throws: error) { try NLLLoss(weight: [1, 2]).forward(input, labels, tape) }
  }

  /// Each logarithm is at least -100, and the divisor of the derivative at least 1e-12.
  @Test
  func certainProbabilities() throws {
    let tape = makeTape()
    let input = tape.variable(Tensor([0, 1, 0, 1], [4]), requiresGrad: true)
    let loss = try BCELoss(reduction: .none).forward(input, .values(Tensor([0, 1, 1, 0], [4])), tape)
    #expect(tape.tensor(loss).values == [0, 0, 100, 100])
    tape.backward(from: loss, gradient: Tensor([1, 1, 1, 1], [4]))
    #expect(tape.gradient(input)?.values == [0, 0, -1e12, 1e12])
  }

  /// PyTorch: the mean of nothing is NaN, its gradient 0.
  @Test
  func allLabelsIgnored() throws {
    let tape = makeTape()
    let input = tape.variable(Tensor([1, 2, 3, 4], [2, 2]), requiresGrad: true)
    let target = Target.classes(IndexTensor([-100, -100], [2]))
    let loss = try CrossEntropyLoss().forward(input, target, tape)
    #expect(tape.item(loss).isNaN)
    tape.backward(from: loss)
    #expect(tape.gradient(input)?.values == [0, 0, 0, 0])
  }

  @Test
  func anEmptyBatchHasAMeanOfNaN() throws {
    let tape = makeTape()
    let input = tape.variable(Tensor([], [0, 3]))
    let target = Target.classes(IndexTensor([], [0]))
    #expect(tape.item(try CrossEntropyLoss().forward(input, target, tape)).isNaN)
    #expect(tape.item(try CrossEntropyLoss(reduction: .sum).forward(input, target, tape)) == 0)
  }
}
