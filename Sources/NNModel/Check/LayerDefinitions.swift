import NNDiagnostics
import NNSyntax

/// Reads `layer NAME(x, …) = …`: each becomes an entry like those of the catalogue, for this file.
///
/// A body may use `let`s, functions, and other layers of the file's, whose bodies take its place.
final class LayerDefinitions {
  /// A body that grows beyond this, layer in layer, is a mistake.
  private static let sizeLimit = 10_000
  /// Layers whose bodies stand in each other's, at most.
  private static let depthLimit = 100

  private let evaluator: Evaluator
  private let report: Reporter
  private var definitions: [String: LayerDefinition] = [:]
  /// Bodies that have been read; nil where there is a mistake.
  private var bodies: [String: Formula?] = [:]
  /// The layers whose bodies are being read, the outermost first.
  private var open: [String] = []
  private(set) var names: [String] = []
  private var used: Set<String> = []

  init(_ statements: [LayerDefinition], _ evaluator: Evaluator, _ report: Reporter) {
    self.evaluator = evaluator
    self.report = report
    for definition in statements {
      definitions[definition.name.text] = definition
      names.append(definition.name.text)
    }
    for definition in statements { _ = body(of: definition) }
  }

  /// The entry of a layer that the file defines; nil for other names.
  func entry(_ name: String) -> LayerEntry? {
    guard let definition = definitions[name] else { return nil }
    used.insert(name)
    let parameters = definition.parameters.dropFirst()
    let schema = CallSchema(
      .layer, name,
      parameters.map { parameter in
        Parameter(
          parameter.name.text, .number(.any), default: parameter.defaultValue.flatMap(value), example: "2",
          "a value of the layer")
      }, "a layer of the file")
    let body = body(of: definition)
    let values = parameters.map(\.name.text)
    return LayerEntry(
      schema: schema, traits: [],
      configure: { bound, _, _ in
        guard let body, bound.isComplete else { return nil }
        let numbers = values.map { Formula.constant(bound.number($0) ?? 0) }
        return .formula(FormulaConfiguration(name: name, formula: body.replacing(parameters: numbers)))
      },
      describe: { bound, _ in "\(name)(\(values.map(bound.printed).joined(separator: ", ")))" })
  }

  /// Where a layer is defined, as a note to findings about its use.
  func note(_ name: String) -> Diagnostic.Note? {
    definitions[name].map { report.note(at: $0.name.span, "`\(name)` is defined here") }
  }

  func reportUnused() {
    for name in names where !used.contains(name) {
      guard let definition = definitions[name] else { continue }
      report.warning(
        "unused-layer", "the layer `\(name)` is never used", at: definition.name.span,
        help: "delete this line, or use it in a model")
    }
  }

  // MARK: Definitions

  private func body(of definition: LayerDefinition) -> Formula? {
    let name = definition.name.text
    if let known = bodies[name] { return known }
    guard !open.contains(name) else {
      report.error(
        "cyclic-layer",
        "`\(name)` needs itself: "
          + (open.drop { $0 != name } + [name]).map { "`\($0)`" }.joined(separator: " uses "),
        at: definition.name.span, help: "a layer is a formula of its input; it cannot repeat itself")
      bodies[name] = .some(nil)
      return nil
    }
    guard open.count < Self.depthLimit else {
      report.error(
        "too-deep", "`\(name)` is the \(Self.depthLimit + 1)st layer that stands in another's formula",
        at: definition.name.span, help: "write parts of the formulas out")
      bodies[name] = .some(nil)
      return nil
    }
    open.append(name)
    var formula = checkHead(definition) ? self.formula(definition.body, in: definition) : nil
    open.removeLast()
    if let whole = formula, !whole.usesInput {
      let input = definition.parameters[0].name.text
      report.error(
        "input-unused", "`\(name)` does not use its input `\(input)`", at: definition.body.span,
        help: "the first parameter stands for the input")
      formula = nil
    }
    // A cycle has been found on the way.
    if case .some(nil) = bodies[name] { formula = nil }
    bodies[name] = .some(formula)
    return formula
  }

  private func checkHead(_ definition: LayerDefinition) -> Bool {
    let errors = report.errorCount
    if definition.parameters.isEmpty {
      report.error(
        "layer-parameter", "`\(definition.name.text)` has no parameter for its input",
        at: definition.name.span, help: "write layer \(definition.name.text)(x) = …")
    } else if let value = definition.parameters[0].defaultValue {
      report.error(
        "layer-parameter", "the first parameter stands for the input and has no value of its own",
        at: value.span, help: "write layer \(definition.name.text)(\(definition.parameters[0].name.text), …)")
    }
    var seen: [String: Span] = [:]
    for parameter in definition.parameters {
      if let earlier = seen[parameter.name.text] {
        report.error(
          "duplicate-name", "there are two parameters `\(parameter.name.text)`", at: parameter.name.span,
          notes: [report.note(at: earlier, "the first one")])
      }
      seen[parameter.name.text] = parameter.name.span
      guard let value = parameter.defaultValue, parameter.name.text != definition.parameters[0].name.text
      else { continue }
      if self.value(value) == nil { refuse(evaluator.evaluate(value)) }
    }
    return report.errorCount == errors
  }

