import NNKernelInterface

/// eˣ for each lane, within 2 units in the last place; 0 and ∞ beyond the range, NaN for NaN.
///
/// Cody and Waite's reduction x = n·ln 2 + r, |r| ≤ ln 2 / 2, with a polynomial for eʳ (coefficients:
/// S. Moshier, Cephes, `expf`). 2ⁿ is applied in two halves so that both ends of the range, the
/// subnormal numbers included, need no special case.
@inline(__always)
func exponential(_ argument: Vector) -> Vector {
  let highest = Vector(repeating: 90)
  let lowest = Vector(repeating: -105)
  var x = argument.replacing(with: highest, where: argument .> highest)
  x = x.replacing(with: lowest, where: x .< lowest)

  // Adding 1.5·2²³ leaves the rounded integer in the low bits of the sum.
  let magic = Vector(repeating: 12_582_912)
  let shifted = multiplyAdd(x, Vector(repeating: 1.442_695_04), magic)
  let n = shifted - magic
  let exponent = unsafeBitCast(shifted, to: IntVector.self) &- unsafeBitCast(magic, to: IntVector.self)
  var r = multiplyAdd(n, Vector(repeating: -0.693_359_375), x)
  r = multiplyAdd(n, Vector(repeating: 2.121_944_4e-4), r)

  var p = Vector(repeating: 1.987_569_15e-4)
  p = multiplyAdd(p, r, Vector(repeating: 1.398_199_95e-3))
  p = multiplyAdd(p, r, Vector(repeating: 8.333_451_9e-3))
  p = multiplyAdd(p, r, Vector(repeating: 4.166_579_6e-2))
  p = multiplyAdd(p, r, Vector(repeating: 1.666_666_55e-1))
  p = multiplyAdd(p, r, Vector(repeating: 5.000_000_12e-1))
  p = multiplyAdd(p, r * r, r + Vector(repeating: 1))

  let half = exponent &>> IntVector(repeating: 1)
  return p * powerOfTwo(half) * powerOfTwo(exponent &- half)
}

/// eˣ - 1 for each lane, 0 ... -∞: without cancellation near 0, and -1 for small ones.
@inline(__always)
func exponentialMinusOne(_ x: Vector) -> Vector {
  let one = Vector(repeating: 1)
  let z = x * x
  // Taylor's series below 0.25: the next term is below 1 unit in the last place.
  var p = Vector(repeating: 1 / 720)
  p = multiplyAdd(p, x, Vector(repeating: 1 / 120))
  p = multiplyAdd(p, x, Vector(repeating: 1 / 24))
  p = multiplyAdd(p, x, Vector(repeating: 1 / 6))
  p = multiplyAdd(p, x, Vector(repeating: 1 / 2))
  let small = multiplyAdd(p, z, x)
  return (exponential(x) - one).replacing(with: small, where: z .< Vector(repeating: 0.0625))
}

/// 2ᵏ for -126 ≤ k ≤ 127.
@inline(__always)
private func powerOfTwo(_ exponent: IntVector) -> Vector {
  let biased = (exponent &+ IntVector(repeating: 127)) &<< IntVector(repeating: 23)
  return unsafeBitCast(biased, to: Vector.self)
}

/// 1 / (1 + e⁻ˣ) for each lane.
@inline(__always)
func logistic(_ x: Vector) -> Vector {
  let one = Vector(repeating: 1)
  return one / (one + exponential(-x))
}

/// tanh x for each lane, within 3 units in the last place: an odd polynomial below 0.625 (Cephes,
/// `tanhf`), 1 - 2 / (e²ˣ + 1) above.
@inline(__always)
func hyperbolicTangent(_ x: Vector) -> Vector {
  let one = Vector(repeating: 1)
  let magnitude = x.replacing(with: -x, where: x .< Vector(repeating: 0))
  let large = one - Vector(repeating: 2) / (exponential(magnitude + magnitude) + one)
  let signed = large.replacing(with: -large, where: x .< Vector(repeating: 0))

  let z = x * x
  var p = Vector(repeating: -5.704_988_73e-3)
  p = multiplyAdd(p, z, Vector(repeating: 2.063_908_88e-2))
  p = multiplyAdd(p, z, Vector(repeating: -5.373_971_56e-2))
  p = multiplyAdd(p, z, Vector(repeating: 1.333_144_22e-1))
  p = multiplyAdd(p, z, Vector(repeating: -3.333_328_19e-1))
  let small = multiplyAdd(p * z, x, x)
  return signed.replacing(with: small, where: magnitude .< Vector(repeating: 0.625))
}

extension VectorKernels {
  public static func sigmoid(
    count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index + lanes <= count {
      store(logistic(load(input + index)), to: output + index)
      index += lanes
    }
    if index < count {
      store(logistic(load(input + index, count: count - index)), to: output + index, count: count - index)
    }
  }

  public static func tanh(
    count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index + lanes <= count {
      store(hyperbolicTangent(load(input + index)), to: output + index)
      index += lanes
    }
    if index < count {
      let rest = count - index
      store(hyperbolicTangent(load(input + index, count: rest)), to: output + index, count: rest)
    }
  }
}
