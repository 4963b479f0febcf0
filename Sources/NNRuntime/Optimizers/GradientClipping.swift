#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

import NNKernels

/// Limits on gradients, between the backward pass and the optimizer's step. Source: PyTorch,
/// `torch/nn/utils/clip_grad.py`.
public enum GradientClipping {
  /// Scales all gradients by min(1, max_norm / (norm + 1e-6)), where norm is the p-norm of the norms of
  /// the tensors, and returns it: the value before clipping. `normType` is p, infinity included.
  @discardableResult
  public static func clipNorm(
    _ parameters: [NamedParameter], maxNorm: Double, normType: Double = 2, _ threads: ThreadPool,
    kernels: Kernels = .current
  ) -> Double {
    var total = 0.0
    for entry in parameters where entry.parameter.hasGradient {
      let norm = self.norm(entry.parameter.gradient, normType)
      if normType == .infinity {
        total = norm.isNaN || norm > total ? norm : total
      } else {
        total += pow(norm, normType)
      }
    }
    let norm = normType == .infinity ? total : pow(total, 1 / normType)
    let factor = maxNorm / (norm + 1e-6)
    // NaN is not below 1: as in PyTorch it reaches the gradients, where the trainer sees it.
    guard !(factor >= 1) else { return norm }
    for entry in parameters where entry.parameter.hasGradient {
      let gradient = entry.parameter.gradient
      kernels.scale(
        count: gradient.count, factor: Float(factor), input: gradient.pointer,
        output: gradient.pointer, pool: threads)
    }
    return norm
  }

  /// Limits each element of the gradients to -value ... value; NaN stays.
  public static func clipValue(_ parameters: [NamedParameter], value: Double) {
    let limit = Float(value)
    for entry in parameters where entry.parameter.hasGradient {
      let gradient = entry.parameter.gradient
      for index in 0..<gradient.count {
        let element = gradient.pointer[index]
        if element > limit { gradient.pointer[index] = limit }
        if element < -limit { gradient.pointer[index] = -limit }
      }
    }
  }

  private static func norm(_ gradient: Tensor, _ normType: Double) -> Double {
    var total = 0.0
    for index in 0..<gradient.count {
      let size = abs(Double(gradient.pointer[index]))
      switch normType {
      case .infinity: total = size.isNaN || size > total ? size : total
      case 1: total += size
      case 2: total += size * size
      default: total += pow(size, normType)
      }
    }
    switch normType {
    case .infinity, 1: return total
    case 2: return total.squareRoot()
    default: return pow(total, 1 / normType)
    }
  }
}
