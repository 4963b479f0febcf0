import NNDiagnostics

// Values: `3`, `"data"`, `same`, `(3, 32, 32)`, `64 * 7 ** 2`, `randn(1, 3)`.

extension Parser {
  /// A value, or nil (reported) where there is none.
  mutating func parseExpression() -> Expression? { parseBinary(above: 0) }

  /// How tightly each operator holds its operands.
  static func precedence(_ operation: BinaryOperator) -> Int {
    switch operation {
    case .add, .subtract: 1
    case .multiply, .divide, .floorDivide, .remainder: 2
    case .power: 4
    }
  }

  /// Of a prefix operator: between `*` and `**`, as in Python.
  static let unaryPrecedence = 3

  /// Operators that hold tighter than `limit`, from the left; `**` is read with its base.
  private mutating func parseBinary(above limit: Int) -> Expression? {
    guard var left = parseUnary() else { return nil }
    var leftHeight = height
    while let operation = token.kind.binaryOperator, !atNewLine {
      let precedence = Self.precedence(operation)
      guard precedence > limit, operation != .power else { break }
      if operation == .floorDivide, looksLikeComment() { break }
      advance(joining: true)
      guard let right = parseBinary(above: precedence) else { return nil }
      leftHeight = max(leftHeight, height) + 1
      guard checkHeight(leftHeight, from: left.span) else { return nil }
      left = Expression(.binary(operation, left, right), span: left.span.union(right.span))
    }
    height = leftHeight
    return left
  }

  private mutating func parseUnary() -> Expression? {
    guard at(.minus) || at(.plus) else { return parsePower() }
    let start = token.span
    guard enter() else { return nil }
    defer { nesting -= 1 }
    let operation: UnaryOperator = at(.minus) ? .minus : .plus
    advance(joining: true)
    guard let operand = parseUnary() else { return nil }
    height += 1
    guard checkHeight(height, from: start) else { return nil }
    return Expression(.unary(operation, operand), span: start.union(operand.span))
  }

  /// `2 ** -1 ** 2`: to the right first, and a sign may stand before the exponent.
  private mutating func parsePower() -> Expression? {
    guard let base = parsePrimary() else { return nil }
    guard at(.doubleStar), !atNewLine else { return base }
    let baseHeight = height
    guard enter() else { return nil }
    defer { nesting -= 1 }
    advance(joining: true)
    guard let exponent = parseUnary() else { return nil }
    height = max(baseHeight, height) + 1
    guard checkHeight(height, from: base.span) else { return nil }
    return Expression(.binary(.power, base, exponent), span: base.span.union(exponent.span))
  }

  private mutating func parsePrimary() -> Expression? {
    height = 0
    if atNewLine || atNextStatement {
      report(.expectedValue(found: "the end of the line"), at: missingSpan)
      return nil
    }
    let start = token.span
    switch token.kind {
    case .number:
      let text = text(token)
      advance()
      return Expression(.number(text), span: start)
    case .string: return parseString()
    case .name where text == "else": break
    case .name: return parseNamedValue()
    case .leftParenthesis: return parseParentheses()
    case .leftBracket:
      let (elements, _) = parseElements()
      return Expression(.list(elements), span: span(from: start.start))
    case .leftBrace:
      report(.bracesAroundValues())
      bracketed { $0.skipToClosing() }
      silence()
      return nil
    case .star where atElementStart, .doubleStar where atElementStart:
      report(.unpacking(token.kind.sign))
      return nil
    case .doubleSlash:
      if reportCommentIfPresent() { return nil }
    default: break
    }
    report(.expectedValue(found: found), at: missingSpan)
    return nil
  }

  private mutating func parseString() -> Expression {
    let start = token.span
    var value = token.replacement ?? ""
    if token.replacement == nil {
      var (from, to) = (start.start, start.end)
      while from < to, file.bytes[from] != UInt8(ascii: "\""), file.bytes[from] != UInt8(ascii: "'") {
        from += 1
      }
      let problem = token.problem
      var quotes = 1
      if case .tripleQuotes = problem { quotes = 3 }
      from = min(from + quotes, to)
      if case .unterminatedString = problem {} else { to = max(from, to - quotes) }
      let (text, bad) = StringLiteral.decode(file.bytes, from, to)
      value = text
      if case .prefixedString = problem {
      } else {
        for span in bad { reportAlways(.badEscape(file.text(in: span)), at: span) }
      }
    }
    let problem = token.problem
    advance()
    // The text may have swallowed the brackets that the line closes.
    if case .unterminatedString = problem { silence() }
    return Expression(.string(value), span: start)
  }

