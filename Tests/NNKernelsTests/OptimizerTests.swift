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
          build.kernels.sgd(
            count: Self.count,
            step: SGDStep(
              learningRate: 0.1, momentum: momentum, dampening: dampening, weightDecay: decay,
              nesterov: nesterov, maximize: maximize, isFirst: step == 0),
            parameter: parameter.pointer, gradient: gradient.pointer,
            momentumBuffer: momentum == 0 ? nil : buffer.pointer, pool: Pools.three)
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
        build.kernels.adam(
          count: Self.count,
          step: AdamStep(
            learningRate: 0.1, beta1: 0.9, beta2: 0.5, epsilon: 1e-3, weightDecay: 0.05,
            decoupledWeightDecay: decoupled, maximize: false, biasCorrection1: 1 - power1,
            biasCorrection2: 1 - power2),
          parameter: parameter.pointer, gradient: gradient.pointer, mean: mean.pointer,
          variance: variance.pointer, maximumVariance: amsgrad ? maximum.pointer : nil,
          pool: Pools.three)
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
}
