import NNDiagnostics
import NNSyntax

/// A scalar that holds `.nn` syntax. What the `.nn` parser finds in it gets its place in the YAML
/// file, through quotes, escapes and folded lines.
struct Fragment {
  private let file: SourceFile
  private let text: ScalarText
  /// The scalar's value as a file of its own.
  private let source: SourceFile

  init(_ value: String, style: ScalarStyle, span: Span, in file: SourceFile) {
    self.file = file
    text = ScalarText(value, style: style, span: span, in: file)
    source = SourceFile(name: file.name, text: value)
  }

  /// - Parameter nesting: the lists and mappings around the scalar.
  func expression(nesting: Int) -> (Expression?, [Diagnostic]) {
    let (expression, found) = parseExpression(source, nesting: nesting)
    return (expression?.moved(by: text.span), moved(found))
  }

  func call(nesting: Int) -> (Call?, [Diagnostic]) {
    let (call, found) = parseCall(source, nesting: nesting)
    return (call?.moved(by: text.span), moved(found))
  }

  func layerHead(nesting: Int) -> ((name: Name, parameters: [LayerDefinition.Parameter])?, [Diagnostic]) {
    let (head, found) = parseLayerHead(source, nesting: nesting)
    let moved = head.map { ($0.name.moved(by: text.span), $0.parameters.map { $0.moved(by: text.span) }) }
    return (moved, self.moved(found))
  }

  func layerItem(nesting: Int) -> (Item?, [Diagnostic]) {
    let (item, found) = parseLayerItem(source, nesting: nesting)
    return (item?.moved(by: text.span), moved(found))
  }

  func statements() -> ([Statement], [Diagnostic]) {
    let (document, found) = parse(source)
    return (document.statements.map { $0.moved(by: text.span) }, moved(found))
  }

  private func moved(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.map { diagnostic in
      var moved = diagnostic
      moved.file = file
      moved.span = text.span(diagnostic.span)
      moved.notes = diagnostic.notes.map {
        Diagnostic.Note(file: file, span: text.span($0.span), message: $0.message)
      }
      return moved
    }
  }
}

// MARK: The same tree at other places

private typealias Move = (Span) -> Span

extension Name {
  fileprivate func moved(by move: Move) -> Name { Name(text, move(span)) }
}

extension Statement {
  fileprivate func moved(by move: Move) -> Statement {
    let kind: Kind
    switch self.kind {
    case .binding(let name, let value): kind = .binding(name.moved(by: move), value.moved(by: move))
    case .seed(let value): kind = .seed(value.moved(by: move))
    case .input(let value): kind = .input(value.moved(by: move))
    case .data(let data):
      kind = .data(
        DataStatement(
          name: data.name?.moved(by: move), sources: data.sources.map { $0.moved(by: move) },
          settings: data.settings.map { $0.moved(by: move) }))
    case .model(let name, let stack): kind = .model(name.moved(by: move), stack.moved(by: move))
    case .layer(let layer):
      kind = .layer(
        LayerDefinition(
          name: layer.name.moved(by: move), parameters: layer.parameters.map { $0.moved(by: move) },
          body: layer.body.moved(by: move)))
    case .component(let component, let name, let call, let groups):
      kind = .component(
        component, name: name?.moved(by: move), call.moved(by: move),
        groups: groups.map { $0.moved(by: move) })
    case .train(let settings): kind = .train(settings.map { $0.moved(by: move) })
    }
    return Statement(kind, span: move(span), keyword: move(keyword))
  }
}

extension ParameterGroup {
  fileprivate func moved(by move: Move) -> ParameterGroup {
    ParameterGroup(
      pattern: pattern.moved(by: move), settings: settings.map { $0.moved(by: move) }, span: move(span))
  }
}

extension LayerDefinition.Parameter {
  fileprivate func moved(by move: Move) -> LayerDefinition.Parameter {
    LayerDefinition.Parameter(
      name: name.moved(by: move), defaultValue: defaultValue?.moved(by: move), span: move(span))
  }
}

extension Stack {
  fileprivate func moved(by move: Move) -> Stack {
    Stack(items: items.map { $0.moved(by: move) }, span: move(span))
  }
}

extension Item {
  fileprivate func moved(by move: Move) -> Item {
    let element: Element
    switch self.element {
    case .call(let call): element = .call(call.moved(by: move))
    case .sequential(let stack): element = .sequential(stack.moved(by: move))
    }
    return Item(name: name?.moved(by: move), element: element, span: move(span))
  }
}

extension Call {
  fileprivate func moved(by move: Move) -> Call {
    Call(name: name.moved(by: move), arguments: arguments.map { $0.moved(by: move) }, span: move(span))
  }
}

extension Argument {
  fileprivate func moved(by move: Move) -> Argument {
    Argument(name: name?.moved(by: move), value: value.moved(by: move), span: move(span))
  }
}

extension Expression {
  fileprivate func moved(by move: Move) -> Expression {
    let kind: Kind
    switch self.kind {
    case .number, .string, .boolean, .none, .hole, .word: kind = self.kind
    case .list(let elements): kind = .list(elements.map { $0.moved(by: move) })
    case .unary(let sign, let operand): kind = .unary(sign, operand.moved(by: move))
    case .binary(let sign, let left, let right):
      kind = .binary(sign, left.moved(by: move), right.moved(by: move))
    case .call(let call): kind = .call(call.moved(by: move))
    }
    return Expression(kind, span: move(span))
  }
}
