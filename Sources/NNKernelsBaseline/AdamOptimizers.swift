import NNKernelInterface

// Adam, AdamW, NAdam and RAdam, which differ in where the running means lead, and Adamax.

extension VectorKernels {
  static func adam(
    _ count: Int, _ step: AdamStep, _ parameter: UnsafeMutablePointer<Float>,
    _ gradient: UnsafePointer<Float>, _ mean: UnsafeMutablePointer<Float>,
    _ variance: UnsafeMutablePointer<Float>, _ maximumVariance: UnsafeMutablePointer<Float>?
  ) {
    let epsilon = Float(step.epsilon)
    switch step.direction {
    case .adam(let biasCorrection1, let biasCorrection2):
      let rate = Float(step.learningRate / biasCorrection1)
      let rootCorrection = Float(biasCorrection2.squareRoot())
      if let maximumVariance {
        forEachMoment(count, step, parameter, gradient, mean, variance) { index, p, _, m, v in
          let largest = v > maximumVariance[index] ? v : maximumVariance[index]
          maximumVariance[index] = largest
          return p - rate * m / (largest.squareRoot() / rootCorrection + epsilon)
        }
      } else {
        forEachMoment(count, step, parameter, gradient, mean, variance) { _, p, _, m, v in
          p - rate * m / (v.squareRoot() / rootCorrection + epsilon)
        }
      }
    case .nadam(let gradientRate, let meanRate, let biasCorrection2):
      let (gradientRate, meanRate) = (Float(gradientRate), Float(meanRate))
      let correction = Float(biasCorrection2)
      forEachMoment(count, step, parameter, gradient, mean, variance) { _, p, g, m, v in
        let root = (v / correction).squareRoot() + epsilon
        return p - gradientRate * g / root - meanRate * m / root
      }
    case .rectified(let biasCorrection1, let biasCorrection2, let rectification):
      let (rate, correction) = (Float(step.learningRate), Float(biasCorrection1))
      let rootCorrection = Float(biasCorrection2.squareRoot())
      let rectification = Float(rectification)
      forEachMoment(count, step, parameter, gradient, mean, variance) { _, p, _, m, v in
        p - m / correction * rate * (rootCorrection / (v.squareRoot() + epsilon)) * rectification
      }
    case .unrectified(let biasCorrection1):
      let (rate, correction) = (Float(step.learningRate), Float(biasCorrection1))
      forEachMoment(count, step, parameter, gradient, mean, variance) { _, p, _, m, _ in
        p - m / correction * rate
      }
    }
  }

  /// Brings the running means up to date and puts `move(index, p, g, m, v)` in the place of p.
  @inline(__always)
  private static func forEachMoment(
    _ count: Int, _ step: AdamStep, _ parameter: UnsafeMutablePointer<Float>,
    _ gradient: UnsafePointer<Float>, _ mean: UnsafeMutablePointer<Float>,
    _ variance: UnsafeMutablePointer<Float>,
    _ move: (_ index: Int, _ p: Float, _ g: Float, _ m: Float, _ v: Float) -> Float
  ) {
    let sign: Float = step.maximize ? -1 : 1
    let decay = Float(step.decoupledWeightDecay ? 0 : step.weightDecay)
    let shrink = Float(step.decoupledWeightDecay ? 1 - step.learningRate * step.weightDecay : 1)
    let (rest1, rest2) = (Float(1 - step.beta1), Float(1 - step.beta2))
    let beta2 = Float(step.beta2)
    var index = 0
    while index < count {
      let p = parameter[index] * shrink
      let g = sign * gradient[index] + decay * p
      let m = moved(mean[index], towards: g, by: rest1)
      let v = beta2 * variance[index] + rest2 * g * g
      mean[index] = m
      variance[index] = v
      parameter[index] = move(index, p, g, m, v)
      index += 1
    }
  }

  static func adamax(
    _ count: Int, _ step: AdamaxStep, _ parameter: UnsafeMutablePointer<Float>,
    _ gradient: UnsafePointer<Float>, _ mean: UnsafeMutablePointer<Float>,
    _ norm: UnsafeMutablePointer<Float>
  ) {
    let sign: Float = step.maximize ? -1 : 1
    let (rest1, beta2) = (Float(1 - step.beta1), Float(step.beta2))
    let (decay, epsilon) = (Float(step.weightDecay), Float(step.epsilon))
    let rate = Float(step.learningRate / step.biasCorrection)
    var index = 0
    while index < count {
      let g = sign * gradient[index] + decay * parameter[index]
      let m = moved(mean[index], towards: g, by: rest1)
      let (old, new) = (beta2 * norm[index], abs(g) + epsilon)
      let u = old > new ? old : new
      mean[index] = m
      norm[index] = u
      parameter[index] -= rate * m / u
      index += 1
    }
  }
}