  private func value(_ expression: Expression) -> ParameterValue? {
    let value = evaluator.evaluate(expression).value
    return value.asNumber.map { .number($0, isInteger: value.asInteger != nil) }
  }

  // MARK: Bodies

  /// Nil, reported, where there is a mistake. Depth is bounded by the parser.
  private func formula(_ expression: Expression, in definition: LayerDefinition) -> Formula? {
    switch expression.kind {
    case .word(let word):
      if let index = definition.parameters.firstIndex(where: { $0.name.text == word }) {
        return index == 0 ? .input : .parameter(index - 1)
      }
      guard evaluator.place(of: word) != nil else {
        reportUnknown(word, expression, definition)
        return nil
      }
      return constant(expression)
    case .unary(let sign, let operand):
      return formula(operand, in: definition).map { sign == .minus ? .negated($0) : $0 }
    case .binary(let sign, let left, let right):
      let (a, b) = (formula(left, in: definition), formula(right, in: definition))
      guard let a, let b else { return nil }
      return bounded(.operation(sign, a, b), expression)
    case .call(let call): return self.call(call, expression, in: definition)
    case .number, .string, .boolean, .none, .hole, .list: return constant(expression)
    }
  }

  private func constant(_ expression: Expression) -> Formula? {
    let located = evaluator.evaluate(expression)
    if let number = located.value.asNumber { return .constant(number) }
    refuse(located)
    return nil
  }

  private func refuse(_ located: LocatedValue) {
    switch located.value {
    case .invalid: break
    case .word(let word): evaluator.reportUnknownName(word, at: located.span)
    default:
      report.error("wrong-type", "a number is wanted here, not \(located.value.phrase)", at: located.span)
    }
  }

  private func call(_ call: Call, _ expression: Expression, in definition: LayerDefinition) -> Formula? {
    let name = call.name.text
    if let other = definitions[name] { return inlined(call, other, expression, in: definition) }
    guard let function = Formula.Function(rawValue: name) else {
      let functions = Formula.Function.allCases.map(\.rawValue)
      report.error(
        "unknown-function", "there is no function `\(shortened(name))`", at: call.name.span,
        help: didYouMean(name, from: functions + names) ?? "functions here: \(list(functions))")
      return nil
    }
    if let named = call.arguments.first(where: { $0.name != nil }) {
      report.error(
        "unknown-argument", "\(name) takes its values without names", at: named.span,
        help: "write \(named.value.sourceText) alone")
      return nil
    }
    let operands = call.arguments.map { formula($0.value, in: definition) }
    guard operands.count == function.arity else {
      report.error(
        "wrong-count", "\(name) takes \(counted(function.arity, "value")), not \(operands.count)",
        at: expression.span)
      return nil
    }
    guard !operands.contains(nil) else { return nil }
    return bounded(.function(function, operands.compactMap { $0 }), expression)
  }

  /// Another layer of the file's in a body: `Double(x)`, `Scale(x, k=3)`.
  private func inlined(
    _ call: Call, _ other: LayerDefinition, _ expression: Expression, in definition: LayerDefinition
  ) -> Formula? {
    used.insert(other.name.text)
    var values: [Formula?] = Array(repeating: nil, count: other.parameters.count)
    for (position, argument) in call.arguments.enumerated() {
      let index =
        argument.name.map { name in other.parameters.firstIndex { $0.name.text == name.text } } ?? position
      guard let index, index < values.count, values[index] == nil else {
        report.error(
          "unknown-argument", "`\(argument.sourceText)` is no argument of \(printHead(other))",
          at: argument.span, notes: [report.note(at: other.name.span, "defined here")])
        return nil
      }
      guard let value = formula(argument.value, in: definition) else { return nil }
      values[index] = value
    }
    guard let body = body(of: other) else { return nil }
    for (index, parameter) in other.parameters.enumerated() where values[index] == nil {
      guard let value = parameter.defaultValue.flatMap(value), case .number(let number, _) = value else {
        report.error(
          "missing-argument", "\(printHead(other)) needs `\(parameter.name.text)`", at: expression.span,
          notes: [report.note(at: other.name.span, "defined here")])
        return nil
      }
      values[index] = .constant(number)
    }
    let given = values.compactMap { $0 }
    return bounded(body.replacing(parameters: Array(given.dropFirst()), input: given[0]), expression)
  }

  private func bounded(_ formula: Formula, _ expression: Expression) -> Formula? {
    guard formula.size > Self.sizeLimit else { return formula }
    report.error(
      "too-large", "with the layers that it uses, this formula has more than \(Self.sizeLimit) parts",
      at: expression.span)
    return nil
  }

  private func reportUnknown(_ word: String, _ expression: Expression, _ definition: LayerDefinition) {
    let known = definition.parameters.map(\.name.text) + evaluator.names
    report.error(
      "unknown-name", "`\(shortened(word))` is no parameter of `\(definition.name.text)` and not defined",
      at: expression.span,
      help: didYouMean(word, from: known)
        ?? "add it to the parameters: layer \(definition.name.text)(…, \(shortened(word))=1)")
  }
}
