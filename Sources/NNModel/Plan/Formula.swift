import NNSyntax

/// What a layer of the file's own computes of each element of its input.
public indirect enum Formula: Hashable, Sendable {
  /// The element.
  case input
  case constant(Double)
  /// A parameter of the layer, by its place; none is left where the layer is used.
  case parameter(Int)
  case negated(Formula)
  case operation(BinaryOperator, Formula, Formula)
  case function(Function, [Formula])

  /// The functions that a formula may call.
  public enum Function: String, CaseIterable, Hashable, Sendable {
    case relu, sigmoid, tanh, softplus
    case exp, log, sqrt, sin, cos
    case abs, sign, floor
    case min, max, pow
    /// clamp(x, smallest, largest)
    case clamp

    public var arity: Int {
      switch self {
      case .relu, .sigmoid, .tanh, .softplus, .exp, .log, .sqrt, .sin, .cos, .abs, .sign, .floor: 1
      case .min, .max, .pow: 2
      case .clamp: 3
      }
    }
  }

  /// True where the element has a part in it.
  var usesInput: Bool {
    switch self {
    case .input: true
    case .constant, .parameter: false
    case .negated(let operand): operand.usesInput
    case .operation(_, let a, let b): a.usesInput || b.usesInput
    case .function(_, let operands): operands.contains(where: \.usesInput)
    }
  }

  /// The number of its parts.
  var size: Int {
    switch self {
    case .input, .constant, .parameter: 1
    case .negated(let operand): 1 + operand.size
    case .operation(_, let a, let b): 1 + a.size + b.size
    case .function(_, let operands): operands.reduce(1) { $0 + $1.size }
    }
  }

  /// The same with a formula for each parameter, and `input` for the element.
  func replacing(parameters: [Formula], input: Formula = .input) -> Formula {
    func replaced(_ formula: Formula) -> Formula { formula.replacing(parameters: parameters, input: input) }
    switch self {
    case .input: return input
    case .constant: return self
    case .parameter(let index): return parameters[index]
    case .negated(let operand): return .negated(replaced(operand))
    case .operation(let sign, let a, let b): return .operation(sign, replaced(a), replaced(b))
    case .function(let function, let operands): return .function(function, operands.map(replaced))
    }
  }
}

extension Formula: CustomStringConvertible {
  /// With all its brackets: `(x * 2.0)`.
  public var description: String {
    switch self {
    case .input: "x"
    case .constant(let number): numberText(number)
    case .parameter(let index): "parameter \(index)"
    case .negated(let operand): "(-\(operand))"
    case .operation(let sign, let a, let b): "(\(a) \(sign.rawValue) \(b))"
    case .function(let function, let operands):
      "\(function.rawValue)(\(operands.map(\.description).joined(separator: ", ")))"
    }
  }
}

/// A layer of the file's own where it is used.
public struct FormulaConfiguration: Hashable, Sendable {
  /// `Scale`
  public var name: String
  /// Without parameters.
  public var formula: Formula
}
