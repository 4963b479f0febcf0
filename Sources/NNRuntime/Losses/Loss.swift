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

/// A target that does not suit the input: data is at fault, not the program.
public enum TargetError: Error, Equatable, CustomStringConvertible {
  /// Element `index`, counted in the target's own order, is no class of 0 ..< `classCount`.
  case classOutOfRange(index: Int, value: Int64, classCount: Int)
  /// The target's shape is not one that this loss takes with this input.
  case shape(input: Shape, target: Shape, expected: Shape)
  /// Numbers where the loss takes class labels of shape `expected`.
  case needsClasses(expected: Shape)
  /// Class labels where the loss takes numbers of shape `expected`.
  case needsValues(expected: Shape)
  /// `ignore_index` names a class, and the target has none.
  case ignoreIndexWithProbabilities(Int)

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
    case .ignoreIndexWithProbabilities(let index):
      "ignore_index=\(index) has no meaning for targets that are class probabilities"
    }
  }
}
