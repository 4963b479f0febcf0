/// A function of one number that is applied to each element of a tensor: an activation.
///
/// What it computes, and its derivative, is in the kernel build's structure of the same name; the values
/// at a kink are PyTorch's (`aten/src/ATen/native/cpu/Activation.cpp`), and NaN stays NaN.
public enum ElementwiseFunction: Sendable {
  /// x for x > 0, else slope · x.
  case leakyReLU(slope: Float)
  /// x, but at least `low` and at most `high`.
  case hardtanh(low: Float, high: Float)
  /// outer · x for x > 0, else negative · (exp(inner · x) - 1).
  case exponentialLinear(negative: Float, outer: Float, inner: Float)
  /// x · Φ(x), Φ the normal distribution function.
  case gelu
  /// x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2.
  case geluTanh
  /// x / (1 + exp(-x)).
  case silu
  /// x · tanh(log(1 + exp(x))).
  case mish
  /// log(1 + exp(beta · x)) / beta; x where beta · x > threshold.
  case softplus(beta: Float, threshold: Float)
  /// x / (1 + |x|).
  case softsign
  /// -log(1 + exp(-x)).
  case logSigmoid
  /// x · min(max(x + 3, 0), 6) / 6.
  case hardswish
  /// min(max(x + 3, 0), 6) / 6.
  case hardsigmoid
  /// 0 for |x| ≤ lambda, else x.
  case hardshrink(lambda: Float)
  /// x brought nearer to 0 by lambda, 0 for |x| ≤ lambda.
  case softshrink(lambda: Float)
  /// x - tanh(x).
  case tanhshrink
  /// x for x > threshold, else value.
  case threshold(Float, value: Float)
}

extension ElementwiseFunction {
  /// PyTorch's `ReLU6`: x, but at least 0 and at most 6.
  public static let relu6 = ElementwiseFunction.hardtanh(low: 0, high: 6)

  /// PyTorch's `ELU`: x for x > 0, else alpha · (exp(x) - 1).
  public static func elu(alpha: Float) -> ElementwiseFunction {
    .exponentialLinear(negative: alpha, outer: 1, inner: 1)
  }

  /// PyTorch's `CELU`: x for x > 0, else alpha · (exp(x / alpha) - 1).
  public static func celu(alpha: Float) -> ElementwiseFunction {
    .exponentialLinear(negative: alpha, outer: 1, inner: 1 / alpha)
  }

  /// PyTorch's `SELU`: an ELU and a scale that keep mean 0 and variance 1 (Klambauer et al. 2017).
  public static let selu: ElementwiseFunction = {
    let (alpha, scale) = (1.673_263_242_354_377_2, 1.050_700_987_355_480_5)
    return .exponentialLinear(negative: Float(alpha * scale), outer: Float(scale), inner: 1)
  }()
}
