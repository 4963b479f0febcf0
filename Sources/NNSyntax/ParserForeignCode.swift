import NNDiagnostics

// What is no `.nn` statement: forms of the language that this version does not have, Python, YAML,
// misspelled keywords and layers outside a model. Each has its own message.

extension Parser {
  // MARK: Comments of other languages

  /// At `//` where no value is being read: a comment of another language.
  mutating func reportCommentIfPresent() -> Bool {
    guard at(.doubleSlash) else { return false }
    report(.slashComment())
    skipLine()
    return true
  }

  /// Whether `//` after a value begins a comment rather than divides: no value follows, or a statement, or
  /// two words in a row.
  func looksLikeComment() -> Bool {
    var probe = lexer
    let first = Self.significant(&probe)
    if first.newlineBefore, beginsStatement(first, probe) { return true }
    if first.kind == .minus || first.kind == .plus { return false }
    guard first.kind.beginsExpression else { return true }
    let second = Self.significant(&probe)
    return first.kind == .name && !second.newlineBefore && (second.kind == .name || second.kind == .number)
  }

  // MARK: Reserved forms

  /// The words of a form of a later version that begins with the current token where an item stands.
  func reservedForm() -> String? {
    var probe = lexer
    let next = Self.significant(&probe).kind
    switch text {
    case "repeat" where next == .number || next == .name || next == .leftBrace: return "repeat"
    case "residual" where next == .leftBrace: return "residual"
    case "branch" where next == .leftBrace: return "branch"
    // `branch()` is a layer of that name; the form's settings are never empty.
    case "branch" where next == .leftParenthesis && Self.significant(&probe).kind != .rightParenthesis:
      return "branch"
    case "share" where next == .name: return "share"
    default: return nil
    }
  }

  /// The same where a statement stands.
  func reservedStatement() -> String? {
    let next = peek()
    switch text {
    case "block" where next == .name: return "block"
    case "loop" where next == .leftBrace: return "loop"
    case "include" where next == .string: return "include"
    default: return nil
    }
  }

  /// Reports a reserved form at the current token and passes it with its braces.
  mutating func skipReserved<Result>(_ message: SyntaxMessage? = nil, at span: Span? = nil) -> Result? {
    let form = reservedForm() ?? "repeating a layer with `*`"
    report(message ?? .reserved(form), at: span)
    repeat {
      let before = taken
      if !token.kind.closesBracket, !token.kind.opensBracket, !at(.comma) { advance() }
      recover()
      // `residual { … }` may go on with `shortcut { … }`, `branch { … }` with `{ … }` on a new line.
      let goesOn = atNewLine && (at(.leftBrace) || text == "shortcut")
      if !goesOn || taken == before { break }
    } while true
    return nil
  }

  // MARK: Python

  /// The message for a line of code, which goes by the rest of the line.
  var pythonLine: SyntaxMessage {
    let start = token.span.start
    return .pythonStatement(file.text(in: Span(start, min(lexer.lineEnd(after: start), start + 200))))
  }

  /// Reports Python code at the current token and passes it, with the block below it.
  mutating func reportForeignCode() -> Bool {
    let start = token.span.start
    if at(.foreign), text(token) == "@" {
      report(pythonLine)
      skipStatement()
      return true
    }
    guard at(.name), let message = foreignStatement() else { return false }
    report(message.message)
    if message.hasBlock { skipIndentedBlock(from: start) } else { skipStatement() }
    return true
  }

  private func foreignStatement() -> (message: SyntaxMessage, hasBlock: Bool)? {
    let next = peek()
    if next == .equals { return nil }
    switch text {
    case "class" where next == .name: return (.pythonClass(), true)
    case "def" where next == .name, "async" where next == .name: return (.pythonFunction(), true)
    case "import" where next == .name, "from" where next == .name: return (.pythonImport(), false)
    case "for" where next == .name, "while" where next != .colon: return (.pythonLoop(text), true)
    case "if" where next != .colon, "elif" where next != .colon, "with" where next == .name,
      "try" where next == .colon, "except" where next == .colon || next == .name,
      "finally" where next == .colon:
      return (.pythonCondition(text), true)
    case "else" where next == .colon: return (.pythonCondition(text), true)
    case "print" where next == .leftParenthesis: return (.pythonPrint(), false)
    case "return" where next != .colon, "pass",
      "super" where next == .leftParenthesis,
      "assert" where next == .name, "raise" where next == .name, "del" where next == .name,
      "global" where next == .name:
      return (pythonLine, false)
    default: return nil
    }
  }

