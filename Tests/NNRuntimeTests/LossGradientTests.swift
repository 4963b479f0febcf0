import NNRuntime
import NNShapes
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// The losses, on class labels and on numbers.
extension GradientTests {
  static let reductions = [Reduction.none, .mean, .sum]

  struct Smoothing: Sendable {
    var epsilon: Double
    var weighted: Bool
  }

  static let smoothings = [0.0, 0.2].flatMap { epsilon in
    [false, true].map { Smoothing(epsilon: epsilon, weighted: $0) }
  }

  @Test(arguments: reductions, smoothings)
  func crossEntropyOfLabels(_ reduction: Reduction, _ smoothing: Smoothing) throws {
    let cases: [(Shape, [Int64], Shape)] = [
      ([4], [2], []), ([3, 4], [0, 3, 1], [3]), ([2, 4, 3], [0, 1, 3, 3, 1, 2], [2, 3]),
    ]
    for (shape, labels, labelShape) in cases {
      let loss = CrossEntropyLoss(
        weight: smoothing.weighted ? [0.5, 1.5, 2, 0.25] : nil, ignoreIndex: 1, reduction: reduction,
        labelSmoothing: smoothing.epsilon)
      try GradientCheck(
        name: "CrossEntropyLoss of \(shape)", inputs: [randomTensor(shape, Generator(seed: 10))]
      ) { tape, variables in
        try loss.forward(variables[0], .classes(IndexTensor(labels, labelShape)), tape)
      }.run()
    }
  }

  @Test(arguments: reductions, smoothings)
  func crossEntropyOfProbabilities(_ reduction: Reduction, _ smoothing: Smoothing) throws {
    let shapes: [Shape] = [[4], [3, 4], [2, 4, 3]]
    for shape in shapes {
      let loss = CrossEntropyLoss(
        weight: smoothing.weighted ? [0.5, 1.5, 2, 0.25] : nil, reduction: reduction,
        labelSmoothing: smoothing.epsilon)
      let target = Tensor((0..<shape.elementCount).map { Float($0 % 5) / 7 }, shape)
      try GradientCheck(
        name: "CrossEntropyLoss of \(shape)", inputs: [randomTensor(shape, Generator(seed: 11))]
      ) { tape, variables in
        try loss.forward(variables[0], .values(target), tape)
      }.run()
    }
  }

  @Test(arguments: reductions)
  func negativeLogLikelihood(_ reduction: Reduction) throws {
    let loss = NLLLoss(weight: [1, 2, 3], ignoreIndex: -1, reduction: reduction)
    try GradientCheck(
      name: "NLLLoss", inputs: [randomTensor([4, 3], Generator(seed: 12))], step: 0.25,
      formula: { values in
        let losses = [-3 * values[0][2], -1 * values[0][3], 0, -2 * values[0][10]]
        switch reduction {
        case .none: return losses
        case .sum: return [losses.reduce(0, +)]
        case .mean: return [losses.reduce(0, +) / 6]
        }
      }
    ) { tape, variables in
      try loss.forward(variables[0], .classes(IndexTensor([2, 0, -1, 1], [4])), tape)
    }.run()
  }

