/// A function of one number that a layer applies to each element, PyTorch's names and arguments.
///
/// Exhaustive: the trainer's builder switches over it.
public enum Activation: Hashable, Sendable {
  case relu
  case sigmoid
  case tanh
  case leakyReLU(negativeSlope: Double)
  case relu6
  case hardtanh(minVal: Double, maxVal: Double)
  case elu(alpha: Double)
  case celu(alpha: Double)
  case selu
  /// `isTanh`: `approximate='tanh'`.
  case gelu(isTanh: Bool)
  case silu
  case mish
  case softplus(beta: Double, threshold: Double)
  case softsign
  case logSigmoid
  case hardswish
  case hardsigmoid
  case hardshrink(lambd: Double)
  case softshrink(lambd: Double)
  case tanhshrink
  case threshold(threshold: Double, value: Double)
}

extension Activation: CustomStringConvertible {
  /// As a model file has it, every argument written.
  public var description: String {
    switch self {
    case .relu: "ReLU()"
    case .sigmoid: "Sigmoid()"
    case .tanh: "Tanh()"
    case .leakyReLU(let slope): "LeakyReLU(negative_slope=\(slope))"
    case .relu6: "ReLU6()"
    case .hardtanh(let low, let high): "Hardtanh(min_val=\(low), max_val=\(high))"
    case .elu(let alpha): "ELU(alpha=\(alpha))"
    case .celu(let alpha): "CELU(alpha=\(alpha))"
    case .selu: "SELU()"
    case .gelu(let isTanh): "GELU(approximate=\(isTanh ? "tanh" : "none"))"
    case .silu: "SiLU()"
    case .mish: "Mish()"
    case .softplus(let beta, let threshold): "Softplus(beta=\(beta), threshold=\(threshold))"
    case .softsign: "Softsign()"
    case .logSigmoid: "LogSigmoid()"
    case .hardswish: "Hardswish()"
    case .hardsigmoid: "Hardsigmoid()"
    case .hardshrink(let lambd): "Hardshrink(lambd=\(lambd))"
    case .softshrink(let lambd): "Softshrink(lambd=\(lambd))"
    case .tanhshrink: "Tanhshrink()"
    case .threshold(let threshold, let value): "Threshold(threshold=\(threshold), value=\(value))"
    }
  }
}
