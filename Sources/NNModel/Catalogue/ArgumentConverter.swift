import NNDiagnostics
import NNShapes
import NNSyntax

/// Checks one argument against its parameter and converts it; what does not fit is reported.
struct ArgumentConverter {
  let schema: CallSchema
  let report: Reporter
  let evaluator: Evaluator

  /// Nil where it does not fit.
  func convert(_ argument: LocatedValue, to parameter: Parameter) -> ParameterValue? {
    switch argument.value {
    case .invalid: return nil
    case .none where parameter.acceptsNone: return ParameterValue.none
    case .hole where parameter.acceptsHole: return .hole
    case .hole:
      report.error(
        "hole-not-allowed",
        "`_` stands for an input size; `\(parameter.name)` of \(schema.name) has to be written",
        at: argument.span, help: "`\(parameter.name)` is \(parameter.kind.phrase)")
      return nil
    default: break
    }
    switch parameter.kind {
    case .integer(let range):
      return integer(argument, in: range, parameter).map { .integer($0) }
    case .number(let range): return number(argument, in: range, parameter)
    case .boolean:
      if case .boolean(let flag) = argument.value { return .boolean(flag) }
      return refuse(argument, parameter)
    case .choice(let words): return choice(argument, words, parameter)
    case .text, .reference:
      switch argument.value {
      case .text(let text), .word(let text): return .text(text)
      default: return refuse(argument, parameter)
      }
    case .pair(let range, let singleton): return pair(argument, in: range, singleton: singleton, parameter)
    case .pairOrChoice(let range, let words):
      switch argument.value {
      case .text, .word: return choice(argument, words, parameter)
      default: return pair(argument, in: range, singleton: false, parameter)
      }
    case .tuple(let kind): return tuple(argument, kind, parameter)
    case .tupleOrChoice(let kind, let words):
      switch argument.value {
      case .text, .word: return choice(argument, words, parameter)
      default: return tuple(argument, kind, parameter)
      }
    case .factor: return factor(argument, parameter)
    case .initialization:
      return Initializations(report: report, evaluator: evaluator).convert(argument, parameter)
    case .numbers: return numbers(listed(argument), in: .any, parameter)
    case .numberOrNumbers(let range, let words):
      return numberOrNumbers(argument, in: range, words, parameter)
    case .tensor:
      let argument = listed(argument)
      guard case .list(let elements) = argument.value, !elements.isEmpty else {
        return refuse(argument, parameter)
      }
      return NestedNumbers(evaluator: evaluator, report: report).read(argument).map { .tensor($0) }
    case .numberPair(let range):
      guard case .list(let elements) = argument.value, elements.count == 2 else {
        return refuse(argument, parameter)
      }
      let converted = elements.compactMap { number($0, in: range, parameter) }
      guard converted.count == 2 else { return nil }
      return .numbers(elements.compactMap(\.value.asNumber))
    case .integers(let range): return integers(argument, in: range, parameter)
    case .milestones: return milestones(argument, parameter)
    case .schedules: return schedules(argument, parameter)
    case .border: return border(argument, parameter)
    case .transforms: return TransformList(report: report, evaluator: evaluator).convert(argument, parameter)
    case .interval: return interval(argument, parameter)
    case .onlyDefault(let values, let reason): return onlyDefault(argument, values, reason, parameter)
    }
  }

  // MARK: The kinds

  private func integer(_ argument: LocatedValue, in range: ClosedRange<Int>, _ parameter: Parameter) -> Int? {
    guard let integer = argument.value.asInteger else {
      refuse(argument, parameter)
      return nil
    }
    guard range.contains(integer) else {
      report.error(
        "out-of-range",
        "`\(parameter.name)` of \(schema.name) is \(phrase(range, against: integer)), not \(integer)",
        at: argument.span)
      return nil
    }
    return integer
  }

