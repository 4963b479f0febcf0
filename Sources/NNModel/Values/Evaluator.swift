import NNDiagnostics
import NNSyntax

/// Evaluates expressions; words are looked up among the file's `let` statements.
///
/// A mistake is reported once, where it is, and its value is ``Value/invalid`` from then on.
final class Evaluator {
  private struct Binding {
    let name: Name
    let expression: Expression
    let statement: Span
    var value: Value?
    var isUsed = false
  }

  /// Brackets, prefix operators and right operands around one place; the parser's bound is lower.
  private static let maximumDepth = 400

  private let report: Reporter
  private var bindings: [Binding] = []
  private var indices: [String: Int] = [:]

  init(_ report: Reporter) { self.report = report }

  /// The names that `let` statements define, in file order.
  var names: [String] { bindings.map(\.name.text) }

  /// The place of a `let`'s name.
  func place(of name: String) -> Span? { indices[name].map { bindings[$0].name.span } }

  // MARK: `let`

  /// Adds `let name = expression`.
  func define(_ name: Name, _ expression: Expression, statement: Span) {
    if let earlier = indices[name.text] {
      report.error(
        "duplicate-name", "`\(name.text)` is defined twice", at: name.span,
        notes: [report.note(at: bindings[earlier].name.span, "first defined here")],
        help: "delete one of them, or give it another name")
      return
    }
    indices[name.text] = bindings.count
    bindings.append(Binding(name: name, expression: expression, statement: statement))
  }

  /// Adds a `let` whose value could not be read: it has been complained of.
  func defineUnread(_ name: Name) {
    guard indices[name.text] == nil else { return }
    indices[name.text] = bindings.count
    bindings.append(
      Binding(
        name: name, expression: Expression(.hole, span: name.span), statement: name.span, value: .invalid,
        isUsed: true))
  }

  /// Evaluates every `let`, each after those it needs, and reports cycles. To be called once, when
  /// all are defined.
  func resolveBindings() {
    enum State { case untouched, open, done }
    var states = Array(repeating: State.untouched, count: bindings.count)
    for start in bindings.indices where states[start] == .untouched {
      var path: [(index: Int, needs: [Int], next: Int)] = [(start, needs(of: start), 0)]
      states[start] = .open
      while let top = path.last {
        if top.next == top.needs.count {
          path.removeLast()
          states[top.index] = .done
          if bindings[top.index].value == nil {
            bindings[top.index].value = evaluate(bindings[top.index].expression).value
          }
          continue
        }
        path[path.count - 1].next += 1
        let need = top.needs[top.next]
        switch states[need] {
        case .done: break
        case .untouched:
          states[need] = .open
          path.append((need, needs(of: need), 0))
        case .open:
          let cycle = path.drop { $0.index != need }.map(\.index)
          reportCycle(cycle)
          for index in cycle { bindings[index].value = .invalid }
        }
      }
    }
  }

  /// Warns of every `let` that nothing uses.
  func reportUnused() {
    for binding in bindings where !binding.isUsed {
      report.warning(
        "unused-let", "`\(binding.name.text)` is never used", at: binding.name.span,
        help: "delete this line, or use the name")
    }
  }

  private func reportCycle(_ cycle: [Int]) {
    guard let first = cycle.first else { return }
    for index in cycle { bindings[index].isUsed = true }
    let names = cycle.prefix(8).map { "`\(bindings[$0].name.text)`" }
    let chain = (names + (cycle.count > 8 ? ["…"] : []) + names.prefix(1)).joined(separator: " needs ")
    let notes = cycle.dropFirst().prefix(7).map {
      report.note(at: bindings[$0].name.span, "`\(bindings[$0].name.text)` is defined here")
    }
    report.error(
      "cyclic-let", "these definitions need each other: \(chain)", at: bindings[first].name.span,
      notes: Array(notes), help: "give one of them a value of its own")
  }

  /// The bindings whose names occur in a binding's expression.
  private func needs(of index: Int) -> [Int] {
    var found: [Int] = []
    var pending = [bindings[index].expression]
    while let expression = pending.popLast() {
      switch expression.kind {
      case .word(let word): if let need = indices[word] { found.append(need) }
      case .list(let elements): pending += elements
      case .unary(_, let operand): pending.append(operand)
      case .binary(_, let left, let right): pending += [left, right]
      case .call(let call): pending += call.arguments.map(\.value)
      case .number, .string, .boolean, .none, .hole: break
      }
    }
    return found
  }

