import NNKernelInterface

// Each loop is the body of PyTorch's for one element, its constants in double precision until they meet a
// float.

extension VectorKernels {
  public static func update(
    count: Int, step: OptimizerStep, parameter: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, buffers: OptimizerBuffers
  ) {
    switch step {
    case .sgd(let step): sgd(count, step, parameter, gradient, buffers.first)
    case .adam(let step):
      adam(count, step, parameter, gradient, buffers.first!, buffers.second!, buffers.third)
    case .adamax(let step): adamax(count, step, parameter, gradient, buffers.first!, buffers.second!)
    case .rmsprop(let step):
      rmsprop(
        count, step, parameter, gradient, buffers.first!, step.centered ? buffers.second : nil,
        step.momentum > 0 ? buffers.third : nil)
    case .adagrad(let step): adagrad(count, step, parameter, gradient, buffers.first!)
    case .adadelta(let step): adadelta(count, step, parameter, gradient, buffers.first!, buffers.second!)
    }
  }

  private static func sgd(
    _ count: Int, _ step: SGDStep, _ parameter: UnsafeMutablePointer<Float>,
    _ gradient: UnsafePointer<Float>, _ momentumBuffer: UnsafeMutablePointer<Float>?
  ) {
    let sign: Float = step.maximize ? -1 : 1
    let (rate, decay, momentum) = (step.learningRate, step.weightDecay, step.momentum)
    var index = 0
    guard momentum != 0, let momentumBuffer else {
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

  private static func rmsprop(
    _ count: Int, _ step: RMSpropStep, _ parameter: UnsafeMutablePointer<Float>,
    _ gradient: UnsafePointer<Float>, _ variance: UnsafeMutablePointer<Float>,
    _ mean: UnsafeMutablePointer<Float>?, _ momentumBuffer: UnsafeMutablePointer<Float>?
  ) {
    let sign: Float = step.maximize ? -1 : 1
    let (alpha, rest) = (Float(step.alpha), Float(1 - step.alpha))
    let (rate, decay, epsilon) = (Float(step.learningRate), Float(step.weightDecay), Float(step.epsilon))
    let momentum = Float(step.momentum)
    var index = 0
    while index < count {
      let g = sign * gradient[index] + decay * parameter[index]
      var v = alpha * variance[index] + rest * g * g
      variance[index] = v
      if let mean {
        let a = moved(mean[index], towards: g, by: rest)
        mean[index] = a
        v -= a * a
      }
      let root = v.squareRoot() + epsilon
      if let momentumBuffer {
        let buffer = momentum * momentumBuffer[index] + g / root
        momentumBuffer[index] = buffer
        parameter[index] -= rate * buffer
      } else {
        parameter[index] -= rate * g / root
      }
      index += 1
    }
  }

  private static func adagrad(
    _ count: Int, _ step: AdagradStep, _ parameter: UnsafeMutablePointer<Float>,
    _ gradient: UnsafePointer<Float>, _ sum: UnsafeMutablePointer<Float>
  ) {
    let sign: Float = step.maximize ? -1 : 1
    let (rate, decay, epsilon) = (Float(step.learningRate), Float(step.weightDecay), Float(step.epsilon))
    var index = 0
    while index < count {
      let g = sign * gradient[index] + decay * parameter[index]
      let s = sum[index] + g * g
      sum[index] = s
      parameter[index] -= rate * g / (s.squareRoot() + epsilon)
      index += 1
    }
  }

  private static func adadelta(
    _ count: Int, _ step: AdadeltaStep, _ parameter: UnsafeMutablePointer<Float>,
    _ gradient: UnsafePointer<Float>, _ variance: UnsafeMutablePointer<Float>,
    _ deltas: UnsafeMutablePointer<Float>
  ) {
    let sign: Float = step.maximize ? -1 : 1
    let (rho, rest) = (Float(step.rho), Float(1 - step.rho))
    let (rate, decay, epsilon) = (Float(step.learningRate), Float(step.weightDecay), Float(step.epsilon))
    var index = 0
    while index < count {
      let g = sign * gradient[index] + decay * parameter[index]
      let v = rho * variance[index] + rest * g * g
      variance[index] = v
      let u = deltas[index]
      let delta = (u + epsilon).squareRoot() / (v + epsilon).squareRoot() * g
      deltas[index] = rho * u + rest * delta * delta
      parameter[index] -= rate * delta
      index += 1
    }
  }
}

/// A running mean `share` of the way to `value`, PyTorch's `lerp`.
@inline(__always)
func moved(_ mean: Float, towards value: Float, by share: Float) -> Float {
  share < 0.5 ? mean + share * (value - mean) : value - (value - mean) * (1 - share)
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
