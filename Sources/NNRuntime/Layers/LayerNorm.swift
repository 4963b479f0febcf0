import NNShapes

/// The last dimensions brought to mean 0 and variance 1, PyTorch's `LayerNorm`, or divided by their root mean
/// square, `RMSNorm`; see ``Tape/rowNorm(_:weight:bias:rows:isCentered:eps:weightStride:weightCount:observe:)``.
///
/// Parameters: `weight` and `bias` of the normalised shape, 1 and 0 at first.
public final class LayerNorm: Layer {
  public let shape: Shape
  public let eps: Float
  /// False for RMSNorm.
  public let isCentered: Bool
  public let weight: Parameter?
  public let bias: Parameter?

  public init(_ shape: Shape, eps: Float, affine: Bool, bias: Bool, isCentered: Bool) {
    self.shape = shape
    self.eps = eps
    self.isCentered = isCentered
    weight = affine ? Parameter(shape) : nil
    weight?.value.setValues([Float](repeating: 1, count: shape.elementCount))
    self.bias = bias ? Parameter(shape) : nil
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    let length = shape.elementCount
    return tape.rowNorm(
      input, weight: weight.map { tape.variable($0) }, bias: bias.map { tape.variable($0) },
      rows: tape.shape(input).elementCount / length, isCentered: isCentered, eps: eps, weightStride: 1,
      weightCount: length)
  }

  public var ownParameters: [NamedParameter] {
    (weight.map { [NamedParameter(name: "weight", $0)] } ?? [])
      + (bias.map { [NamedParameter(name: "bias", $0)] } ?? [])
  }
}

/// Groups of channels brought to mean 0 and variance 1, PyTorch's `GroupNorm`; see
/// ``Tape/rowNorm(_:weight:bias:rows:isCentered:eps:weightStride:weightCount:observe:)``.
///
/// Input (N, C, …). Parameters: `weight` and `bias` (C), 1 and 0 at first.
public final class GroupNorm: Layer {
  public let groups: Int
  public let norm: NormParameters
  public let eps: Float

  public init(groups: Int, _ norm: NormParameters, eps: Float) {
    self.groups = groups
    self.norm = norm
    self.eps = eps
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    let shape = tape.shape(input)
    return tape.rowNorm(
      input, weight: norm.weight.map { tape.variable($0) }, bias: norm.bias.map { tape.variable($0) },
      rows: shape[0] * groups, isCentered: true, eps: eps,
      weightStride: shape.elementCount(from: 2, to: shape.rank),
      weightCount: shape[1])
  }

  public var ownParameters: [NamedParameter] { norm.parameters }
}

/// Values divided by those of the channels beside them, PyTorch's `LocalResponseNorm`; see
/// ``Tape/localResponseNorm(_:size:alpha:beta:k:)``.
public final class LocalResponseNorm: Layer {
  public let size: Int
  public let alpha: Float
  public let beta: Float
  public let k: Float

  public init(size: Int, alpha: Float, beta: Float, k: Float) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.localResponseNorm(input, size: size, alpha: alpha, beta: beta, k: k)
  }
}