  private func number(_ argument: LocatedValue, in range: NumberRange, _ parameter: Parameter)
    -> ParameterValue?
  {
    guard let number = argument.value.asNumber else { return refuse(argument, parameter) }
    guard range.contains(number) else {
      report.error(
        "out-of-range",
        "`\(parameter.name)` of \(schema.name) is \(number.isFinite ? range.phrase : "a finite number"), "
          + "not \(argument.value.phrase)",
        at: argument.span, help: percentHelp(number, range))
      return nil
    }
    return .number(number, isInteger: argument.value.asInteger != nil)
  }

  /// `Dropout(50)` means 0.5.
  private func percentHelp(_ number: Double, _ range: NumberRange) -> String? {
    guard range.upper == 1, number > 1, number <= 100 else { return nil }
    return "as a share of 1 that is \(numberText(number / 100))"
  }

  private func choice(_ argument: LocatedValue, _ words: [String], _ parameter: Parameter) -> ParameterValue?
  {
    switch argument.value {
    case .word(let text) where text.contains("."):
      // `InterpolationMode.NEAREST_EXACT`: a member of one of PyTorch's enumerations.
      let member = text.split(separator: ".").last ?? ""
      let word = member.lowercased().replacing("_", with: "-")
      return words.contains(word) ? .text(word) : refuse(argument, parameter)
    case .text(let text), .word(let text):
      if words.contains(text) { return .text(text) }
      report.error(
        "unknown-word",
        "`\(parameter.name)` of \(schema.name) is \(parameter.kind.phrase), not '\(shortened(text))'",
        at: argument.span,
        help: ForeignNames.word(text, among: words).map { "PyTorch's word for it is '\($0)'" }
          ?? didYouMean(text, from: words))
      return nil
    default: return refuse(argument, parameter)
    }
  }

  private func pair(
    _ argument: LocatedValue, in range: ClosedRange<Int>, singleton: Bool, _ parameter: Parameter
  ) -> ParameterValue? {
    guard case .list(let elements) = argument.value else {
      return integer(argument, in: range, parameter).map { .pair(Size2d($0, $0), written: 0) }
    }
    guard elements.count == 2 || (singleton && elements.count == 1) else {
      return refuse(argument, parameter)
    }
    let converted = elements.compactMap { integer($0, in: range, parameter) }
    guard converted.count == elements.count, let first = converted.first, let last = converted.last else {
      return nil
    }
    return .pair(Size2d(first, last), written: elements.count)
  }

  private func tuple(_ argument: LocatedValue, _ kind: TupleKind, _ parameter: Parameter) -> ParameterValue? {
    guard case .list(let elements) = argument.value else {
      guard kind.acceptsNumber else { return refuse(argument, parameter) }
      return integer(argument, in: kind.range, parameter).map { .tuple([$0], written: 0) }
    }
    guard kind.counts.contains(elements.count) else { return refuse(argument, parameter) }
    var converted: [Int?] = []
    for element in elements {
      if kind.acceptsNone, case .none = element.value {
        converted.append(nil)
      } else if let integer = integer(element, in: kind.range, parameter) {
        converted.append(integer)
      }
    }
    return converted.count == elements.count ? .tuple(converted, written: elements.count) : nil
  }

  private func factor(_ argument: LocatedValue, _ parameter: Parameter) -> ParameterValue? {
    func positive(_ element: LocatedValue) -> Double? {
      guard case .number(let number, _)? = number(element, in: .positive, parameter) else { return nil }
      return number
    }
    guard case .list(let elements) = argument.value else {
      return positive(argument).map { .factor($0, $0, written: 0) }
    }
    guard (1...2).contains(elements.count) else { return refuse(argument, parameter) }
    let factors = elements.compactMap(positive)
    guard let first = factors.first, let last = factors.last, factors.count == elements.count else {
      return nil
    }
    return .factor(first, last, written: elements.count)
  }