  // MARK: Expressions

  /// The value of an expression. Words without a `let` and calls are left as they are.
  func evaluate(_ expression: Expression) -> LocatedValue {
    LocatedValue(value: evaluate(expression, depth: 0), span: expression.span)
  }

  private func evaluate(_ expression: Expression, depth: Int) -> Value {
    guard depth < Self.maximumDepth else {
      report.error("too-deep", "this value is nested too deeply", at: expression.span)
      return .invalid
    }
    switch expression.kind {
    case .number(let text):
      if let value = NumberText.value(of: text) { return value }
      report.error(
        "number-too-large", "\(shortened(text)) does not fit in a 64-bit integer", at: expression.span,
        help: "the largest is 9223372036854775807; with a point or an exponent it is a float")
      return .invalid
    case .string(let text): return .text(text)
    case .boolean(let flag): return .boolean(flag)
    case .none: return .none
    case .hole: return .hole
    case .word(let word): return lookUp(word)
    case .call(let call): return .call(call)
    case .list(let elements):
      return .list(
        elements.map { LocatedValue(value: evaluate($0, depth: depth + 1), span: $0.span) })
    case .unary(let operation, let operand):
      return unary(operation, operand, evaluate(operand, depth: depth + 1))
    case .binary: return binary(expression, depth: depth)
    }
  }

  private func lookUp(_ word: String) -> Value {
    guard let index = indices[word] else { return .word(word) }
    bindings[index].isUsed = true
    // Nil only within a cycle, which is reported.
    return bindings[index].value ?? .invalid
  }

  private func unary(_ operation: UnaryOperator, _ operand: Expression, _ value: Value) -> Value {
    guard isNumber(value, at: operand.span, of: operation.rawValue) else { return .invalid }
    if operation == .plus { return value }
    do { return try Arithmetic.negated(value) ?? .invalid } catch {
      return failed(error, at: operand.span)
    }
  }

  /// A chain `a + b - c` is one node an operator, nested to the left without bound: it is walked, not
  /// recursed into.
  private func binary(_ expression: Expression, depth: Int) -> Value {
    var chain: [(BinaryOperator, Expression, Span)] = []
    var leftmost = expression
    while case .binary(let operation, let left, let right) = leftmost.kind {
      chain.append((operation, right, leftmost.span))
      leftmost = left
    }
    var value = evaluate(leftmost, depth: depth + 1)
    var valueSpan = leftmost.span
    for (operation, right, span) in chain.reversed() {
      let other = evaluate(right, depth: depth + 1)
      let leftIsNumber = isNumber(value, at: valueSpan, of: operation.rawValue)
      let rightIsNumber = isNumber(other, at: right.span, of: operation.rawValue)
      valueSpan = span
      guard leftIsNumber && rightIsNumber else {
        value = .invalid
        continue
      }
      do { value = try Arithmetic.apply(operation, value, other) ?? .invalid } catch {
        value = failed(error, at: span)
      }
    }
    return value
  }

  private func failed(_ failure: Arithmetic.Failure, at span: Span) -> Value {
    switch failure {
    case .overflow:
      report.error(
        "integer-overflow", "this does not fit in a 64-bit integer", at: span,
        help: "the largest is 9223372036854775807")
    case .divisionByZero: report.error("division-by-zero", "this divides by zero", at: span)
    case .notReal:
      report.error("not-a-number", "a negative number has no fractional power", at: span)
    }
    return .invalid
  }

  private func isNumber(_ value: Value, at span: Span, of operation: String) -> Bool {
    if value.asNumber != nil { return true }
    switch value {
    case .invalid: break
    case .word(let word): reportUnknownName(word, at: span)
    default:
      report.error("wrong-type", "`\(operation)` takes numbers, not \(value.phrase)", at: span)
    }
    return false
  }

  /// "`widht` is not defined", with the nearest names.
  func reportUnknownName(_ word: String, at span: Span) {
    for name in suggest(word, from: names) {
      if let index = indices[name] { bindings[index].isUsed = true }
    }
    report.error(
      "unknown-name", "`\(shortened(word))` is not defined", at: span,
      help: didYouMean(word, from: names) ?? "define it with `let \(shortened(word)) = …`, or write its value"
    )
  }
}
