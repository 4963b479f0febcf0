import NNKernelInterface

// Activations made of the exponential.

/// log(1 + y) for 0 ≤ y ≤ 1, within 2 units in the last place.
///
/// log(1 + y) = 2 · artanh(s) with s = y / (2 + y) ≤ 1/3, by artanh's series.
@inline(__always)
private func logOnePlus(_ y: Vector) -> Vector {
  let s = y / (splat(2) + y)
  let z = s * s
  var p = splat(2 / 13)
  p = multiplyAdd(p, z, splat(2 / 11))
  p = multiplyAdd(p, z, splat(2 / 9))
  p = multiplyAdd(p, z, splat(2 / 7))
  p = multiplyAdd(p, z, splat(2 / 5))
  p = multiplyAdd(p, z, splat(2 / 3))
  return multiplyAdd(p * z, s, s + s)
}

/// log(1 + exp(x)), without overflow.
@inline(__always)
private func logOnePlusExponential(_ x: Vector) -> Vector {
  let below = x .< splat(0)
  let positive = x.replacing(with: splat(0), where: below)
  return positive + logOnePlus(exponential((-x).replacing(with: x, where: below)))
}

/// outer · x for x > 0, else negative · (exp(inner · x) - 1): ELU, CELU and SELU.
struct ExponentialLinear: VectorFunction {
  let negative: Float
  let outer: Float
  let inner: Float

  @inline(__always)
  func value(_ x: Vector) -> Vector {
    let below = splat(negative) * exponentialMinusOne(splat(inner) * x)
    return below.replacing(with: splat(outer) * x, where: x .> splat(0))
  }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    let below = dy * splat(negative * inner) * exponential(splat(inner) * x)
    return (splat(outer) * dy).replacing(with: below, where: x .<= splat(0))
  }
}

/// x · Φ(x) with the derivative Φ(x) + x · φ(x); Φ and φ are the normal distribution and its density.
struct GELU: VectorFunction {
  @inline(__always)
  func value(_ x: Vector) -> Vector { x * distribution(x, exponential(splat(-0.5) * x * x)) }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    let e = exponential(splat(-0.5) * x * x)
    return dy * multiplyAdd(x * splat(0.398_942_280), e, distribution(x, e))
  }

  /// Φ(x) = erfc(-x/√2) / 2, where e = exp(-x²/2).
  ///
  /// For z = |x|/√2, erfc(z) = t · p(t) · exp(-z²) with t = 1 / (1 + z/2) and p of degree 8, fitted to
  /// erfc for z ≤ 7 with a largest relative error of 3.5e-8.
  @inline(__always)
  private func distribution(_ x: Vector, _ e: Vector) -> Vector {
    let below = x .< splat(0)
    let magnitude = x.replacing(with: -x, where: below)
    let t = splat(1) / multiplyAdd(magnitude, splat(0.353_553_391), splat(1))
    var p = splat(-0.056_393_571_2)
    p = multiplyAdd(p, t, splat(0.271_275_133))
    p = multiplyAdd(p, t, splat(-0.459_055_067))
    p = multiplyAdd(p, t, splat(0.245_036_185))
    p = multiplyAdd(p, t, splat(-0.003_175_228_6))
    p = multiplyAdd(p, t, splat(0.192_402_84))
    p = multiplyAdd(p, t, splat(0.245_816_737))
    p = multiplyAdd(p, t, splat(0.281_982_69))
    p = multiplyAdd(p, t, splat(0.282_110_244))
    let tail = splat(0.5) * t * p * e
    return (splat(1) - tail).replacing(with: tail, where: below)
  }
}

/// x · (1 + tanh u) / 2 with u = √(2/π) · (x + 0.044715 · x³): the approximation of GELU.
struct GELUTanh: VectorFunction {
  @inline(__always)
  func value(_ x: Vector) -> Vector {
    splat(0.5) * x * (splat(1) + hyperbolicTangent(argument(x)))
  }

  /// (1 + tanh u) / 2 + x · (1 - tanh² u) · u' / 2.
  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    let t = hyperbolicTangent(argument(x))
    let slope = multiplyAdd(splat(3 * 0.044715) * x, x, splat(1)) * splat(0.797_884_561)
    return dy * splat(0.5) * multiplyAdd(x * (splat(1) - t * t), slope, splat(1) + t)
  }

  @inline(__always)
  private func argument(_ x: Vector) -> Vector {
    splat(0.797_884_561) * multiplyAdd(splat(0.044715) * x * x, x, x)
  }
}

/// x · s with s = 1 / (1 + exp(-x)), and the derivative s · (1 + x · (1 - s)).
struct SiLU: VectorFunction {
  @inline(__always)
  func value(_ x: Vector) -> Vector { x * logistic(x) }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    let s = logistic(x)
    return dy * s * multiplyAdd(x, splat(1) - s, splat(1))
  }
}

/// x · tanh(log(1 + exp(x))).
///
/// With w = exp(x) and n = w² + 2w the hyperbolic tangent is n / (n + 2), and its derivative
/// 4w · (1 + w) / (n + 2)². Above 20 they are 1 and 0 in float32.
struct Mish: VectorFunction {
  private static let saturation: Float = 20

  @inline(__always)
  func value(_ x: Vector) -> Vector {
    let w = exponential(x.replacing(with: splat(Mish.saturation), where: x .> splat(Mish.saturation)))
    let n = w * (w + splat(2))
    return x * (n / (n + splat(2)))
  }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    let isLarge = x .> splat(Mish.saturation)
    let w = exponential(x.replacing(with: splat(Mish.saturation), where: isLarge))
    let n = w * (w + splat(2))
    let inverse = splat(1) / (n + splat(2))
    let slope = splat(4) * w * (splat(1) + w) * inverse * inverse
    return dy * multiplyAdd(x, slope.replacing(with: splat(0), where: isLarge), n * inverse)
  }
}

/// log(1 + exp(beta · x)) / beta; x where beta · x is above the threshold.
struct Softplus: VectorFunction {
  let beta: Float
  let threshold: Float

  @inline(__always)
  func value(_ x: Vector) -> Vector {
    let scaled = splat(beta) * x
    let curve = logOnePlusExponential(scaled) / splat(beta)
    return curve.replacing(with: x, where: scaled .> splat(threshold))
  }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    let scaled = splat(beta) * x
    return (dy * logistic(scaled)).replacing(with: dy, where: scaled .> splat(threshold))
  }
}

/// -log(1 + exp(-x)).
struct LogSigmoid: VectorFunction {
  @inline(__always)
  func value(_ x: Vector) -> Vector { -logOnePlusExponential(-x) }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector { dy * logistic(-x) }
}

/// x - tanh(x), with the derivative tanh²(x).
struct Tanhshrink: VectorFunction {
  @inline(__always)
  func value(_ x: Vector) -> Vector { x - hyperbolicTangent(x) }

  @inline(__always)
  func gradient(_ x: Vector, _ dy: Vector) -> Vector {
    let t = hyperbolicTangent(x)
    return dy * t * t
  }
}
