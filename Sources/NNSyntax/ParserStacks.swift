import NNDiagnostics

// Stacks of layers: `{ … }`, `Sequential(…)`, and what `print(model)` writes.

extension Parser {
  /// `{ items }`
  mutating func parseStack() -> Stack {
    let start = token.span.start
    var items: [Item] = []
    bracketed { items = $0.parseItems() }
    return Stack(items: items, span: span(from: start))
  }

  /// The items up to the closing bracket, which may be `}` or `)`.
  mutating func parseItems() -> [Item] {
    var result: [Item] = []
    var toldMissingComma = false
    while !at(.end), !token.kind.closesBracket || skipStrayClosing() {
      let before = taken
      startLine()
      if at(.comma) {
        report(.emptyBetweenCommas())
        advance(joining: true)
      } else if at(.semicolon) {
        if !newlinesCount { report(.semicolonInBrackets(")")) }
        advance(joining: true)
      } else if !reportCommentIfPresent() {
        if let item = parseItem(index: result.count) {
          result.append(item)
          items += 1
          if items > Bounds.items {
            reportAlways(.tooManyItems(Bounds.items), at: item.span)
            stopped = true
          }
        } else {
          recover()
        }
        parseItemSeparator(&toldMissingComma)
      }
      if taken == before { break }
    }
    return result
  }

  /// After an item: a comma, a semicolon, a line break where they count, or the next `(KEY):`.
  private mutating func parseItemSeparator(_ toldMissingComma: inout Bool) {
    if eat(.comma, joining: true) || at(.end) || token.kind.closesBracket || at(.semicolon) { return }
    if reportCommentIfPresent() {
      _ = eat(.comma, joining: true)
      return
    }
    if atNewLine || atKey() { return }
    if at(.name) || at(.number) {
      if !token.newlineBefore {
        report(.missingCommaBetweenLayers(found))
      } else if !toldMissingComma {
        // One habit, one message a stack.
        report(.missingCommaBetweenLines(), at: missingSpan)
        toldMissingComma = true
      }
      return
    }
    report(.unexpectedAfterLayer(found))
    if !at(.leftParenthesis), !at(.leftBrace), !at(.leftBracket) { advance() }
    recover()
    _ = eat(.comma, joining: true)
  }

  /// A closing bracket that no open one asks for is reported and passed; true where that was so.
  private mutating func skipStrayClosing() -> Bool {
    guard let opening = token.kind.closed, !open.contains(where: { $0.kind == opening }) else { return false }
    report(.strayClosing(token.kind.sign))
    advance()
    silence()
    return true
  }

  // MARK: Items

  /// `[NAME "=" | "(" KEY ")" ":"] layer`
  mutating func parseItem(index: Int = 0) -> Item? {
    let start = token.span.start
    var name: Name?
    if at(.leftParenthesis) {
      guard atKey() || atKeyWithoutColon() else {
        report(.parenthesisedLayer())
        return nil
      }
      name = parseKey(index: index)
    }
    if atStatementInModel() {
      report(.statementInModel(text))
      return nil
    }
    if reportForeignCode() { return nil }
    if at(.name), reservedForm() != nil { return skipReserved() }
    if at(.name), text == "self", peek() == .dot { name = parseSelfName() ?? name }
    if at(.name) {
      let next = peek()
      if next == .equals || next == .colon {
        name = Name(text, token.span)
        advance()
        if at(.colon) { reportAlways(.colonForEquals("\(name?.text ?? "") = "), at: token.span) }
        advance(joining: true)
      }
    }
    guard let element = parseElement(ofItemAt: start) else { return nil }
    return Item(name: name, element: element, span: span(from: start))
  }

  /// `self.conv1 = ` is the name `conv1`, with a message; other uses of `self` are Python's.
  private mutating func parseSelfName() -> Name? {
    var probe = lexer
    _ = Self.significant(&probe)
    let member = Self.significant(&probe)
    guard member.kind == .name, Self.significant(&probe).kind == .equals else {
      report(.selfExpression())
      return nil
    }
    let name = Name(text(member), member.span)
    reportAlways(.selfAssignment(name.text), at: Span(token.span.start, member.span.end))
    advance()
    advance()
    advance()
    advance(joining: true)
    return name
  }

  /// A layer, `Sequential` with a stack, or a container as `print(model)` shows it.
  private mutating func parseElement(ofItemAt itemStart: Int? = nil) -> Item.Element? {
    if at(.number), peek() == .star {
      return skipReserved()
    }
    guard at(.name), !atNewLine else {
      report(.expectedLayer(found: found), at: token.span.start == itemStart ? token.span : missingSpan)
      return nil
    }
    let start = token.span.start
    if text == "self", peek() == .dot {
      report(.selfExpression())
      return nil
    }
    guard let name = parseDottedName() else { return nil }
    if at(.star) { return skipReserved(.reserved("repeating a layer with `*`"), at: token.span) }
    if name.text == "Sequential" { return .sequential(parseSequential(from: start)) }
    if at(.leftParenthesis), !atNewLine {
      if atKey() { return .call(Call(name: name, arguments: [], span: name.span)) }
      if atKey(after: lexer) { return .sequential(parseContainer(name, from: start)) }
    }
    return .call(parseCall(after: name, from: start))
  }

  /// What follows the word `Sequential`: a stack in braces or parentheses, or nothing.
  mutating func parseSequential(from start: Int) -> Stack {
    var items: [Item] = []
    if at(.leftBrace) || at(.leftParenthesis), !atNewLine, !atKey() {
      bracketed { parser in
        items = parser.atOrderedDict() ? parser.parseOrderedDict() : parser.parseItems()
      }
    }
    return Stack(items: items, span: span(from: start))
  }

