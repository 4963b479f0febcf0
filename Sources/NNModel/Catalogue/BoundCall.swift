import NNDiagnostics
import NNShapes
import NNSyntax

/// The arguments of a call, each with its parameter: checked, converted, defaults filled in.
struct BoundCall {
  struct Argument {
    /// Nil where what was written is wrong (and reported), or what is needed is missing.
    var value: ParameterValue?
    /// Of the value; nil where the default is taken.
    var span: Span?
  }

  let schema: CallSchema
  /// Of the name, for findings about what was left out.
  let nameSpan: Span
  /// One a parameter.
  var arguments: [Argument]
  /// The place in the call's arguments, one a parameter.
  var positions: [Int?]

  subscript(_ name: String) -> Argument {
    guard let index = schema.index(of: name) else {
      preconditionFailure("\(schema.name) has no parameter \(name)")
    }
    return arguments[index]
  }

  /// True where the argument is written in the file.
  func isWritten(_ name: String) -> Bool { self[name].span != nil }

  /// Where the argument is written; the name of the call where it is not.
  func span(_ name: String) -> Span { self[name].span ?? nameSpan }

  /// True where every parameter has a value.
  var isComplete: Bool { arguments.allSatisfy { $0.value != nil } }

  // MARK: Typed values; nil where missing, wrong, `None` or `_`.

  func integer(_ name: String) -> Int? {
    if case .integer(let integer)? = self[name].value { return integer }
    return nil
  }

  func number(_ name: String) -> Double? {
    if case .number(let number, _)? = self[name].value { return number }
    return nil
  }

  func boolean(_ name: String) -> Bool? {
    if case .boolean(let flag)? = self[name].value { return flag }
    return nil
  }

  func text(_ name: String) -> String? {
    if case .text(let text)? = self[name].value { return text }
    return nil
  }

  func pair(_ name: String) -> Size2d? {
    if case .pair(let size, _)? = self[name].value { return size }
    return nil
  }

  func tuple(_ name: String) -> [Int?]? {
    if case .tuple(let elements, _)? = self[name].value { return elements }
    return nil
  }

  /// A value for each axis of a map; of a sequence, which counts as a map of height 1, `neutral` stands
  /// for the height.
  func extent(_ name: String, _ axes: SpatialAxes, neutral: Int) -> Size2d? {
    switch axes {
    case .two: return pair(name)
    case .one: return (tuple(name)?.first ?? nil).map { Size2d(neutral, $0) }
    }
  }

  func numbers(_ name: String) -> [Double]? {
    if case .numbers(let numbers)? = self[name].value { return numbers }
    return nil
  }

  func tensor(_ name: String) -> NumberTensor? {
    if case .tensor(let tensor)? = self[name].value { return tensor }
    return nil
  }

  func integers(_ name: String) -> [Int]? {
    if case .integers(let integers)? = self[name].value { return integers }
    return nil
  }

  /// A number as a list of one, or the list.
  func oneOrMore(_ name: String) -> [Double]? {
    switch self[name].value {
    case .number(let number, _)?: [number]
    case .integer(let integer)?: [Double(integer)]
    case .numbers(let numbers)?: numbers
    default: nil
    }
  }

  func border(_ name: String) -> ImageBorder? { integers(name).flatMap(ImageBorder.init) }

  func interval(_ name: String) -> TrainPlan.Interval? {
    if case .interval(let interval)? = self[name].value { return interval }
    return nil
  }

  func isHole(_ name: String) -> Bool { self[name].value == .hole }
  func isNone(_ name: String) -> Bool { self[name].value == ParameterValue.none }

  /// `kernel_size=2`, as PyTorch prints it.
  func printed(_ name: String) -> String { "\(name)=\(self[name].value?.description ?? "?")" }

  /// The call with every argument that has an effect, defaults included, and the same for whatever means
  /// the same: `MaxPool2d(kernel_size=(2, 2), stride=None, …)`.
  var canonicalText: String {
    let list = zip(schema.parameters, arguments).compactMap { parameter, argument -> String? in
      if case .onlyDefault = parameter.kind { return nil }
      if parameter.isCommon && argument.value == parameter.defaultValue { return nil }
      return "\(parameter.name)=\(argument.value?.canonical ?? "?")"
    }
    return "\(schema.name)(\(list.joined(separator: ", ")))"
  }
}

extension ParameterValue {
  /// Without a trace of how it was written.
  fileprivate var canonical: String {
    switch self {
    case .pair(let size, _): size.description
    case .number(let number, _): numberText(number)
    case .factor(let height, let width, _): "(\(numberText(height)), \(numberText(width)))"
    default: description
    }
  }
}