  /// A loss of numbers, and its formula for one of them.
  struct Comparison: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Values that are probabilities, and not near 0 or 1.
    var areProbabilities = false
    var loss: @Sendable (Reduction) -> any ValueLoss
    var formula: @Sendable (_ x: Double, _ t: Double) -> Double
  }

  static let comparisons = [
    Comparison(testDescription: "MSELoss", loss: { MSELoss(reduction: $0) }) { ($0 - $1) * ($0 - $1) },
    Comparison(testDescription: "L1Loss", loss: { L1Loss(reduction: $0) }) { abs($0 - $1) },
    Comparison(testDescription: "SmoothL1Loss", loss: { SmoothL1Loss(reduction: $0, beta: 0.5) }) {
      let e = abs($0 - $1)
      return e < 0.5 ? e * e : e - 0.25
    },
    Comparison(testDescription: "SmoothL1Loss of beta 0", loss: { SmoothL1Loss(reduction: $0, beta: 0) }) {
      abs($0 - $1)
    },
    Comparison(testDescription: "HuberLoss", loss: { HuberLoss(reduction: $0, delta: 2) }) {
      let e = abs($0 - $1)
      return e <= 2 ? e * e / 2 : 2 * (e - 1)
    },
    Comparison(testDescription: "BCELoss", areProbabilities: true, loss: { BCELoss(reduction: $0) }) {
      -($1 * log($0) + (1 - $1) * log(1 - $0))
    },
    Comparison(testDescription: "BCEWithLogitsLoss", loss: { BCEWithLogitsLoss(reduction: $0) }) {
      (1 - $1) * $0 + log1p(exp(-$0))
    },
    Comparison(
      testDescription: "KLDivLoss", areProbabilities: true, loss: { KLDivLoss(reduction: $0) }
    ) { $1 * (log($1) - $0) },
    Comparison(
      testDescription: "KLDivLoss of logarithms", loss: { KLDivLoss(reduction: $0, logTarget: true) }
    ) { exp($1) * ($1 - $0) },
  ]

  @Test(arguments: comparisons, reductions)
  func comparison(_ entry: Comparison, _ reduction: Reduction) throws {
    for (shape, targetShape) in [([2, 3, 2], [2, 3, 2]), ([3, 4], [1, 4]), ([3, 4], [3, 1]), ([], [])] {
      var inputs = [
        randomTensor(Shape(shape), Generator(seed: 14)),
        randomTensor(Shape(targetShape), Generator(seed: 13)),
      ]
      if entry.areProbabilities {
        inputs = inputs.map { Tensor($0.values.map { 0.5 + 0.4 * sin($0) }, $0.shape) }
      }
      // Binary cross-entropy repeats nothing.
      if shape != targetShape, entry.testDescription.hasPrefix("BCE") { continue }
      try GradientCheck(
        name: "\(entry.testDescription) of \(shape) and \(targetShape)", inputs: inputs, step: 0x1p-9,
        formula: { values in
          let losses = values[0].indices.map { index in
            let target = targetShape == [1, 4] ? index % 4 : targetShape == [3, 1] ? index / 4 : index
            return entry.formula(values[0][index], values[1][target])
          }
          switch reduction {
          case .none: return losses
          case .sum: return [losses.reduce(0, +)]
          case .mean: return [losses.reduce(0, +) / Double(losses.count)]
          }
        }
      ) { tape, variables in
        try entry.loss(reduction).forward(variables[0], against: variables[1], tape)
      }.run()
    }
  }

  @Test(arguments: reductions)
  func weightedComparisons(_ reduction: Reduction) throws {
    let scores = randomTensor([2, 3, 2], Generator(seed: 22))
    let target = Tensor(
      randomTensor([2, 3, 2], Generator(seed: 23)).values.map { 0.5 + 0.4 * sin($0) }, [2, 3, 2])
    let weights = [Tensor([0.5, 2], [2]), Tensor([1, 2, 3], [3, 1]), Tensor([0.5], [1])]
    for weight in weights {
      let losses: [(String, Tensor, any ValueLoss)] = [
        (
          "BCEWithLogitsLoss", scores,
          BCEWithLogitsLoss(
            weight: weight, reduction: reduction, positiveWeight: Tensor([3, 0.25], [1, 1, 2]))
        ),
        (
          "BCELoss", Tensor(scores.values.map { 0.5 + 0.4 * sin($0) }, scores.shape),
          BCELoss(weight: weight, reduction: reduction)
        ),
      ]
      for (name, input, loss) in losses {
        try GradientCheck(
          name: "\(name), weight of shape \(weight.shape)", inputs: [input, target], step: 0x1p-9
        ) { tape, variables in
          try loss.forward(variables[0], against: variables[1], tape)
        }.run()
      }
    }
  }

  @Test
  func divergenceByTheBatch() throws {
    let input = randomTensor([4, 3], Generator(seed: 24))
    let target = Tensor([Float](repeating: 0.25, count: 12), [4, 3])
    try GradientCheck(
      name: "batchmean", inputs: [input],
      formula: { values in [values[0].reduce(0) { $0 + 0.25 * (log(0.25) - $1) } / 4] }
    ) { tape, variables in
      try KLDivLoss(isBatchMean: true).forward(variables[0], .values(target), tape)
    }.run()
  }
}
