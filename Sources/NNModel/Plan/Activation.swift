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