  private func numbers(_ argument: LocatedValue, in range: NumberRange, _ parameter: Parameter)
    -> ParameterValue?
  {
    guard case .list(let elements) = argument.value, !elements.isEmpty else {
      return refuse(argument, parameter)
    }
    let converted = elements.compactMap { number($0, in: range, parameter) }
    guard converted.count == elements.count else { return nil }
    return .numbers(elements.compactMap(\.value.asNumber))
  }

  /// The list in `tensor([…])`; everything else as it is.
  private func listed(_ argument: LocatedValue) -> LocatedValue {
    guard case .call(let call) = argument.value, call.name.text == "tensor", call.arguments.count == 1,
      let only = call.arguments.first, only.name == nil
    else { return argument }
    return evaluator.evaluate(only.value)
  }

  private func numberOrNumbers(
    _ argument: LocatedValue, in range: NumberRange, _ words: [String], _ parameter: Parameter
  ) -> ParameterValue? {
    switch argument.value {
    case .text, .word: return words.isEmpty ? refuse(argument, parameter) : choice(argument, words, parameter)
    case .list: return numbers(argument, in: range, parameter)
    default: return number(argument, in: range, parameter)
    }
  }

  private func border(_ argument: LocatedValue, _ parameter: Parameter) -> ParameterValue? {
    var elements = [argument]
    if case .list(let list) = argument.value { elements = list }
    guard [1, 2, 4].contains(elements.count) else { return refuse(argument, parameter) }
    let converted = elements.compactMap { integer($0, in: 0...maximumDimension, parameter) }
    return converted.count == elements.count ? .integers(converted) : nil
  }

  private func integers(_ argument: LocatedValue, in range: ClosedRange<Int>, _ parameter: Parameter)
    -> ParameterValue?
  {
    guard case .list(let elements) = argument.value, !elements.isEmpty else {
      return refuse(argument, parameter)
    }
    var converted: [Int] = []
    for element in elements {
      guard let integer = integer(element, in: range, parameter) else { continue }
      if converted.contains(integer) {
        report.error("duplicate-value", "\(integer) is in `\(parameter.name)` twice", at: element.span)
      } else {
        converted.append(integer)
      }
    }
    return converted.count == elements.count ? .integers(converted) : nil
  }

  private func milestones(_ argument: LocatedValue, _ parameter: Parameter) -> ParameterValue? {
    guard case .list(let elements) = argument.value, !elements.isEmpty else {
      return refuse(argument, parameter)
    }
    let converted = elements.compactMap { integer($0, in: sizes, parameter) }
    return converted.count == elements.count ? .integers(converted) : nil
  }

  private func schedules(_ argument: LocatedValue, _ parameter: Parameter) -> ParameterValue? {
    guard case .list(let elements) = argument.value, !elements.isEmpty else {
      return refuse(argument, parameter)
    }
    for element in elements {
      switch element.value {
      case .call, .word: continue
      default: return refuse(element, parameter)
      }
    }
    return .schedules(elements.count)
  }

  private func interval(_ argument: LocatedValue, _ parameter: Parameter) -> ParameterValue? {
    guard case .text(let text) = argument.value else { return refuse(argument, parameter) }
    guard let interval = TrainPlan.Interval(text) else {
      report.error(
        "bad-interval", "'\(shortened(text))' is no length of training", at: argument.span,
        help: "write a number above 0 and a unit, \"10 min\": the units are epochs, steps, s, min, h")
      return nil
    }
    return .interval(interval)
  }

  private func onlyDefault(
    _ argument: LocatedValue, _ values: [ParameterValue], _ reason: String, _ parameter: Parameter
  ) -> ParameterValue? {
    let given: ParameterValue? =
      switch argument.value {
      case .none: ParameterValue.none
      case .boolean(let flag): .boolean(flag)
      case .integer(let integer): .integer(integer)
      case .text(let text), .word(let text): .text(text)
      default: nil
      }
    if let given, values.contains(given) { return given }
    report.error(
      "unavailable-value",
      "`\(parameter.name)` of \(schema.name) takes only \(list(values.map(\.description), last: "or")) here: \(reason)",
      at: argument.span, help: "delete `\(parameter.name)`")
    return nil
  }

