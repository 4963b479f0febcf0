import NNKernelInterface

extension VectorKernels {
  public static func sgd(
    count: Int, step: SGDStep, parameter: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    momentumBuffer: UnsafeMutablePointer<Float>?
  ) {
    let sign: Float = step.maximize ? -1 : 1
    let (rate, decay, momentum) = (step.learningRate, step.weightDecay, step.momentum)
    var index = 0
    guard let momentumBuffer else {
      if decay == 0 {
        addProducts(-sign * rate, gradient, count, to: parameter)
        return
      }
      while index < count {
        let g = sign * gradient[index] + decay * parameter[index]
        parameter[index] -= rate * g
        index += 1
      }
      return
    }
    let (old, new) = step.isFirst ? (0, 1) : (momentum, 1 - step.dampening)
    let (direct, buffered): (Float, Float) = step.nesterov ? (1, momentum) : (0, 1)
    if step.isFirst { fill(count: count, value: 0, output: momentumBuffer) }
    while index < count {
      let g = sign * gradient[index] + decay * parameter[index]
      let buffer = old * momentumBuffer[index] + new * g
      momentumBuffer[index] = buffer
      parameter[index] -= rate * (direct * g + buffered * buffer)
      index += 1
    }
  }

  public static func adam(
    count: Int, step: AdamStep, parameter: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, mean: UnsafeMutablePointer<Float>,
    variance: UnsafeMutablePointer<Float>, maximumVariance: UnsafeMutablePointer<Float>?
  ) {
    let sign: Float = step.maximize ? -1 : 1
    let decay = Float(step.decoupledWeightDecay ? 0 : step.weightDecay)
    let shrink = Float(step.decoupledWeightDecay ? 1 - step.learningRate * step.weightDecay : 1)
    let (beta1, beta2) = (Float(step.beta1), Float(step.beta2))
    let (rest1, rest2) = (Float(1 - step.beta1), Float(1 - step.beta2))
    let rate = Float(step.learningRate / step.biasCorrection1)
    let rootCorrection = Float(step.biasCorrection2.squareRoot())
    let epsilon = Float(step.epsilon)
    var index = 0
    while index < count {
      let p = parameter[index] * shrink
      let g = sign * gradient[index] + decay * p
      let m = beta1 * mean[index] + rest1 * g
      var v = beta2 * variance[index] + rest2 * g * g
      mean[index] = m
      variance[index] = v
      if let maximumVariance {
        v = v > maximumVariance[index] ? v : maximumVariance[index]
        maximumVariance[index] = v
      }
      parameter[index] = p - rate * (m / (v.squareRoot() / rootCorrection + epsilon))
      index += 1
    }
  }
}

/// y += factor · x with one rounding where the build can, as PyTorch adds a multiple.
private func addProducts(
  _ factor: Float, _ x: UnsafePointer<Float>, _ count: Int, to y: UnsafeMutablePointer<Float>
) {
  let factors = Vector(repeating: factor)
  var index = 0
  while index + lanes <= count {
    store(multiplyAdd(factors, load(x + index), load(y + index)), to: y + index)
    index += lanes
  }
  if index < count {
    let rest = count - index
    let sum = multiplyAdd(
      factors, load(x + index, count: rest), load(UnsafePointer(y) + index, count: rest))
    store(sum, to: y + index, count: rest)
  }
}
