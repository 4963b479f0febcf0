import NNKernels
import Testing

/// The optimizers' steps against their formulas in double precision, one element at a time.
@Suite struct OptimizerFormulaTests {
  private static let count = 37

  static let steps =
    OptimizerTests.steps + [
      .rmsprop(
        RMSpropStep(
          learningRate: 0.1, alpha: 0.9, epsilon: 1e-2, weightDecay: 0.05, momentum: 0, centered: true,
          maximize: true)),
      .adam(
        AdamStep(
          learningRate: 0.1, beta1: 0.3, beta2: 0.5, epsilon: 1e-3, weightDecay: 0.05,
          decoupledWeightDecay: true, maximize: true,
          direction: .nadam(gradientRate: 0.1, meanRate: 0.2, biasCorrection2: 0.5))),
    ]

  @Test(arguments: TestBuild.all)
  func everyStepFollowsItsFormula(build: TestBuild) {
    for step in Self.steps {
      let zeros = [Float](repeating: 0, count: Self.count)
      let parameter = Buffer(Self.count, seed: 1)
      let buffers = [Buffer(zeros), Buffer(zeros), Buffer(zeros)]
      var elements = parameter.values.map { Element(p: Double($0)) }
      for round in 0..<3 {
        let gradient = Buffer(Self.count, seed: UInt64(10 + round))
        let update = ParameterUpdate(
          count: Self.count, step: step, parameter: parameter.pointer, gradient: gradient.pointer,
          buffers: OptimizerBuffers(buffers[0].pointer, buffers[1].pointer, buffers[2].pointer))
        [update].withUnsafeBufferPointer { build.kernels.update($0, pool: Pools.three) }
        for i in elements.indices { elements[i].take(step, gradient: Double(gradient.pointer[i])) }
      }
      // Adamax's mean over a maximum that is nearly 0 leaves the fewest digits.
      #expect(parameter.error(against: Buffer(elements.map { Float($0.p) })) < 1e-5, "\(step)")
    }
  }

  /// A parameter of one element, and what is kept for it.
  private struct Element {
    var p: Double
    var first = 0.0
    var second = 0.0
    var third = 0.0

    mutating func take(_ step: OptimizerStep, gradient: Double) {
      switch step {
      case .sgd(let step):
        let g = gradient + Double(step.weightDecay) * p
        first = Double(step.momentum) * first + g
        p -= Double(step.learningRate) * (g + Double(step.momentum) * first)
      case .adam(let step): take(step, gradient)
      case .adamax(let step):
        let g = (step.maximize ? -1 : 1) * gradient + step.weightDecay * p
        first = step.beta1 * first + (1 - step.beta1) * g
        second = max(step.beta2 * second, abs(g) + step.epsilon)
        p -= step.learningRate / step.biasCorrection * first / second
      case .rmsprop(let step):
        let g = (step.maximize ? -1 : 1) * gradient + step.weightDecay * p
        first = step.alpha * first + (1 - step.alpha) * g * g
        second = step.centered ? step.alpha * second + (1 - step.alpha) * g : 0
        third = step.momentum * third + g / ((first - second * second).squareRoot() + step.epsilon)
        p -= step.learningRate * third
      case .adagrad(let step):
        first += gradient * gradient
        p -= step.learningRate * gradient / (first.squareRoot() + step.epsilon)
      case .adadelta(let step):
        first = step.rho * first + (1 - step.rho) * gradient * gradient
        let delta = ((second + step.epsilon) / (first + step.epsilon)).squareRoot() * gradient
        second = step.rho * second + (1 - step.rho) * delta * delta
        p -= step.learningRate * delta
      }
    }

    private mutating func take(_ step: AdamStep, _ gradient: Double) {
      var g = (step.maximize ? -1 : 1) * gradient
      if step.decoupledWeightDecay {
        p *= 1 - step.learningRate * step.weightDecay
      } else {
        g += step.weightDecay * p
      }
      first = step.beta1 * first + (1 - step.beta1) * g
      second = step.beta2 * second + (1 - step.beta2) * g * g
      switch step.direction {
      case .adam(let correction1, let correction2):
        third = max(third, second)
        p -= step.learningRate / correction1 * first / ((third / correction2).squareRoot() + step.epsilon)
      case .nadam(let gradientRate, let meanRate, let correction2):
        p -= (gradientRate * g + meanRate * first) / ((second / correction2).squareRoot() + step.epsilon)
      case .rectified(let correction1, let correction2, let rectification):
        p -=
          step.learningRate * first / correction1 * correction2.squareRoot()
          / (second.squareRoot() + step.epsilon) * rectification
      case .unrectified(let correction1): p -= step.learningRate * first / correction1
      }
    }
  }
}
