import NNDiagnostics

// Statements: `let`, `seed`, `input`, `data`, `model`, `loss`, `optimizer`, `schedule`, `train`.

/// The words that begin a statement.
enum Keyword: String, CaseIterable {
  case `let`, seed, input, data, model, layer, loss, optimizer, schedule, train
}

extension Parser {
  /// All statements up to the end of the file.
  ///
  /// A bracket that is never closed would swallow the rest of the file. Where a line inside it begins a
  /// statement, the statement is read again up to that line, and reading goes on from there.
  mutating func parseStatements() -> [Statement] {
    let end = lexer.end
    var statements: [Statement] = []
    var rereadings = 20
    while !at(.end) {
      if eat(.semicolon) { continue }
      let start = self
      let before = taken
      statementIndent = indent(of: token.span.start)
      startLine()
      resumption = nil
      var statement = parseStatement()
      if let resumption, rereadings > 0, resumption > start.token.span.start, !stopped {
        rereadings -= 1
        self = start
        startLine()
        limited = true
        lexer.end = resumption
        if token.span.end > resumption { load(joining: true) }
        statement = parseStatement()
        if !at(.end) { skipStatement() }
        limited = false
        self.resumption = nil
        lexer = Lexer(file.bytes, from: resumption, to: end)
        load()
        atNewLine = true
      }
      if let statement {
        statements.append(statement)
        toldLayerOutside = false
      }
      parseStatementEnd(of: statement)
      if taken == before { advance() }
    }
    return statements
  }

  /// The line break or `;` after a statement; after one that could not be read, `statement` is nil.
  private mutating func parseStatementEnd(of statement: Statement?) {
    if at(.end) || at(.semicolon) || atNewLine || reportCommentIfPresent() { return }
    if beginsStatement(token, lexer) {
      if !token.newlineBefore { report(.unexpectedAfterStatement(found)) }
      return
    }
    if token.kind.closesBracket {
      if !toldLayerOutside { report(.strayClosing(token.kind.sign)) }
      advance()
      silence()
      if at(.end) || atNewLine { return }
    }
    report(afterStatement(statement))
    if !token.kind.opensBracket { advance() }
    if !atNewLine { skipStatement() }
  }

  /// The message for the current token, which does not end a statement.
  private func afterStatement(_ statement: Statement?) -> SyntaxMessage {
    let isValue =
      switch statement?.kind {
      case .binding, .seed, .input, .layer: true
      default: false
      }
    if at(.comma) { return .commaAfterStatement(isValue: isValue) }
    if at(.dot) { return pythonLine }
    guard isValue else { return .unexpectedAfterStatement(found) }
    if at(.leftBracket) { return .indexing() }
    return isForeignOperator ? .foreignOperator(text(token)) : .unexpectedAfterStatement(found)
  }

  private mutating func parseStatement() -> Statement? {
    if reportCommentIfPresent() { return nil }
    guard at(.name) else { return parseUnnamedStatement() }
    if reportForeignCode() { return nil }
    if let form = reservedStatement() { return skipReserved(.reserved(form)) }
    if let keyword = Keyword(rawValue: text), keyword != .layer || peek() != .equals {
      return parseStatement(keyword)
    }
    return parseUnknownStatement()
  }

  /// A statement whose keyword, or a word that stands for it, is the current token.
  mutating func parseStatement(_ keyword: Keyword) -> Statement? {
    let word = token.span
    let next = peek()
    if next == .dot || next == .foreign || next == .leftParenthesis && keyword != .train {
      report(pythonLine)
      skipStatement()
      return nil
    }
    advance()
    if at(.colon), reportYAML(keyword) { return nil }
    let kind: Statement.Kind?
    switch keyword {
    case .let: kind = parseBinding()
    case .seed, .input: kind = parsePlainValue(keyword)
    case .data, .loss, .optimizer, .schedule: kind = parseNamed(keyword)
    case .model: kind = parseModel(keyword: word)
    case .layer: kind = parseLayerDefinition()
    case .train: kind = parseTrain()
    }
    guard let kind else {
      skipToStatementEnd()
      return nil
    }
    return Statement(kind, span: span(from: word.start), keyword: word)
  }

  /// After a statement that could not be read.
  private mutating func skipToStatementEnd() {
    if at(.end) || at(.semicolon) || atNewLine { return }
    if token.newlineBefore, beginsStatement(token, lexer) {
      atNewLine = true
    } else {
      skipStatement()
    }
  }

  // MARK: The statements

