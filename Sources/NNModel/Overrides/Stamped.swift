import NNDiagnostics
import NNSyntax

// Parts of a tree that were read out of another text say so in their spans.

extension Span {
  func stamped(_ source: Int) -> Span { Span(start, end, source: source) }
}

extension Name {
  func stamped(_ source: Int) -> Name { Name(text, span.stamped(source)) }
}

extension Expression {
  func stamped(_ source: Int) -> Expression {
    // A chain `a + b + c` nests to the left without bound: it is walked, not recursed into.
    var chain: [(BinaryOperator, Expression, Span)] = []
    var leftmost = self
    while case .binary(let operation, let left, let right) = leftmost.kind {
      chain.append((operation, right, leftmost.span))
      leftmost = left
    }
    var result = Expression(leftmost.stampedKind(source), span: leftmost.span.stamped(source))
    for (operation, right, span) in chain.reversed() {
      result = Expression(
        .binary(operation, result, right.stamped(source)), span: span.stamped(source))
    }
    return result
  }

  private func stampedKind(_ source: Int) -> Kind {
    switch kind {
    case .list(let elements): .list(elements.map { $0.stamped(source) })
    case .unary(let operation, let operand): .unary(operation, operand.stamped(source))
    case .call(let call): .call(call.stamped(source))
    case .binary, .number, .string, .boolean, .none, .hole, .word: kind
    }
  }
}

extension Argument {
  func stamped(_ source: Int) -> Argument {
    Argument(name: name?.stamped(source), value: value.stamped(source), span: span.stamped(source))
  }
}

extension Call {
  func stamped(_ source: Int) -> Call {
    Call(
      name: name.stamped(source), arguments: arguments.map { $0.stamped(source) },
      span: span.stamped(source))
  }
}

extension ParameterGroup {
  func stamped(_ source: Int) -> ParameterGroup {
    ParameterGroup(
      pattern: pattern.stamped(source), settings: settings.map { $0.stamped(source) },
      span: span.stamped(source))
  }
}

extension Stack {
  func stamped(_ source: Int) -> Stack {
    Stack(items: items.map { $0.stamped(source) }, span: span.stamped(source))
  }
}

extension Item {
  func stamped(_ source: Int) -> Item {
    let stampedElement: Element =
      switch element {
      case .call(let call): .call(call.stamped(source))
      case .sequential(let stack): .sequential(stack.stamped(source))
      }
    return Item(name: name?.stamped(source), element: stampedElement, span: span.stamped(source))
  }
}

extension Statement {
  func stamped(_ source: Int) -> Statement {
    let stampedKind: Kind =
      switch kind {
      case .binding(let name, let value): .binding(name.stamped(source), value.stamped(source))
      case .seed(let value): .seed(value.stamped(source))
      case .input(let value): .input(value.stamped(source))
      case .data(let data):
        .data(
          DataStatement(
            name: data.name?.stamped(source), sources: data.sources.map { $0.stamped(source) },
            settings: data.settings.map { $0.stamped(source) }))
      case .model(let name, let stack): .model(name.stamped(source), stack.stamped(source))
      case .layer(let layer):
        .layer(
          LayerDefinition(
            name: layer.name.stamped(source),
            parameters: layer.parameters.map {
              LayerDefinition.Parameter(
                name: $0.name.stamped(source), defaultValue: $0.defaultValue?.stamped(source),
                span: $0.span.stamped(source))
            }, body: layer.body.stamped(source)))
      case .component(let component, let name, let call, let groups):
        .component(
          component, name: name?.stamped(source), call.stamped(source),
          groups: groups.map { $0.stamped(source) })
      case .train(let settings): .train(settings.map { $0.stamped(source) })
      }
    return Statement(stampedKind, span: span.stamped(source), keyword: keyword.stamped(source))
  }
}