  /// `Tudui(` newline `(model): Sequential(…)`: a class of the user's, as print shows it.
  mutating func parseContainer(_ name: Name, from start: Int) -> Stack {
    var items: [Item] = []
    bracketed { items = $0.parseItems() }
    if items.count > 1 { reportAlways(.unknownForward(name.text), at: name.span) }
    return Stack(items: items, span: span(from: start))
  }

  // MARK: Keys of print(model)

  /// At `(KEY):`.
  func atKey() -> Bool { at(.leftParenthesis) && keyEnd(lexer) }

  /// At `(` with `(KEY):` after it.
  func atKey(after lexer: Lexer) -> Bool {
    var probe = lexer
    return Self.significant(&probe).kind == .leftParenthesis && keyEnd(probe)
  }

  /// At `(KEY)` with a layer right after it.
  private func atKeyWithoutColon() -> Bool {
    var probe = lexer
    let key = Self.significant(&probe).kind
    guard key == .name || key == .number, Self.significant(&probe).kind == .rightParenthesis else {
      return false
    }
    let layer = Self.significant(&probe)
    return layer.kind == .name && !layer.newlineBefore
  }

  /// At what can only be a statement, and a brace above may be missing or not: in a line further out, the
  /// model is left unclosed, which ``parseStatements()`` sees.
  private func atStatementInModel() -> Bool {
    guard at(.name), !open.isEmpty, let keyword = Keyword(rawValue: text),
      !token.newlineBefore || indent(of: token.span.start) > statementIndent
    else { return false }
    var probe = lexer
    let next = Self.significant(&probe)
    let third = Self.significant(&probe)
    if next.newlineBefore { return false }
    switch keyword {
    case .let: return next.kind == .name
    case .seed: return next.kind == .equals && third.kind == .number
    case .input: return next.kind == .equals && third.kind != .name
    case .layer: return next.kind == .name && third.kind == .leftParenthesis
    case .model: return next.kind == .name && (third.kind == .leftBrace || third.kind == .equals)
    case .data, .loss, .optimizer, .schedule: return next.kind == .name && third.kind == .equals
    case .train:
      return next.kind == .leftParenthesis && third.kind == .name
        && Self.significant(&probe).kind == .equals
    }
  }

  /// `KEY):` comes next.
  private func keyEnd(_ lexer: Lexer) -> Bool {
    var probe = lexer
    let key = Self.significant(&probe).kind
    return (key == .name || key == .number) && Self.significant(&probe).kind == .rightParenthesis
      && Self.significant(&probe).kind == .colon
  }

  /// `(KEY):`, of which a word is the name of the item and a number must be its index.
  private mutating func parseKey(index: Int) -> Name? {
    advance()
    let key = token
    let text = text(key)
    advance()
    advance()
    if !eat(.colon, joining: true) { report(.missingKeyColon(text)) }
    if key.kind == .name { return Name(text, key.span) }
    if NumberLiteral(text)?.integer != index, !toldKeyOrder {
      reportAlways(.keyOutOfOrder(text, expected: index), at: key.span)
      toldKeyOrder = true
    } else if NumberLiteral(text)?.integer == index {
      toldKeyOrder = false
    }
    return nil
  }

  // MARK: OrderedDict

  private func atOrderedDict() -> Bool {
    guard at(.name) else { return false }
    if text == "OrderedDict" { return peek() == .leftParenthesis }
    return text == "collections" && peek() == .dot
  }

  /// `OrderedDict([("conv1", Conv2d(…)), …])`: the items by name.
  private mutating func parseOrderedDict() -> [Item] {
    var result: [Item] = []
    _ = parseDottedName()
    guard at(.leftParenthesis) else { return [] }
    bracketed { parser in
      guard parser.at(.leftBracket) else {
        parser.report(.orderedDictEntry(), at: parser.missingSpan)
        return parser.skipToClosing()
      }
      parser.bracketed { parser in
        while !parser.at(.end), !parser.token.kind.closesBracket {
          let before = parser.taken
          if let item = parser.parseOrderedDictEntry() { result.append(item) } else { parser.recover() }
          if parser.parseSeparator() == .closing || parser.taken == before { break }
        }
      }
      _ = parser.eat(.comma)
    }
    _ = eat(.comma)
    return result
  }

  private mutating func parseOrderedDictEntry() -> Item? {
    guard at(.leftParenthesis) else {
      report(.orderedDictEntry(), at: missingSpan)
      return nil
    }
    let start = token.span.start
    var item: Item?
    bracketed { parser in
      guard parser.at(.string) else {
        parser.report(.orderedDictEntry(), at: parser.missingSpan)
        return parser.skipToClosing()
      }
      let span = parser.token.span
      let text = parser.file.text(in: Span(span.start + 1, max(span.start + 1, span.end - 1)))
      if !isIdentifier(text) { parser.reportAlways(.orderedDictName(text), at: span) }
      parser.advance()
      if !parser.eat(.comma, joining: true) { parser.report(.orderedDictEntry(), at: parser.missingSpan) }
      if let element = parser.parseElement() {
        item = Item(name: Name(text, span), element: element, span: span)
      }
      _ = parser.eat(.comma)
      if !parser.token.kind.closesBracket { parser.recover() }
    }
    item?.span = span(from: start)
    return item
  }
}

/// Whether `text` is a name of the grammar: letters of any script, digits and `_`, not beginning with a
/// digit.
public func isIdentifier(_ text: String) -> Bool {
  guard let first = text.unicodeScalars.first, first == "_" || first.properties.isXIDStart else {
    return false
  }
  return text.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
}
