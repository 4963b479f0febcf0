import NNDiagnostics
import NNSyntax

/// Puts the arguments of a call to the parameters of its schema, and reports whatever does not fit.
struct Binder {
  let evaluator: Evaluator
  let report: Reporter

  func bind(_ call: Call, to schema: CallSchema) -> BoundCall {
    bind(call.arguments, to: schema, name: call.name, isDamaged: report.isDamaged(call.span))
  }

  /// - Parameters:
  ///   - name: what stands for the call in the file, where missing arguments are reported.
  ///   - isDamaged: arguments may have been lost to a syntax error; none is missed then.
  func bind(_ arguments: [Argument], to schema: CallSchema, name: Name, isDamaged: Bool) -> BoundCall {
    var bound = BoundCall(
      schema: schema, nameSpan: name.span,
      arguments: schema.parameters.map { BoundCall.Argument(value: $0.defaultValue, span: nil) },
      positions: schema.parameters.map { _ in nil })
    var isUncertain = isDamaged
    for (position, argument) in arguments.enumerated() {
      let target: Int?
      var isGuess = false
      if let name = argument.name {
        target = parameter(named: name, in: schema)
        isGuess = target.map { schema.parameters[$0].name != name.text } ?? false
        if target == nil { isUncertain = true }
      } else {
        target = parameter(at: position, of: arguments, in: schema)
      }
      guard let target else {
        _ = evaluator.evaluate(argument.value)
        continue
      }
      if let earlier = bound.positions[target] {
        reportDuplicate(schema.parameters[target], arguments[earlier], argument)
        _ = evaluator.evaluate(argument.value)
        continue
      }
      bound.positions[target] = position
      let located = evaluator.evaluate(argument.value)
      // What is given under a wrong name may be of another type, which then is no mistake of its own.
      let converterReport = isGuess ? Reporter(report.document) : report
      let value = ArgumentConverter(schema: schema, report: converterReport, evaluator: evaluator)
        .convert(located, to: schema.parameters[target])
      bound.arguments[target] = BoundCall.Argument(value: value, span: located.span)
    }
    if !isUncertain { reportMissing(bound, arguments, name) }
    return bound
  }

  /// The parameter of an argument without a name.
  private func parameter(at position: Int, of arguments: [Argument], in schema: CallSchema) -> Int? {
    let limit = schema.positionalCount
    if position < limit { return position }
    if position > limit { return nil }  // reported at the first one too many
    let span = arguments[position].span
    if limit == 0 {
      let help =
        schema.parameters.isEmpty
        ? "write \(schema.name)()" : "its settings are \(list(schema.effective.map(\.name)))"
      report.error(
        "too-many-arguments",
        schema.parameters.isEmpty
          ? "\(schema.name) takes no arguments"
          : "the settings of \(schema.name) are written with their names",
        at: span, help: help)
      return nil
    }
    let given = arguments.prefix { $0.name == nil }.count
    let rest = schema.parameters.dropFirst(limit).filter { !$0.isCommon }.map(\.name)
    report.error(
      "too-many-arguments",
      "\(schema.name) takes at most \(counted(limit, "argument")) without a name, not \(given)", at: span,
      help: rest.isEmpty
        ? "its arguments are \(schema.signature)"
        : "\(list(rest)) \(rest.count == 1 ? "is" : "are") given by name")
    return nil
  }

  /// The parameter of that name, or the one that must have been meant, after the report.
  private func parameter(named name: Name, in schema: CallSchema) -> Int? {
    if let index = schema.index(of: name.text) { return index }
    if let reason = RefusedArguments.reason(name.text, of: schema) {
      report.error(
        "unavailable-argument", "`\(name.text)` of \(schema.name) \(reason.message)", at: name.span,
        help: reason.help)
      return nil
    }
    let names = schema.parameters.map(\.name)
    let foreign = ForeignNames.parameter(name.text, in: schema)
    let near = foreign.map { [$0] } ?? suggest(name.text, from: names)
    let help: String
    if let foreign {
      help = "PyTorch's name for it is `\(foreign)`"
    } else if let question = didYouMean(name.text, from: names) {
      help = question
    } else if names.isEmpty {
      help = "write \(schema.name)()"
    } else if schema.kind == .settings {
      help = "its settings are \(list(schema.effective.map(\.name)))"
    } else {
      help = "its arguments are \(schema.signature)"
    }
    let noun = schema.kind == .settings ? "setting" : "argument"
    report.error(
      "unknown-argument", "\(schema.name) has no \(noun) `\(shortened(name.text))`", at: name.span, help: help
    )
    return near.count == 1 ? schema.index(of: near[0]) : nil
  }

  private func reportDuplicate(_ parameter: Parameter, _ earlier: Argument, _ argument: Argument) {
    report.error(
      "duplicate-argument",
      earlier.name == nil
        ? "`\(parameter.name)` is given twice: by its position and by name"
        : "`\(parameter.name)` is given twice", at: argument.name?.span ?? argument.span,
      notes: [report.note(at: earlier.span, "first given here")], help: "keep one of them")
  }

  private func reportMissing(_ bound: BoundCall, _ arguments: [Argument], _ name: Name) {
    let schema = bound.schema
    let missing = schema.parameters.indices.filter {
      schema.parameters[$0].defaultValue == nil && bound.positions[$0] == nil
    }.map { schema.parameters[$0] }
    guard !missing.isEmpty else { return }
    report.error(
      "missing-argument",
      "\(schema.name) needs " + list(missing.map { "`\($0.name)` (\($0.summary))" }), at: name.span,
      help: "write \(completed(bound, arguments, missing))")
  }

  /// The call with what is missing: `Linear(_, 10)` where the one argument given is probably the
  /// output's size, else each missing one by name.
  private func completed(_ bound: BoundCall, _ arguments: [Argument], _ missing: [Parameter]) -> String {
    let schema = bound.schema
    var texts = arguments.prefix { $0.name == nil }.map(\.sourceText)
    let named = schema.parameters.indices.compactMap { index -> String? in
      guard let position = bound.positions[index] else {
        let parameter = schema.parameters[index]
        guard parameter.defaultValue == nil else { return nil }
        return "\(parameter.name)=\(parameter.example)"
      }
      guard position >= texts.count else { return nil }
      return "\(schema.parameters[index].name)=\(arguments[position].value.sourceText)"
    }
    if missing.count == 1, named.count == 1, !texts.isEmpty, schema.parameters.first?.acceptsHole == true {
      texts.insert("_", at: 0)
    } else {
      texts += named
    }
    return "\(schema.name)(\(texts.joined(separator: ", ")))"
  }
}

/// `a`, `a and b`, `a, b and c`.
func list(_ words: [String], last: String = "and") -> String {
  guard words.count > 1, let final = words.last else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " \(last) " + final
}

/// `1 argument`, `2 arguments`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
