import NNKernels
import Testing

@Suite struct OptimizerTests {
  private static let count = 37

  /// Three steps by the formulas, one parameter at a time in double precision.
  @Test(arguments: TestBuild.all)
  func sgdFollowsItsFormula(build: TestBuild) {
    for (momentum, dampening, nesterov, decay) in [
      (0, 0, false, 0), (0, 0, false, 0.01), (0.9, 0, false, 0.01), (0.9, 0.5, false, 0.01),
      (0.8, 0, true, 0.01),
    ] as [(Float, Float, Bool, Float)] {
      for maximize in [false, true] {
        let parameter = Buffer(Self.count, seed: 1)
        var expected = parameter.values.map(Double.init)
        let buffer = Buffer(Self.count)
        var buffers = [Double](repeating: 0, count: Self.count)
        for step in 0..<3 {
          let gradient = Buffer(Self.count, seed: UInt64(10 + step))
          let update = ParameterUpdate(
            count: Self.count,
            step: .sgd(
              SGDStep(
                learningRate: 0.1, momentum: momentum, dampening: dampening, weightDecay: decay,
                nesterov: nesterov, maximize: maximize, isFirst: step == 0)),
            parameter: parameter.pointer, gradient: gradient.pointer,
            buffers: OptimizerBuffers(momentum == 0 ? nil : buffer.pointer))
          [update].withUnsafeBufferPointer { build.kernels.update($0, pool: Pools.three) }
          for i in 0..<Self.count {
            let g = (maximize ? -1 : 1) * Double(gradient.pointer[i]) + Double(decay) * expected[i]
            let m = Double(momentum)
            buffers[i] = step == 0 ? g : m * buffers[i] + (1 - Double(dampening)) * g
            let direction = momentum == 0 ? g : nesterov ? g + m * buffers[i] : buffers[i]
            expected[i] -= 0.1 * direction
          }
        }
        #expect(
          parameter.error(against: Buffer(expected.map(Float.init))) < 1e-6,
          "momentum \(momentum), dampening \(dampening), nesterov \(nesterov)")
      }
    }
  }

  @Test(arguments: TestBuild.all, [false, true])
  func adamFollowsItsFormula(build: TestBuild, decoupled: Bool) {
    for amsgrad in [false, true] {
      let parameter = Buffer(Self.count, seed: 1)
      var p = parameter.values.map(Double.init)
      let zeros = [Float](repeating: 0, count: Self.count)
      let (mean, variance, maximum) = (Buffer(zeros), Buffer(zeros), Buffer(zeros))
      var (m, v, largest) = (zeros.map(Double.init), zeros.map(Double.init), zeros.map(Double.init))
      var (power1, power2) = (1.0, 1.0)
      for step in 0..<3 {
        let gradient = Buffer(Self.count, seed: UInt64(10 + step))
        // The second gradient is far the largest, so that AMSGrad's maximum matters.
        if step == 1 { for i in 0..<Self.count { gradient.pointer[i] *= 50 } }
        power1 *= 0.9
        power2 *= 0.5
        let update = ParameterUpdate(
          count: Self.count,
          step: .adam(
            AdamStep(
              learningRate: 0.1, beta1: 0.9, beta2: 0.5, epsilon: 1e-3, weightDecay: 0.05,
              decoupledWeightDecay: decoupled, maximize: false,
              direction: .adam(biasCorrection1: 1 - power1, biasCorrection2: 1 - power2))),
          parameter: parameter.pointer, gradient: gradient.pointer,
          buffers: OptimizerBuffers(mean.pointer, variance.pointer, amsgrad ? maximum.pointer : nil))
        [update].withUnsafeBufferPointer { build.kernels.update($0, pool: Pools.three) }
        for i in 0..<Self.count {
          var g = Double(gradient.pointer[i])
          if decoupled { p[i] *= 1 - 0.1 * 0.05 } else { g += 0.05 * p[i] }
          m[i] = 0.9 * m[i] + 0.1 * g
          v[i] = 0.5 * v[i] + 0.5 * g * g
          largest[i] = max(largest[i], v[i])
          let root = (amsgrad ? largest[i] : v[i]).squareRoot() / (1 - power2).squareRoot()
          p[i] -= 0.1 / (1 - power1) * m[i] / (root + 1e-3)
        }
      }
      #expect(parameter.error(against: Buffer(p.map(Float.init))) < 2e-6, "AMSGrad \(amsgrad)")
    }
  }

  /// Many parameters in one call, small and large ones, across the pieces that threads work on: each
  /// is updated as by itself, once.
  @Test(arguments: TestBuild.all)
  func parametersAreCutAnywhere(build: TestBuild) {
    let counts = [5, 40_000, 0, 16_384, 1, 16_379, 1, 70_001, 3, 0]
    func buffers(_ seed: UInt64) -> [Buffer] {
      counts.enumerated().map { Buffer($0.element, seed: seed + UInt64($0.offset)) }
    }
    let gradients = buffers(50)
    func positive(_ buffers: [Buffer]) -> [Buffer] {
      for buffer in buffers { for i in 0..<buffer.count { buffer.pointer[i] = abs(buffer.pointer[i]) } }
      return buffers
    }
    func run(
      _ step: OptimizerStep, _ parameters: [Buffer], _ state: [[Buffer]], _ range: Range<Int>,
      _ pool: ThreadPool
    ) {
      let updates = range.map {
        ParameterUpdate(
          count: counts[$0], step: step, parameter: parameters[$0].pointer, gradient: gradients[$0].pointer,
          buffers: OptimizerBuffers(state[0][$0].pointer, state[1][$0].pointer, state[2][$0].pointer))
      }
      updates.withUnsafeBufferPointer { build.kernels.update($0, pool: pool) }
    }
    for step in Self.steps {
      func state() -> [[Buffer]] { [positive(buffers(20)), positive(buffers(40)), positive(buffers(60))] }
      let (expected, expectedState) = (buffers(1), state())
      for index in counts.indices { run(step, expected, expectedState, index..<index + 1, Pools.one) }
      for pool in [Pools.one, Pools.three] {
        let (found, foundState) = (buffers(1), state())
        run(step, found, foundState, counts.indices, pool)
        #expect(found.map(\.bits) == expected.map(\.bits), "\(step)")
        #expect(foundState.joined().map(\.bits) == expectedState.joined().map(\.bits), "\(step)")
        #expect((found + foundState.joined() + gradients).allSatisfy { $0.guardIsIntact })
      }
      #expect(expected.map(\.bits) != buffers(1).map(\.bits))
    }
  }

  /// A step of each kind.
  static let steps: [OptimizerStep] =
    [
      .sgd(
        SGDStep(
          learningRate: 0.1, momentum: 0.9, dampening: 0, weightDecay: 0.01, nesterov: true, maximize: false,
          isFirst: false)),
      .adamax(
        AdamaxStep(
          learningRate: 0.1, beta1: 0.9, beta2: 0.5, epsilon: 1e-3, weightDecay: 0.01, maximize: true,
          biasCorrection: 0.1)),
      .rmsprop(
        RMSpropStep(
          learningRate: 0.1, alpha: 0.5, epsilon: 1e-3, weightDecay: 0.01, momentum: 0.9, centered: false,
          maximize: false)),
      .adagrad(AdagradStep(learningRate: 0.1, epsilon: 1e-3, weightDecay: 0, maximize: false)),
      .adadelta(AdadeltaStep(learningRate: 0.1, rho: 0.9, epsilon: 1e-3, weightDecay: 0, maximize: false)),
    ]
    + [
      .adam(biasCorrection1: 0.1, biasCorrection2: 0.5),
      .nadam(gradientRate: 0.1, meanRate: 0.2, biasCorrection2: 0.5),
      .rectified(biasCorrection1: 0.1, biasCorrection2: 0.5, rectification: 0.4),
      .unrectified(biasCorrection1: 0.1),
    ].map { (direction: AdamStep.Direction) in
      .adam(
        AdamStep(
          learningRate: 0.1, beta1: 0.9, beta2: 0.5, epsilon: 1e-3, weightDecay: 0.01,
          decoupledWeightDecay: false, maximize: false, direction: direction))
    }
}