  private mutating func parseBinding() -> Statement.Kind? {
    guard at(.name), !atNewLine else {
      report(.expectedName("a name after `let`", found: found), at: missingSpan)
      return nil
    }
    let name = parseNewName()
    guard expectEquals(after: "let \(name.text)"), let value = parseExpression() else {
      unreadBindings.append(name)
      return nil
    }
    return .binding(name, value)
  }

  private mutating func parsePlainValue(_ keyword: Keyword) -> Statement.Kind? {
    guard expectEquals(after: keyword.rawValue), let value = parseExpression() else { return nil }
    return keyword == .seed ? .seed(value) : .input(value)
  }

  /// `data`, `loss`, `optimizer` or `schedule`, which may have a name.
  private mutating func parseNamed(_ keyword: Keyword) -> Statement.Kind? {
    var name: Name?
    var head = keyword.rawValue
    if at(.name), !atNewLine {
      if peek() == .leftParenthesis || peek() == .dot {
        // `loss CrossEntropyLoss()`
        report(.expectedEquals(after: head, found: found))
        return parseNamedValue(keyword, name: nil)
      }
      let written = parseNewName()
      name = written
      head += " \(written.text)"
    }
    guard expectEquals(after: head) else { return nil }
    return parseNamedValue(keyword, name: name)
  }

  /// The name that a statement gives, with a message for `my-net`.
  mutating func parseNewName() -> Name {
    var name = Name(text, token.span)
    advance()
    var probe = self
    while probe.at(.minus), probe.token.span.start == probe.previousEnd {
      probe.advance()
      guard probe.at(.name) || probe.at(.number), probe.token.span.start == probe.previousEnd else { break }
      probe.advance()
      name.span.end = probe.previousEnd
    }
    if name.span.end > previousEnd {
      self = probe
      let written = file.text(in: name.span)
      report(.signInName(written), at: name.span)
      name.text = String(written.map { $0 == "-" ? "_" : $0 })
    }
    return name
  }

  /// What stands after the `=` of a statement that is a call.
  mutating func parseNamedValue(_ keyword: Keyword, name: Name?) -> Statement.Kind? {
    guard let component = Statement.Component(rawValue: keyword.rawValue) else {
      return parseData(name: name).map(Statement.Kind.data)
    }
    let article = component == .optimizer ? "an" : "a"
    guard let call = parseCall("\(article) \(component.rawValue)") else { return nil }
    let groups = at(.leftBrace) && component == .optimizer && !atNewLine ? parseParameterGroups() : []
    return .component(component, name: name, call, groups: groups)
  }

  private mutating func parseTrain() -> Statement.Kind? {
    guard at(.leftParenthesis), !atNewLine else {
      report(.expectedTrainSettings(found: found), at: missingSpan)
      return nil
    }
    let arguments = parseArguments().arguments
    for argument in arguments where argument.name == nil {
      reportAlways(.trainSettingWithoutName(file.text(in: argument.span)), at: argument.span)
    }
    return .train(arguments.filter { $0.name != nil })
  }

  /// The `=` of a statement; false (reported) where there is none or nothing after it.
  mutating func expectEquals(after head: String) -> Bool {
    if at(.colon), !atNewLine {
      report(.colonForEquals("\(head) = "))
    } else if !at(.equals) || atNewLine {
      report(.expectedEquals(after: head, found: found), at: missingSpan)
      return false
    }
    advance(joining: true)
    if at(.end) || at(.semicolon) || token.newlineBefore && beginsStatement(token, lexer) {
      report(.missingStatementValue(head), at: Span(previousEnd, previousEnd))
      return false
    }
    return true
  }

  // MARK: data

  /// `DataLoader(source, settings)` or a source.
  private mutating func parseData(name: Name?) -> DataStatement? {
    guard at(.name), !atNewLine else {
      report(.expectedCall("a data set", found: found), at: missingSpan)
      return nil
    }
    let start = token.span.start
    guard let callee = parseDottedName() else { return nil }
    var sources: [Call] = []
    var settings: [Argument] = []
    if callee.text == "DataLoader" {
      guard at(.leftParenthesis), !atNewLine else {
        report(.loaderWithoutSource(), at: callee.span)
        return nil
      }
      let before = diagnostics.count
      bracketed { parser in
        if parser.at(.name), parser.peek() == .equals, parser.text != "dataset" {
          settings = parser.parseSettings(after: [], before: "dataset")
        }
        sources = parser.parseLoaderSources()
        guard !sources.isEmpty || parser.diagnostics.count > before else { return }
        if sources.isEmpty || parser.parseSeparator() != .closing {
          settings = parser.parseSettings(after: settings)
        }
      }
      if sources.isEmpty {
        if diagnostics.count == before { report(.loaderWithoutSource(), at: callee.span) }
        return nil
      }
      if at(.name), text == "else", !atNewLine { report(.elseOutsideLoader()) }
      sources += parseElse()
    } else {
      sources = [parseCall(after: callee, from: start)] + parseElse()
    }
    return DataStatement(name: name, sources: sources, settings: settings)
  }

