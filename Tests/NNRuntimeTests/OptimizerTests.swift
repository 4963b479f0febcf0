import NNKernels
import NNRuntime
import NNShapes
import Testing

@Suite
struct OptimizerTests {
  static let rules: [any UpdateRule] = [
    SGD(learningRate: 0.05),
    SGD(learningRate: 0.05, momentum: 0.9, weightDecay: 0.01, nesterov: true),
    SGD(learningRate: 0.05, momentum: 0.9, dampening: 0.3, maximize: true),
    Adam(learningRate: 0.01, betas: (0.8, 0.95), epsilon: 1e-6, weightDecay: 0.1),
    Adam(learningRate: 0.01, amsgrad: true),
    RMSprop(momentum: 0.9, centered: true),
    Adagrad(rateDecay: 0.1, initialAccumulatorValue: 0.5),
    Adadelta(),
    Adamax(),
    NAdam(weightDecay: 0.1),
    RAdam(betas: (0.9, 0.9), decoupledWeightDecay: true),
  ]

  /// Training that is saved half way and goes on elsewhere gives the very same weights.
  @Test(arguments: rules.indices)
  func resumesBitForBit(_ index: Int) throws {
    let whole = smallModel(Generator(seed: 0))
    let wholeOptimizer = Optimizer(whole.parameters, Self.rules[index])
    let half = smallModel(Generator(seed: 0))
    let halfOptimizer = Optimizer(half.parameters, Self.rules[index])
    try Self.train(whole, wholeOptimizer, steps: 0..<6)
    try Self.train(half, halfOptimizer, steps: 0..<3)

    let resumed = smallModel(Generator(seed: 5))
    let resumedOptimizer = Optimizer(resumed.parameters, Self.rules[index])
    try resumed.load(half.stateDict)
    try resumedOptimizer.load(halfOptimizer.state)
    #expect(resumedOptimizer.state == halfOptimizer.state)
    try Self.train(resumed, resumedOptimizer, steps: 3..<6)
    #expect(resumed.stateDict == whole.stateDict)
    #expect(resumedOptimizer.state == wholeOptimizer.state)
  }

  private static func train(
    _ model: Sequential, _ optimizer: Optimizer, steps: Range<Int>
  ) throws {
    for step in steps {
      let tape = makeTape(seed: UInt64(step))
      let input = tape.variable(randomTensor([2, 3, 6, 6], tape.generator))
      let target = Target.classes(IndexTensor([Int64(step % 4), 1], [2]))
      let loss = try CrossEntropyLoss().forward(model.forward(input, tape), target, tape)
      optimizer.zeroGrad()
      tape.backward(from: loss)
      optimizer.step(tape.threads)
    }
  }

  @Test
  func parametersWithoutGradientStay() {
    let parameters = [NamedParameter(name: "p", Parameter([2]))]
    parameters[0].parameter.value.setValues([1, 2])
    let rules: [any UpdateRule] = [SGD(weightDecay: 1), Adam(weightDecay: 1), Adagrad(weightDecay: 1)]
    for rule in rules {
      let optimizer = Optimizer(parameters, rule)
      optimizer.step(ThreadPool(threads: 1))
      #expect(parameters[0].parameter.value.values == [1, 2])
      #expect(optimizer.state == OptimizerState())
    }
  }

  @Test
  func theLearningRateCanChange() {
    let parameter = Parameter([1])
    let optimizer = Optimizer([NamedParameter(name: "p", parameter)], SGD(learningRate: 1))
    for rate in [1.0, 0.25] {
      let tape = makeTape()
      optimizer.zeroGrad()
      tape.backward(from: tape.reshape(tape.variable(parameter), []))
      optimizer.setLearningRate(rate, ofGroup: 0)
      optimizer.step(tape.threads)
    }
    #expect(parameter.value.values == [-1.25])
  }

  /// A parameter follows the rule of its group, and has that rule's buffers.
  @Test
  func groupsHaveSettingsOfTheirOwn() {
    let parameters = ["a", "b"].map { NamedParameter(name: $0, Parameter([1])) }
    let optimizer = Optimizer(
      parameters, rules: [SGD(learningRate: 1), SGD(learningRate: 0.5, momentum: 0.5)], groups: [1, 0])
    func step() {
      let tape = makeTape()
      optimizer.zeroGrad()
      for entry in parameters { tape.backward(from: tape.reshape(tape.variable(entry.parameter), [])) }
      optimizer.step(tape.threads)
    }
    step()
    step()
    #expect(parameters.map { $0.parameter.value.values[0] } == [-0.5 - 0.75, -2])
    #expect(optimizer.state.buffers.map(\.name) == ["a.momentum_buffer"])
    #expect(optimizer.learningRate == 1)
    optimizer.setLearningRate(2, ofGroup: 1)
    optimizer.setMomentum(0, ofGroup: 1)
    step()
    #expect(parameters.map { $0.parameter.value.values[0] } == [-1.25 - 2, -3])
  }

  @Test
  func statesThatDoNotFitAreRefused() throws {
    let parameters = [NamedParameter(name: "p", Parameter([2]))]
    func buffer(_ name: String, _ count: Int = 2) -> StateEntry {
      StateEntry(name: name, shape: Shape(count), values: Array(repeating: 0.5, count: count))
    }
    func scalar(_ value: Double) -> OptimizerState.Scalar { .init(name: "p.step", value: value) }
    let momentum = Optimizer(parameters, SGD(momentum: 0.9))
    let plain = Optimizer(parameters, SGD())
    let adam = Optimizer(parameters, Adam())
    let nadam = Optimizer(parameters, NAdam())
    let cases: [(Optimizer, OptimizerState, OptimizerStateError)] = [
      (plain, OptimizerState(buffers: [buffer("p.momentum_buffer")]), .unexpected("p.momentum_buffer")),
      (momentum, OptimizerState(buffers: [buffer("q.momentum_buffer")]), .unexpected("q.momentum_buffer")),
      (momentum, OptimizerState(buffers: [buffer("p.momentum_buffer", 3)]), .shape("p.momentum_buffer")),
      (
        momentum,
        OptimizerState(buffers: [buffer("p.momentum_buffer"), buffer("p.momentum_buffer")]),
        .unexpected("p.momentum_buffer")
      ),
      (adam, OptimizerState(buffers: [buffer("p.exp_avg")], scalars: [scalar(2)]), .missing("p.exp_avg_sq")),
      (adam, OptimizerState(buffers: [buffer("p.exp_avg")]), .unexpected("p.exp_avg")),
      (nadam, OptimizerState(scalars: [scalar(2)]), .missing("p.mu_product")),
      (adam, OptimizerState(scalars: [scalar(1.5)]), .step("p.step", 1.5)),
      (adam, OptimizerState(scalars: [scalar(-1)]), .step("p.step", -1)),
      (adam, OptimizerState(scalars: [scalar(.infinity)]), .step("p.step", .infinity)),
    ]
    for (optimizer, state, expected) in cases {
      #expect(throws: expected) { try optimizer.load(state) }
      #expect(optimizer.state == OptimizerState())
    }
  }

  @Test
  func clippingByValueKeepsNaN() {
    let parameter = Parameter([4])
    let tape = makeTape()
    tape.backward(
      from: tape.reshape(tape.variable(parameter), [2, 2]), gradient: Tensor([-3, 0.5, .nan, 2], [2, 2]))
    GradientClipping.clipValue([NamedParameter(name: "p", parameter)], value: 1)
    let values = parameter.gradient.values
    #expect(values[0] == -1 && values[1] == 0.5 && values[2].isNaN && values[3] == 1)
  }
}