  // MARK: Reports

  /// "… is a whole number, not 2.5".
  @discardableResult
  private func refuse(_ argument: LocatedValue, _ parameter: Parameter) -> ParameterValue? {
    if argument.value.isInvalid { return nil }
    if case .word(let word) = argument.value {
      evaluator.reportUnknownName(word, at: argument.span)
      return nil
    }
    var help: String?
    if case .number(let number, _) = argument.value, let whole = Int(exactly: number),
      parameter.kind.isWhole
    {
      help = "write \(whole), without a point"
    }
    if case .text(let text) = argument.value, NumberText.value(of: text) != nil {
      help = "write it without quotes"
    }
    report.error(
      "wrong-type",
      "`\(parameter.name)` of \(schema.name) is \(parameter.kind.phrase)\(parameter.acceptsNone ? " or None" : ""), "
        + "not \(argument.value.phrase)", at: argument.span, help: help)
    return nil
  }

  /// `at least 1`, `between 1 and 5`; of a bound that is only the language's, the one that is broken.
  private func phrase(_ range: ClosedRange<Int>, against integer: Int) -> String {
    if range.upperBound < maximumDimension { return "between \(range.lowerBound) and \(range.upperBound)" }
    return integer < range.lowerBound ? "at least \(range.lowerBound)" : "at most \(range.upperBound)"
  }
}

extension Parameter.Kind {
  /// What is taken: `a whole number`, `'none', 'mean' or 'sum'`.
  var phrase: String {
    switch self {
    case .integer: "a whole number"
    case .number: "a number"
    case .boolean: "True or False"
    case .choice(let words): list(words.map { "'\($0)'" }, last: "or")
    case .text(let what): what
    case .pair(_, singleton: _): "a whole number or two of them (height, width)"
    case .pairOrChoice(_, let words):
      "a whole number, two of them (height, width), " + list(words.map { "'\($0)'" }, last: "or")
    case .tuple(let kind): kind.phrase
    case .tupleOrChoice(let kind, let words):
      "\(kind.phrase), " + list(words.map { "'\($0)'" }, last: "or")
    case .factor: "a number or two of them (height, width)"
    case .initialization: "the name of an initialisation, such as xavier_uniform"
    case .numbers: "a list of numbers"
    case .tensor: "numbers in nested lists"
    case .numberOrNumbers(_, let words):
      words.isEmpty
        ? "a number or a list of numbers"
        : "a number, a list of numbers, or " + list(words.map { "'\($0)'" }, last: "or")
    case .numberPair: "two numbers"
    case .integers: "a list of whole numbers"
    case .milestones: "a list of whole numbers"
    case .schedules: "a list of schedules"
    case .border: "a whole number, two (left and right, top and bottom) or four (left, top, right, bottom)"
    case .transforms: "ToTensor(), or a list of transforms"
    case .interval: "a text with a number and a unit, \"10 min\""
    case .reference(let what): "the name of a \(what)"
    case .onlyDefault(let values, _): list(values.map(\.description), last: "or")
    }
  }

  /// True where whole numbers are wanted.
  var isWhole: Bool {
    switch self {
    case .integer, .pair, .pairOrChoice, .tuple, .tupleOrChoice, .integers, .milestones, .border: true
    default: false
    }
  }
}

extension TupleKind {
  /// `a whole number or 4 of them (left, right, top, bottom)`.
  var phrase: String {
    let meaning = meaning.isEmpty ? "" : " " + meaning
    if counts == 1...1 { return "a whole number" + meaning }
    let many = counts.lowerBound == counts.upperBound ? "\(counts.lowerBound) of them" : "a list of them"
    return acceptsNumber
      ? "a whole number or \(many)\(meaning)\(acceptsNone ? ", some of which may be None" : "")"
      : counts.lowerBound == counts.upperBound
        ? "\(counts.lowerBound) whole numbers\(meaning)" : "a list of whole numbers\(meaning)"
  }
}
