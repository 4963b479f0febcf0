import NNKernels
import NNShapes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The numbers of a recorded local response normalisation; the node keeps the divisors before the power.
struct LocalResponseNormOperation {
  /// (N, C, d₁·…).
  let layout: AxisLayout
  let size: Int
  let alpha: Float
  let beta: Float

  /// The channels whose squares are in the divisor of `channel`.
  func window(_ channel: Int) -> ClosedRange<Int> {
    max(0, channel - size / 2)...min(layout.axis - 1, channel + (size - 1) / 2)
  }

  /// The channels that have `channel` in their window.
  func users(_ channel: Int) -> ClosedRange<Int> {
    max(0, channel - (size - 1) / 2)...min(layout.axis - 1, channel + size / 2)
  }
}

extension Tape {
  /// y[c] = x[c] · d[c]^-beta with d[c] = k + alpha/size · Σ x[j]² over the `size` channels around c, size/2 of
  /// them before; channels that are not there count as 0. `input` (N, C, …).
  public func localResponseNorm(_ input: Variable, size: Int, alpha: Float, beta: Float, k: Float) -> Variable
  {
    let input = stored(input, as: .contiguous)
    let x = tensor(input)
    let operation = LocalResponseNormOperation(
      layout: AxisLayout(x.shape, dim: 1, "LocalResponseNorm"), size: size, alpha: alpha, beta: beta)
    let (axis, inner) = (operation.layout.axis, operation.layout.inner)
    let output = pool.makeTensor(x.shape)
    let divisors = pool.take(byteCount: max(x.count, 1) * MemoryLayout<Float>.stride)
    threads.run(tasks: operation.layout.outer) { sample, _ in
      for channel in 0..<axis {
        for position in 0..<inner {
          var sum: Float = 0
          for other in operation.window(channel) {
            let value = x.pointer[(sample * axis + other) * inner + position]
            sum += value * value
          }
          let index = (sample * axis + channel) * inner + position
          let divisor = k + alpha * (sum / Float(size))
          divisors.floats[index] = divisor
          output.pointer[index] = x.pointer[index] / powf(divisor, beta)
        }
      }
    }
    return record(
      .localResponseNorm(operation), Node.Inputs(first: input.index), output, saved: divisors)
  }

  /// dx[i] = dy[i] · d[i]^-beta - 2·alpha·beta/size · x[i] · Σ dy[c] · y[c] / d[c] over the c whose window has i.
  func localResponseNormBackward(
    _ operation: LocalResponseNormOperation, _ node: Node, _ outputGradient: Tensor
  ) {
    guard let divisors = node.saved?.floats else { return }
    let (x, y) = (values[node.inputs.first].tensor.pointer, values[node.output].tensor.pointer)
    let dy = outputGradient.pointer
    let inputGradient = pool.makeTensor(outputGradient.shape)
    let (axis, inner) = (operation.layout.axis, operation.layout.inner)
    let factor = 2 * operation.alpha * operation.beta / Float(operation.size)
    threads.run(tasks: operation.layout.outer) { sample, _ in
      for channel in 0..<axis {
        for position in 0..<inner {
          var sum: Float = 0
          for other in operation.users(channel) {
            let index = (sample * axis + other) * inner + position
            sum += dy[index] * y[index] / divisors[index]
          }
          let index = (sample * axis + channel) * inner + position
          inputGradient.pointer[index] =
            dy[index] / powf(divisors[index], operation.beta) - factor * x[index] * sum
        }
      }
    }
    addGradient(inputGradient, to: node.inputs.first)
  }
}
