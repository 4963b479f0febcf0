import NNShapes

/// How a loss puts the values of its elements together, as PyTorch's `reduction`.
public enum Reduction: Sendable {
  case none
  case mean
  case sum
}

/// What a loss compares the output with.
public enum Target {
  /// Class labels.
  case classes(IndexTensor)
  /// Numbers: the targets of a regression, or probabilities of classes. Contiguous.
  case values(Tensor)

  public var shape: Shape {
    switch self {
    case .classes(let labels): labels.shape
    case .values(let tensor): tensor.shape
    }
  }
}

/// A loss function.
public protocol Loss {
  /// The loss of `input` against `target`: a scalar, or a value an element where the reduction is
  /// `none`. The memory of `target` must not change before the backward pass. Throws where the target
  /// does not suit the input.
  func forward(_ input: Variable, _ target: Target, _ tape: Tape) throws(TargetError) -> Variable
}

/// A loss that compares numbers with numbers.
public protocol ValueLoss: Loss {
  /// The same with a target on the tape, which gets a gradient where it wants one.
  func forward(
    _ input: Variable, against target: Variable, _ tape: Tape
  ) throws(TargetError) -> Variable
}

extension ValueLoss {
  public func forward(
    _ input: Variable, _ target: Target, _ tape: Tape
  ) throws(TargetError) -> Variable {
    guard case .values(let values) = target else {
      throw .needsValues(expected: tape.shape(input))
    }
    return try forward(input, against: tape.variable(values), tape)
  }
}

/// A target that does not suit the input, or an output that does not suit the loss: data is at fault, not the
/// program.
public enum TargetError: Error, Equatable, CustomStringConvertible {
  /// Element `index`, counted in the target's own order, is no class of 0 ..< `classCount`.
  case classOutOfRange(index: Int, value: Int64, classCount: Int)
  /// The target's shape is not one that this loss takes with this input.
  case shape(input: Shape, target: Shape, expected: Shape)
  /// Numbers where the loss takes class labels of shape `expected`.
  case needsClasses(expected: Shape)
  /// Class labels where the loss takes numbers of shape `expected`.
  case needsValues(expected: Shape)
  /// A number of the output, or of the target, that is no probability: its place in contiguous order.
  case noProbability(isOutput: Bool, index: Int, value: Float)
  /// The weights of a loss, one a class, are not as many as the classes.
  case classWeights(count: Int, classCount: Int)
  /// The argument `name` of a loss cannot be repeated to the shape of the input.
  case weight(name: String, shape: Shape, input: Shape)
  /// A mean over the batch of a single number.
  case noBatch
  /// `ignore_index` names a class, and the target has none.
  case ignoreIndexWithProbabilities(Int)

  /// Whether the target is at fault, and not the output or the arguments of the loss.
  public var isOfTarget: Bool {
    switch self {
    case .noProbability(isOutput: true, _, _), .classWeights, .weight, .noBatch,
      .ignoreIndexWithProbabilities:
      false
    default: true
    }
  }

  public var description: String {
    switch self {
    case .classOutOfRange(let index, let value, let classCount):
      "target \(index) is class \(value), but there are classes 0 to \(classCount - 1) only"
    case .shape(let input, let target, let expected):
      "an output of shape \(input) needs a target of shape \(expected), not \(target)"
    case .needsClasses(let expected):
      "the loss takes class labels (whole numbers) of shape \(expected), not floating-point values"
    case .needsValues(let expected):
      "the loss takes floating-point values of shape \(expected), not class labels"
    case .noProbability(let isOutput, let index, let value):
      "element \(index) of the \(isOutput ? "output" : "target") is \(value), and the loss takes probabilities, 0 to 1"
    case .classWeights(let count, let classCount):
      "`weight` of the loss has \(count) numbers, one for each class, and the output has \(classCount) classes"
    case .weight(let name, let shape, let input):
      "`\(name)` of the loss has shape \(shape), which cannot be repeated to the output's \(input)"
    case .noBatch: "reduction='batchmean' divides by the batch, and the output is a single number"
    case .ignoreIndexWithProbabilities(let index):
      "ignore_index=\(index) has no meaning for targets that are class probabilities"
    }
  }
}
