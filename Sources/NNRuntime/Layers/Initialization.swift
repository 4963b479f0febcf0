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

  /// As `trunc_normal_`: normal values, those outside drawn again with all the others; or where less than
  /// 30 % fall inside, uniform values, kept with a probability that goes with the density. Traps where next
  /// to none would be kept.
  private func fillTruncatedNormal(
    _ mean: Double, _ deviation: Double, _ a: Double, _ b: Double, _ generator: Generator
  ) {
    let share = TruncatedNormal(mean: mean, deviation: deviation, a: a, b: b)
    precondition(a < b && share.accepted > 1e-4, "trunc_normal: next to nothing lies between \(a) and \(b)")
    let (low, high) = (Float(a), Float(b))
    if share.inside > 0.3 {
      fillNormal(mean: mean, deviation: deviation, generator)
      var values = value.values
      while values.contains(where: { $0 < low || $0 > high }) {
        let fresh = generator.randn(value.count).map { Float(mean) + Float(deviation) * $0 }
        for index in values.indices where values[index] < low || values[index] > high {
          values[index] = fresh[index]
        }
      }
      value.setValues(values)
      return
    }
    var values = [Float](repeating: 0, count: value.count)
    var pending = [Bool](repeating: true, count: value.count)
    while pending.contains(true) {
      let candidates = values.map { _ in generator.uniform(low, high) }
      let chances = values.map { _ in logf(generator.uniform()) }
      for index in values.indices where pending[index] {
        values[index] = candidates[index]
        pending[index] = chances[index] > share.logDensity(candidates[index])
      }
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