  // MARK: YAML

  /// `model:` at the end of a line or before `{` is the YAML spelling: one message, and the rest is not
  /// read. False where the colon only stands for `=`.
  mutating func reportYAML(_ keyword: Keyword) -> Bool {
    let next = peek()
    var probe = lexer
    guard next == .leftBrace || Self.significant(&probe).newlineBefore || next == .end else { return false }
    report(.yamlSpelling(keyword.rawValue))
    stop()
    return true
  }

  /// Reads no further.
  private mutating func stop() {
    stopped = true
    advance()
  }

  // MARK: Statements without a keyword

  /// A line break that would not count is followed by what begins a statement.
  var atNextStatement: Bool { newlinesCount && token.newlineBefore && beginsStatement(token, lexer) }

  /// Whether a token that begins a line begins a statement beyond doubt, or nearly.
  func beginsStatement(_ token: Token, _ after: Lexer) -> Bool {
    guard token.kind == .name, let keyword = Keyword(rawValue: text(token)) else { return false }
    var probe = after
    let next = Self.significant(&probe)
    if next.newlineBefore { return false }
    switch keyword {
    case .train: return next.kind == .leftParenthesis
    case .let: return next.kind == .name
    case .model: return next.kind == .name
    case .layer: return next.kind == .name && Self.significant(&probe).kind == .leftParenthesis
    case .seed, .input: return next.kind == .equals
    case .data, .loss, .optimizer, .schedule:
      return next.kind == .equals || next.kind == .name && Self.significant(&probe).kind == .equals
    }
  }

  /// A statement that begins with neither a word nor a bracket of ours.
  mutating func parseUnnamedStatement() -> Statement? {
    if reportForeignCode() { return nil }
    if token.kind.closesBracket {
      if !toldLayerOutside { report(.strayClosing(token.kind.sign)) }
      advance()
      if !at(.end), !at(.semicolon) { atNewLine = token.newlineBefore }
      if token.kind.closesBracket { atNewLine = true }
      return nil
    }
    if atKey() {
      reportLayerOutside()
    } else if at(.minus) {
      report(.yamlSpelling("-"))
      stop()
      return nil
    } else if at(.leftBrace), peek() == .string || peek() == .name {
      report(.yamlSpelling("{"))
      stop()
      return nil
    } else if at(.string) {
      report(.textStatement())
    } else {
      report(.expectedStatement(found: found))
    }
    skipStatement()
    return nil
  }

  /// A statement that begins with a word that is no keyword.
  mutating func parseUnknownStatement() -> Statement? {
    let word = Name(text, token.span)
    var probe = lexer
    let next = Self.significant(&probe)
    if next.newlineBefore || next.kind == .end || next.kind == .semicolon {
      if didYouMean(word.text, from: Keyword.allCases.map(\.rawValue)) == nil { reportLayerOutside() }
      report(.unknownStatement(word.text))
      skipStatement()
      return nil
    }
    switch next.kind {
    case .equals: return parseAssignment(word)
    case .colon:
      report(.colonForEquals("\(word.text) = "), at: next.span)
    case .name, .leftBrace, .string, .number:
      if let keyword = nearKeyword(word.text) {
        report(.unknownStatement(word.text))
        return parseStatement(keyword)
      }
      report(.unknownStatement(word.text))
    case .leftParenthesis:
      if keyEnd(atParenthesis: probe) { return parsePrintedModel() }
      if word.text == "Sequential" { return parsePrintedModel() }
      if nearKeyword(word.text) == .train {
        report(.unknownStatement(word.text))
        return parseStatement(.train)
      }
      reportLayerOutside()
    case .dot:
      var parser = self
      let name = parser.parseDottedName()?.text ?? word.text
      if name == "Sequential" { return parsePrintedModel() }
      if name == "manual_seed" {
        report(.manualSeed())
      } else if TorchPrefix.length([word.text, name]) > 0, name.first?.isUppercase == true {
        reportLayerOutside()
      } else {
        report(pythonLine)
      }
    case .foreign, .comma:
      report(pythonLine)
    default:
      report(.unknownStatement(word.text))
    }
    skipStatement()
    return nil
  }

