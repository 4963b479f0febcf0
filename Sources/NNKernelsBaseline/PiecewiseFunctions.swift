import NNKernelInterface

// Activations of straight pieces. At a kink and at NaN the derivative is that of PyTorch's scalar code
// (aten/src/ATen/native/cpu/Activation.cpp; its vector code differs at NaN). Comparisons with NaN are false.

@inline(__always)
private func magnitude(_ x: Vector) -> Vector { x.replacing(with: -x, where: x .< splat(0)) }

/// x, but at least `low` and at most `high`.
@inline(__always)
private func clamped(_ x: Vector, _ low: Float, _ high: Float) -> Vector {
  let raised = x.replacing(with: splat(low), where: x .< splat(low))
  return raised.replacing(with: splat(high), where: raised .> splat(high))
}

/// x for x > 0, else slope · x.
struct LeakyReLU: VectorFunction {
  let slope: Float

  @inline(__always)
  func value(_ x: Vector) -> Vector { (splat(slope) * x).replacing(with: x, where: x .> splat(0)) }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    (splat(slope) * dy).replacing(with: dy, where: x .> splat(0))
  }
}

/// min(max(x, low), high). The derivative is 0 at both ends.
struct Hardtanh: VectorFunction {
  let low: Float
  let high: Float

  @inline(__always)
  func value(_ x: Vector) -> Vector { clamped(x, low, high) }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    dy.replacing(with: splat(0), where: (x .<= splat(low)) .| (x .>= splat(high)))
  }
}

/// x · min(max(x + 3, 0), 6) / 6.
struct Hardswish: VectorFunction {
  @inline(__always)
  func value(_ x: Vector) -> Vector { x * clamped(x + splat(3), 0, 6) * splat(1 / 6) }

  /// 0 up to -3, x/3 + 1/2 between, 1 from 3.
  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    let middle = multiplyAdd(x, splat(1 / 3), splat(0.5)) * dy
    let right = dy.replacing(with: middle, where: x .< splat(3))
    return right.replacing(with: splat(0), where: x .<= splat(-3))
  }
}

/// min(max(x + 3, 0), 6) / 6.
struct Hardsigmoid: VectorFunction {
  @inline(__always)
  func value(_ x: Vector) -> Vector { clamped(x + splat(3), 0, 6) * splat(1 / 6) }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    splat(0).replacing(with: dy * splat(1 / 6), where: (x .> splat(-3)) .& (x .< splat(3)))
  }
}

/// 0 for |x| ≤ lambda, else x.
struct Hardshrink: VectorFunction {
  let lambda: Float

  @inline(__always)
  func value(_ x: Vector) -> Vector { x.replacing(with: splat(0), where: magnitude(x) .<= splat(lambda)) }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    dy.replacing(with: splat(0), where: magnitude(x) .<= splat(lambda))
  }
}

/// x - lambda above lambda, x + lambda below -lambda, else 0.
struct Softshrink: VectorFunction {
  let lambda: Float

  @inline(__always)
  func value(_ x: Vector) -> Vector {
    // 0 · x, so that NaN stays.
    let above = (x * splat(0)).replacing(with: x - splat(lambda), where: x .> splat(lambda))
    return above.replacing(with: x + splat(lambda), where: x .< splat(-lambda))
  }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    dy.replacing(with: splat(0), where: magnitude(x) .<= splat(lambda))
  }
}

/// x for x > threshold, else the replacement.
struct Threshold: VectorFunction {
  let threshold: Float
  let replacement: Float

  @inline(__always)
  func value(_ x: Vector) -> Vector { x.replacing(with: splat(replacement), where: x .<= splat(threshold)) }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    dy.replacing(with: splat(0), where: x .<= splat(threshold))
  }
}

/// x / (1 + |x|), with the derivative 1 / (1 + |x|)².
struct Softsign: VectorFunction {
  @inline(__always)
  func value(_ x: Vector) -> Vector { x / (splat(1) + magnitude(x)) }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    let divisor = splat(1) + magnitude(x)
    return dy / (divisor * divisor)
  }
}
