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
          let update = SGDUpdate(
            count: Self.count,
            step: SGDStep(
              learningRate: 0.1, momentum: momentum, dampening: dampening, weightDecay: decay,
              nesterov: nesterov, maximize: maximize, isFirst: step == 0),
            parameter: parameter.pointer, gradient: gradient.pointer,
            momentumBuffer: momentum == 0 ? nil : buffer.pointer)
          [update].withUnsafeBufferPointer { build.kernels.sgd($0, pool: Pools.three) }
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
        let update = AdamUpdate(
          count: Self.count,
          step: AdamStep(
            learningRate: 0.1, beta1: 0.9, beta2: 0.5, epsilon: 1e-3, weightDecay: 0.05,
            decoupledWeightDecay: decoupled, maximize: false, biasCorrection1: 1 - power1,
            biasCorrection2: 1 - power2),
          parameter: parameter.pointer, gradient: gradient.pointer, mean: mean.pointer,
          variance: variance.pointer, maximumVariance: amsgrad ? maximum.pointer : nil)
        [update].withUnsafeBufferPointer { build.kernels.adam($0, pool: Pools.three) }
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
    func sgd(_ parameters: [Buffer], _ momenta: [Buffer], _ range: Range<Int>, _ pool: ThreadPool) {
      let updates = range.map {
        SGDUpdate(
          count: counts[$0],
          step: SGDStep(
            learningRate: 0.1, momentum: 0.9, dampening: 0, weightDecay: 0.01, nesterov: true,
            maximize: false, isFirst: $0 % 2 == 0),
          parameter: parameters[$0].pointer, gradient: gradients[$0].pointer,
          momentumBuffer: momenta[$0].pointer)
      }
      updates.withUnsafeBufferPointer { build.kernels.sgd($0, pool: pool) }
    }
    func adam(_ parameters: [Buffer], _ means: [Buffer], _ range: Range<Int>, _ pool: ThreadPool) {
      let variances = buffers(90)
      for buffer in variances { for i in 0..<buffer.count { buffer.pointer[i] = abs(buffer.pointer[i]) } }
      let updates = range.map {
        AdamUpdate(
          count: counts[$0],
          step: AdamStep(
            learningRate: 0.1, beta1: 0.9, beta2: 0.5, epsilon: 1e-3, weightDecay: 0,
            decoupledWeightDecay: false, maximize: false, biasCorrection1: 0.1 * Double(1 + $0),
            biasCorrection2: 0.5),
          parameter: parameters[$0].pointer, gradient: gradients[$0].pointer, mean: means[$0].pointer,
          variance: variances[$0].pointer, maximumVariance: nil)
      }
      withExtendedLifetime(variances) {
        updates.withUnsafeBufferPointer { build.kernels.adam($0, pool: pool) }
      }
    }
    for optimizer in [sgd, adam] {
      let (expected, expectedBuffers) = (buffers(1), buffers(20))
      for index in counts.indices {
        optimizer(expected, expectedBuffers, index..<index + 1, Pools.one)
      }
      for pool in [Pools.one, Pools.three] {
        let (found, foundBuffers) = (buffers(1), buffers(20))
        optimizer(found, foundBuffers, counts.indices, pool)
        #expect(found.map(\.bits) == expected.map(\.bits))
        #expect(foundBuffers.map(\.bits) == expectedBuffers.map(\.bits))
        #expect((found + foundBuffers + gradients).allSatisfy { $0.guardIsIntact })
      }
      #expect(expected.map(\.bits) != buffers(1).map(\.bits))
    }
  }
}