  private func keyEnd(atParenthesis lexer: Lexer) -> Bool { atKey(after: lexer) }

  /// A whole `print(model)` block: `Tudui(` newline `(0): …`. A `Sequential` prints without a name, and
  /// the model is then called `Net`.
  private mutating func parsePrintedModel() -> Statement? {
    let start = token.span
    guard let name = parseDottedName() else { return nil }
    let stack: Stack
    if name.text == "Sequential" {
      stack = parseSequential(from: start.start)
    } else {
      stack = parseContainer(name, from: start.start)
    }
    let model = name.text == "Sequential" ? Name("Net", name.span) : name
    return Statement(.model(model, stack), span: span(from: start.start), keyword: name.span)
  }

  /// Told once for lines in a row.
  private mutating func reportLayerOutside() {
    if !toldLayerOutside { report(.layerOutsideModel()) }
    silence()
    toldLayerOutside = true
  }

  /// The keyword that a word was meant to be, by spelling alone.
  private func nearKeyword(_ word: String) -> Keyword? {
    let near = suggest(word, from: Keyword.allCases.map(\.rawValue), limit: 1).first
    guard let near, abs(near.count - word.count) <= 2 else { return nil }
    return Keyword(rawValue: near)
  }

  /// `x = …` without a keyword: what the value is says which one is missing.
  private mutating func parseAssignment(_ name: Name) -> Statement? {
    var probe = self
    probe.advance()
    probe.advance(joining: true)
    let callStart = probe.token.span.start
    if probe.at(.name), let callee = probe.parseDottedName() {
      if callee.text == "Sequential" || probe.at(.leftParenthesis) && atKey(after: probe.lexer) {
        report(.modelWithoutKeyword(name.text))
        advance()
        advance(joining: true)
        return parseModelValue(name: name).map {
          Statement($0, span: span(from: name.span.start), keyword: name.span)
        }
      }
      if probe.at(.leftParenthesis) {
        if let keyword = keyword(for: name.text, callee: callee.text, probe) {
          report(.otherName(name.text, keyword.rawValue))
          return parseStatement(keyword)
        }
        if callee.text == "randn" || callee.text == "tensor" {
          report(.otherName(name.text, Keyword.input.rawValue))
          unreadBindings.append(name)
          skipStatement()
          return nil
        }
        let written = file.text(in: Span(callStart, probe.previousEnd))
        let makesObject = written.split(separator: ".").last?.first?.isUppercase == true
        let isMethod = written.contains(".") && !makesObject
        if isMethod || makesObject {
          unreadBindings.append(name)
          report(isMethod ? pythonLine : .pythonObject(name.text, callee.text))
          skipStatement()
          return nil
        }
      }
    }
    report(.missingLet(name.text, near: nearKeyword(name.text)?.rawValue))
    advance()
    advance(joining: true)
    guard let value = parseExpression() else {
      unreadBindings.append(name)
      skipStatement()
      return nil
    }
    // What is wrong after the value comes of Python's `x = …` too.
    if !at(.doubleSlash), !at(.semicolon), !atNewLine { skipStatement() }
    return Statement(.binding(name, value), span: span(from: name.span.start), keyword: name.span)
  }

  /// The keyword that an assignment of a call wants; `probe` stands at the parenthesis of the call.
  private func keyword(for name: String, callee: String, _ probe: Parser) -> Keyword? {
    if callee == "DataLoader" { return .data }
    if callee.hasSuffix("Loss") { return .loss }
    if callee.hasSuffix("LR") { return .schedule }
    var lexer = probe.lexer
    let first = Self.significant(&lexer)
    if first.kind == .name, Self.significant(&lexer).kind == .dot,
      text(Self.significant(&lexer)) == "parameters"
    {
      return .optimizer
    }
    if let keyword = nearKeyword(name), keyword != .let, keyword != .train, keyword != .model {
      return keyword
    }
    switch name {
    case "criterion", "loss_fn", "loss_func", "loss_function": return .loss
    case "optim", "opt": return .optimizer
    case "dataset", "dataloader", "train_data", "test_data", "trainset", "testset": return .data
    case "scheduler": return .schedule
    default: return nil
    }
  }
}