  /// `[dataset=] source` inside a loader; empty (reported) where there is none.
  private mutating func parseLoaderSources() -> [Call] {
    if at(.name), text == "dataset", peek() == .equals {
      advance()
      advance(joining: true)
    }
    if token.kind.closesBracket { return [] }
    guard let first = parseCall("a data set") else {
      recover()
      _ = eat(.comma, joining: true)
      return []
    }
    return [first] + parseElse()
  }

  /// `{"else" call}`
  private mutating func parseElse() -> [Call] {
    var calls: [Call] = []
    while at(.name), text == "else" || text == "or" && !token.newlineBefore {
      if text == "or" {
        report(.orForElse())
      } else if atNewLine {
        report(.elseOnNewLine())
      }
      advance(joining: true)
      guard let call = parseCall("a data set") else { break }
      calls.append(call)
    }
    return calls
  }

  /// The settings of a loader, of which PyTorch lets the first be positional.
  private mutating func parseSettings(after: [Argument], before last: String? = nil) -> [Argument] {
    let order = ["batch_size", "shuffle", "sampler"]
    var position = 0
    return parseArgumentList(after: after, before: last).arguments.map { argument in
      guard argument.name == nil else { return argument }
      let name = order[min(position, order.count - 1)]
      position += 1
      reportAlways(
        .loaderSettingWithoutName(name, value: file.text(in: argument.span)), at: argument.span)
      return Argument(name: Name(name, argument.span), value: argument.value, span: argument.span)
    }
  }

  // MARK: model

  private mutating func parseModel(keyword: Span) -> Statement.Kind? {
    var name = Name("model", keyword)
    if at(.name), !atNewLine {
      name = parseNewName()
    } else if at(.leftBrace) || at(.equals) {
      report(.missingModelName(), at: keyword)
    } else {
      report(.expectedName("the name of the model", found: found), at: missingSpan)
      return nil
    }
    if at(.equals), !atNewLine {
      advance(joining: true)
      return parseModelValue(name: name)
    }
    if at(.leftBrace) {
      if atNewLine { report(.braceOnNewLine(name.text)) }
      return .model(name, parseModelStack(name))
    }
    if at(.leftParenthesis), !atNewLine {
      report(.modelInParentheses(name.text))
      return .model(name, parseContainer(name, from: token.span.start))
    }
    report(.expectedModelBody(name.text, found: found), at: missingSpan)
    return nil
  }

  /// `Sequential(…)`, or a class of the user's as `print(model)` shows it.
  mutating func parseModelValue(name: Name) -> Statement.Kind? {
    guard at(.name), !(token.newlineBefore && beginsStatement(token, lexer)) else {
      if at(.leftBrace) {
        report(.equalsBeforeBrace(name.text))
        return .model(name, parseModelStack(name))
      }
      report(.expectedModelBody(name.text, found: found), at: missingSpan)
      return nil
    }
    let start = token.span.start
    guard let callee = parseDottedName() else { return nil }
    if at(.name), text == "with", !atNewLine {
      return skipReserved(.reserved("a model that changes another"), at: token.span)
    }
    if callee.text == "Sequential" { return .model(name, parseSequential(from: start)) }
    if at(.leftParenthesis), !atNewLine, atKey(after: lexer) {
      return .model(name, parseContainer(callee, from: start))
    }
    report(.modelValue(name.text, callee.text), at: callee.span)
    return nil
  }

  /// `{ … }` of a model. A pasted `Tudui( … )` in `model Tudui { … }` is the model, not a layer of it.
  private mutating func parseModelStack(_ name: Name) -> Stack {
    let start = token.span.start
    var items: [Item] = []
    bracketed { parser in
      let isPrint = parser.at(.name) && parser.text == name.text && parser.peek() == .leftParenthesis
      items = parser.parseItems()
      if isPrint, items.count == 1, let item = items.first, item.name == nil,
        case .sequential(let inner) = item.element
      {
        items = inner.items
      }
    }
    return Stack(items: items, span: span(from: start))
  }
}