  /// A literal word, a bare word or a call.
  private mutating func parseNamedValue() -> Expression? {
    let start = token.span
    let kind: Expression.Kind?
    switch text {
    case "True", "true": kind = .boolean(true)
    case "False", "false": kind = .boolean(false)
    case "None", "null": kind = Expression.Kind.none
    case "inf", "nan": kind = .number(text)
    case "_": kind = .hole
    default: kind = nil
    }
    if let kind {
      advance()
      return Expression(kind, span: start)
    }
    guard let name = parseDottedName() else { return nil }
    guard at(.leftParenthesis), !atNewLine else {
      return Expression(.word(name.text), span: span(from: start.start))
    }
    let (arguments, argumentsHeight) = parseArguments()
    height = argumentsHeight + 1
    let whole = span(from: start.start)
    guard checkHeight(height, from: whole) else { return nil }
    return Expression(.call(Call(name: name, arguments: arguments, span: whole)), span: whole)
  }

  /// `(value)`, or a tuple where there is a comma or nothing.
  private mutating func parseParentheses() -> Expression? {
    let start = token.span.start
    let before = diagnostics.count
    let (elements, comma) = parseElements()
    if !comma, elements.count <= 1 {
      guard var only = elements.first else {
        return diagnostics.count == before ? Expression(.list([]), span: span(from: start)) : nil
      }
      height -= 1
      only.span = span(from: start)
      return only
    }
    return Expression(.list(elements), span: span(from: start))
  }

  /// The values of a tuple or a list, brackets included, and whether there was a comma.
  private mutating func parseElements() -> (elements: [Expression], comma: Bool) {
    var elements: [Expression] = []
    var comma = false
    var highest = -1
    bracketed { parser in
      while !parser.at(.end), !parser.token.kind.closesBracket {
        let before = parser.taken
        if parser.at(.comma) {
          parser.report(.emptyBetweenCommas())
          parser.advance()
          continue
        }
        if let element = parser.parseExpression() {
          elements.append(element)
          highest = max(highest, parser.height)
        } else {
          parser.recover()
        }
        switch parser.parseSeparator() {
        case .comma: comma = true
        case .element: break
        case .closing: return
        }
        if parser.taken == before { break }
      }
    }
    height = highest + 1
    if !checkHeight(height, from: elements.first?.span ?? token.span) { return ([], comma) }
    return (elements, comma)
  }

  /// The current token is the first of an element between brackets and commas.
  private var atElementStart: Bool {
    previousEnd > 0 && Set("([,".utf8).contains(file.bytes[previousEnd - 1])
  }

  /// At the `[` of `x.shape[0]`.
  private var atIndex: Bool {
    at(.leftBracket) && token.span.start == previousEnd && previousEnd > 0
      && file.bytes[previousEnd - 1] != UInt8(ascii: "]")
  }

  /// At an operator of Python's that the grammar does not have.
  var isForeignOperator: Bool {
    switch token.kind {
    case .foreign: !["+=", "-=", "*=", "/=", "->", "=>"].contains(text(token))
    case .name: ["and", "or", "not", "if", "is", "in", "for", "lambda"].contains(text)
    default: false
    }
  }

  /// How a comma-separated list goes on after an element.
  enum Continuation { case comma, element, closing }

  /// After an element: takes the comma, or reports what stands in its place and goes to where the next
  /// element may begin.
  mutating func parseSeparator() -> Continuation {
    if eat(.comma, joining: true) { return .comma }
    if at(.end) || token.kind.closesBracket { return .closing }
    if reportCommentIfPresent() { return eat(.comma, joining: true) ? .comma : .element }
    let closing = open.last?.kind.closing?.sign ?? ")"
    if token.kind.beginsExpression {
      // On a new line, the bracket rather than the comma is missing, and ``close`` says so; but not
      // in the rows of a list and before `name=`.
      if token.newlineBefore {
        if beginsStatement(token, lexer) { return .closing }
        if open.last?.kind != .leftBracket, !(at(.name) && peek() == .equals) { return .closing }
      }
      if isForeignOperator || atIndex {
        report(atIndex ? .indexing() : .foreignOperator(text))
        recover()
        return eat(.comma, joining: true) ? .comma : .element
      }
      // One habit, one message a bracket.
      if missingCommaBracket != open.last?.span { report(.missingComma(before: found)) }
      missingCommaBracket = open.last?.span
      return .element
    }
    if at(.semicolon) {
      report(.semicolonInBrackets(closing))
      advance()
      return .element
    }
    report(isForeignOperator ? .foreignOperator(text(token)) : .unexpectedInList(found, closing))
    if !token.kind.opensBracket { advance() }
    recover()
    return eat(.comma, joining: true) ? .comma : .element
  }

  /// Passes everything up to the closing bracket of this level.
  mutating func skipToClosing() {
    repeat {
      recover()
      if at(.comma) || at(.semicolon) || atNewLine { advance() }
    } while !at(.end) && !token.kind.closesBracket
    silence()
  }

  // MARK: Bounds

  /// One level deeper; false (reported) where that is too deep.
  private mutating func enter() -> Bool {
    guard nesting < Bounds.nesting else {
      report(.tooDeep(Bounds.nesting))
      recover()
      return false
    }
    nesting += 1
    return true
  }

  private mutating func checkHeight(_ height: Int, from span: Span) -> Bool {
    guard height > Self.heightLimit else { return true }
    report(.tooManyOperators(Self.heightLimit), at: span)
    recover()
    return false
  }
}
