import NNShapes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// PyTorch's default initialisation of layers with a weight and a bias, weight first, bit for bit.
/// Source: `torch/nn/modules/conv.py`, `linear.py`, `torch/nn/init.py`.
enum Initialization {
  /// `kaiming_uniform_(a=√5)` for the weight, U(-1/√fan_in, 1/√fan_in) for the bias, where fan_in is
  /// the number of products in one output value. A weight or bias without elements draws nothing.
  static func kaimingUniform(weight: Parameter, bias: Parameter?, fanIn: Int, _ generator: Generator) {
    guard fanIn > 0 else { return }
    let slope = 5.0.squareRoot()
    let gain = (2 / (1 + slope * slope)).squareRoot()
    let bound = 3.0.squareRoot() * (gain / Double(fanIn).squareRoot())
    weight.fillUniform(Float(-bound), Float(bound), generator)
    let biasBound = 1 / Double(fanIn).squareRoot()
    bias?.fillUniform(Float(-biasBound), Float(biasBound), generator)
  }
}

/// Where the values of a parameter come from.
public enum ParameterDistribution: Sendable {
  /// U(a, b).
  case uniform(Double, Double)
  /// N(mean, deviation²).
  case normal(Double, Double)
  /// N(mean, deviation²) between a and b.
  case truncatedNormal(Double, Double, Double, Double)
  case constant(Double)
  /// 1 where the output is the input of the same number within its group, in the middle of a kernel; else 0.
  case identity(groups: Int)
}

extension Parameter {
  /// The second dimension times those of the kernel; 1 for a vector.
  public var fanIn: Int { shape.rank < 2 ? 1 : shape.elementCount(from: 1, to: shape.rank) }

  /// The first dimension times those of the kernel.
  public var fanOut: Int {
    shape.rank < 2 ? shape.elementCount : shape[0] * shape.elementCount(from: 2, to: shape.rank)
  }

  /// Sets all values as `torch.nn.init` does, drawing in PyTorch's order of elements.
  public func initialize(_ distribution: ParameterDistribution, _ generator: Generator) {
    switch distribution {
    case .uniform(let a, let b): fillUniform(Float(a), Float(b), generator)
    case .normal(let mean, let deviation): fillNormal(mean: mean, deviation: deviation, generator)
    case .truncatedNormal(let mean, let deviation, let a, let b):
      fillTruncatedNormal(mean, deviation, a, b, generator)
    case .constant(let number): value.setValues([Float](repeating: Float(number), count: value.count))
    case .identity(let groups): fillIdentity(groups)
    }
  }

  /// By the inverse of the distribution function, as `trunc_normal_`.
  private func fillTruncatedNormal(
    _ mean: Double, _ deviation: Double, _ a: Double, _ b: Double, _ generator: Generator
  ) {
    func distribution(_ x: Double) -> Double { (1 + erf(x / 2.0.squareRoot())) / 2 }
    let lower = distribution((a - mean) / deviation)
    let upper = distribution((b - mean) / deviation)
    fillUniform(Float(2 * lower - 1), Float(2 * upper - 1), generator)
    var values = value.values
    for index in values.indices {
      let normal =
        Float(inverseErf(Double(values[index]))) * Float(deviation * 2.0.squareRoot()) + Float(mean)
      values[index] = min(max(normal, Float(a)), Float(b))
    }
    value.setValues(values)
  }

  private func fillIdentity(_ groups: Int) {
    var values = [Float](repeating: 0, count: value.count)
    let kernel = shape.rank > 2 ? shape.elementCount(from: 2, to: shape.rank) : 1
    var middle = 0
    for index in 2..<max(2, shape.rank) { middle = middle * shape[index] + shape[index] / 2 }
    let outputs = shape[0] / max(groups, 1)
    for group in 0..<groups {
      for channel in 0..<min(outputs, shape[1]) {
        values[((group * outputs + channel) * shape[1] + channel) * kernel + middle] = 1
      }
    }
    value.setValues(values)
  }
}

/// x with erf(x) = y: a rational start (M. Giles, "Approximating the erfinv function", 2010), then two Newton
/// steps in double precision.
func inverseErf(_ y: Double) -> Double {
  if y <= -1 { return -.infinity }
  if y >= 1 { return .infinity }
  let w = -log((1 - y) * (1 + y))
  var x: Double
  if w < 5 {
    let v = w - 2.5
    x =
      ((((((((2.81022636e-08 * v + 3.43273939e-07) * v - 3.5233877e-06) * v - 4.39150654e-06) * v
        + 0.00021858087) * v - 0.00125372503) * v - 0.00417768164) * v + 0.246640727) * v + 1.50140941) * y
  } else {
    let v = w.squareRoot() - 3
    x =
      ((((((((-0.000200214257 * v + 0.000100950558) * v + 0.00134934322) * v - 0.00367342844) * v
        + 0.00573950773) * v - 0.0076224613) * v + 0.00943887047) * v + 1.00167406) * v + 2.83297682) * y
  }
  for _ in 0..<2 { x -= (erf(x) - y) / (2 / Double.pi.squareRoot() * exp(-x * x)) }
  return x
}
