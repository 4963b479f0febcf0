/// `init=` of a layer: how its weight is drawn, by the functions of `torch.nn.init`.
public enum WeightInitialization: Hashable, Sendable {
  public enum FanMode: String, Hashable, Sendable, CaseIterable {
    case fanIn = "fan_in"
    case fanOut = "fan_out"
  }

  /// U(a, b).
  case uniform(a: Double, b: Double)
  /// N(mean, std²).
  case normal(mean: Double, std: Double)
  /// N(mean, std²) between a and b.
  case truncNormal(mean: Double, std: Double, a: Double, b: Double)
  case constant(Double)
  /// The identity, of a matrix.
  case eye
  /// The identity, of a convolution.
  case dirac(groups: Int)
  /// U(-b, b) with b = gain · √(6 / (fan_in + fan_out)).
  case xavierUniform(gain: Double)
  /// N(0, s²) with s = gain · √(2 / (fan_in + fan_out)).
  case xavierNormal(gain: Double)
  /// U(-b, b) with b = gain · √(3 / fan).
  case kaimingUniform(gain: Double, mode: FanMode)
  /// N(0, s²) with s = gain / √fan.
  case kaimingNormal(gain: Double, mode: FanMode)
}

extension WeightInitialization: CustomStringConvertible {
  /// The name in `torch.nn.init`, without the underscore that marks its work in place.
  public var description: String {
    switch self {
    case .uniform: "uniform"
    case .normal: "normal"
    case .truncNormal: "trunc_normal"
    case .constant: "constant"
    case .eye: "eye"
    case .dirac: "dirac"
    case .xavierUniform: "xavier_uniform"
    case .xavierNormal: "xavier_normal"
    case .kaimingUniform: "kaiming_uniform"
    case .kaimingNormal: "kaiming_normal"
    }
  }
}
