import NNDiagnostics

// The recursive-descent parser of the `.nn` spelling, one function a production of grammar/nn.ebnf.
//
// Names: `parseX` reads an X that should be there and reports where it is not; `parseXIfPresent` reads
// one if there is one; `at…` looks, `eat` takes a token if it is there, `expect…` takes it or reports.
// Every loop takes at least one token each time round or leaves. After a report nothing more is
// reported until a token has been taken, so that one mistake has one message.

/// The state of parsing: the token to be read, and what was found so far.
struct Parser {
  let file: SourceFile
  var lexer: Lexer
  /// The next token to be taken.
  var token = Token(.end, Span(0, 0), newlineBefore: false)
  /// The end of the last token taken.
  var previousEnd = 0
  var diagnostics: [Diagnostic] = []

  /// Whether a line break ends an item or a statement here: not inside `( )` and `[ ]`.
  var newlinesCount = true
  /// The next token begins a new line, where lines count.
  var atNewLine = false
  /// The brackets that are open here.
  var open: [(kind: Token.Kind, span: Span)] = []
  /// Brackets (`nestingOutside` included), prefix operators and exponents around here.
  var nesting = 0
  /// The height of the value just read, where 0 is a number or a word.
  var height = 0
  /// The items read so far.
  var items = 0
  /// How many tokens were taken, and how many had been at the last report.
  private(set) var taken = 0
  private var takenAtReport = -1
  /// Lexical problems are told once a line: the codes told on the line that ends at `lexicalLineEnd`.
  private var lexicalCodes: Set<String> = []
  private var lexicalLineEnd = -1
  /// Where a statement begins inside a bracket that is never closed; see ``parseStatements()``.
  var resumption: Int?
  /// The order of `(0):`, `(1):` was complained of, and need not be for each one after.
  var toldKeyOrder = false
  /// A layer outside a model was complained of, and need not be for each line after.
  var toldLayerOutside = false
  /// The text ends where the next statement begins; see ``parseStatements()``.
  var limited = false
  /// The `let` statements without a value that could be read.
  var unreadBindings: [Name] = []
  /// The bracket in which a missing comma was complained of, and need not be for each one after.
  var missingCommaBracket: Span?
  /// How far the statement being read is indented.
  var statementIndent = 0
  /// Set when reading on would only add noise.
  var stopped = false

  /// The errors after which the rest of a file is not read.
  static let errorLimit = 1_000
  /// The height of a value: operators in a row, brackets and calls.
  static let heightLimit = 500

  init(_ file: SourceFile, in span: Span? = nil, nesting: Int = 0) {
    self.file = file
    let start = min(max(span?.start ?? 0, 0), file.bytes.count)
    lexer = Lexer(
      file.bytes, from: start, to: min(max(span?.end ?? file.bytes.count, start), file.bytes.count))
    self.nesting = nesting
    previousEnd = start
    load(joining: true)
  }

  // MARK: Tokens

  /// Takes the token; `joining` where a line break after it does not count.
  mutating func advance(joining: Bool = false) {
    previousEnd = token.span.end
    taken += 1
    load(joining: joining)
  }

  /// Reads the next token, reporting what is wrong with its characters.
  mutating func load(joining: Bool = false) {
    var newline = false
    repeat {
      token = lexer.next()
      newline = newline || token.newlineBefore
      if case .loneCarriageReturn = token.problem { newline = true }
      if token.problem != nil { reportLexicalProblem() }
    } while token.kind == .skipped
    token.newlineBefore = newline
    if stopped { token = Token(.end, Span(token.span.start, token.span.start), newlineBefore: newline) }
    atNewLine = newline && newlinesCount && !joining
  }

  /// The kinds of the tokens after the current one.
  func peek() -> Token.Kind {
    var probe = lexer
    return Self.significant(&probe).kind
  }

  /// A line break stands after the current token.
  var nextIsOnNewLine: Bool {
    var probe = lexer
    return Self.significant(&probe).newlineBefore
  }

  /// The next token that is not passed over, without reporting.
  static func significant(_ lexer: inout Lexer) -> Token {
    var newline = false
    while true {
      var token = lexer.next()
      newline = newline || token.newlineBefore
      token.newlineBefore = newline
      if token.kind != .skipped { return token }
    }
  }

  func at(_ kind: Token.Kind) -> Bool { token.kind == kind }

  mutating func eat(_ kind: Token.Kind, joining: Bool = false) -> Bool {
    guard at(kind) else { return false }
    advance(joining: joining)
    return true
  }

  func text(_ token: Token) -> String { token.replacement ?? file.text(in: token.span) }
  var text: String { token.kind == .name ? text(token) : "" }

  /// From `start` to the last token taken.
  func span(from start: Int) -> Span { Span(start, max(start, previousEnd)) }

  /// The token for a message: `` `)` ``, "the end of the line".
  var found: String {
    switch token.kind {
    case .end:
      if limited { return "the next statement" }
      return lexer.end == file.bytes.count ? "the end of the file" : "the end of the text"
    case _ where atNewLine: return "the end of the line"
    case .string: return "a text"
    case .name, .number, .foreign: return "`\(text(token).prefix(40))`"
    default: return "`\(token.kind.sign)`"
    }
  }

  /// Where a message about a missing thing points: the next token, or just past the last one where
  /// that token is on another line.
  var missingSpan: Span {
    token.newlineBefore || at(.end) ? Span(previousEnd, previousEnd) : token.span
  }

  // MARK: Reports

  /// Adds a diagnostic unless one was added since the last token was taken.
  mutating func report(_ message: SyntaxMessage, at span: Span? = nil, notes: [(Span, String)] = []) {
    guard takenAtReport != taken else { return }
    silence()
    reportAlways(message, at: span ?? token.span, notes: notes)
  }

  /// Adds a diagnostic that is no echo of any other.
  mutating func reportAlways(_ message: SyntaxMessage, at span: Span, notes: [(Span, String)] = []) {
    guard !stopped else { return }
    diagnostics.append(message.diagnostic(in: file, at: span, notes: notes))
    if diagnostics.count >= Self.errorLimit {
      diagnostics.append(SyntaxMessage.tooManyErrors(Self.errorLimit).diagnostic(in: file, at: span))
      stopped = true
    }
  }

  /// Reports nothing more until a token is taken.
  mutating func silence() { takenAtReport = taken }

  /// A new line is a new chance to be wrong.
  mutating func startLine() {
    if token.newlineBefore { takenAtReport = -1 }
    atNewLine = false
  }

  private mutating func reportLexicalProblem() {
    guard let problem = token.problem else { return }
    let message = SyntaxMessage(problem, text: file.text(in: token.span))
    if token.span.start >= lexicalLineEnd {
      lexicalCodes = []
      lexicalLineEnd = lexer.lineEnd(after: token.span.end)
    }
    guard lexicalCodes.insert(message.code).inserted else { return }
    var span = token.span
    switch problem {
    case .unterminatedString, .lineContinuation: span.end = min(span.end, span.start + 1)
    // What follows it, and what a name would be here, is the same mistake.
    case .unknownCharacter, .malformedNumber: silence()
    default: break
    }
    reportAlways(message, at: span)
  }

  // MARK: Brackets

  /// Takes an opening bracket, what `body` reads, and the closing one, and reports a bracket that does
  /// not match. Past the nesting bound everything up to the closing bracket is passed over.
  mutating func bracketed(joining: Bool = true, _ body: (inout Parser) -> Void) {
    guard let closing = token.kind.closing else { return }
    let opener = token
    let outerNewlines = newlinesCount
    newlinesCount = opener.kind == .leftBrace
    open.append((opener.kind, opener.span))
    nesting += 1
    if nesting > Bounds.nesting {
      report(.tooDeep(Bounds.nesting))
      skipBalanced()
      silence()
    } else {
      advance(joining: true)
      body(&self)
    }
    nesting -= 1
    open.removeLast()
    newlinesCount = outerNewlines
    close(closing, opener)
  }

  /// Passes everything up to the closing bracket of the current, opening token.
  private mutating func skipBalanced() {
    var stack: [Token.Kind] = []
    repeat {
      if token.kind.opensBracket { stack.append(token.kind) }
      if let opening = token.kind.closed, stack.last == opening {
        if stack.count == 1 { return }
        stack.removeLast()
      }
      advance()
    } while !at(.end)
  }

  private mutating func close(_ closing: Token.Kind, _ opener: Token) {
    let note = (opener.span, "`\(opener.kind.sign)` is opened here")
    if at(closing) {
      advance()
    } else if let opening = token.kind.closed {
      // `Conv2d(3, 5]` on one line is a slip of the finger; a bracket that closes another one further
      // out means that this one is missing.
      let isSlip: Bool
      if let outer = open.last(where: { $0.kind == opening }) {
        isSlip = onOneLine(opener.span, token.span) && !onOneLine(outer.span, opener.span)
      } else {
        isSlip = true
      }
      report(
        .mismatchedBracket(found: token.kind.sign, expected: closing.sign, isSlip: isSlip), notes: [note])
      if isSlip { advance() }
      silence()
    } else if at(.end) {
      var notes = open.reversed().prefix(3).map { ($0.span, "nor is this `\($0.kind.sign)`") }
      if limited { notes.append((Span(lexer.end, lexer.end), "the next statement begins here")) }
      noteResumption(after: open.first?.span ?? opener.span)
      report(.unclosedBracket(opener.kind.sign, closing.sign), at: opener.span, notes: notes)
    } else {
      noteResumption(after: opener.span)
      report(
        .expectedClosing(closing.sign, found: found), at: missingSpan, notes: [note])
      silence()
    }
    atNewLine = token.newlineBefore && newlinesCount
  }

  /// Looks for the first line after an unclosed bracket that begins a statement, where reading should
  /// go on.
  private mutating func noteResumption(after opener: Span) {
    guard resumption == nil, takenAtReport != taken else { return }
    let reach = min(token.span.end, lexer.end, opener.end + 65_536)
    var probe = Lexer(file.bytes, from: opener.end, to: reach)
    while true {
      let next = Self.significant(&probe)
      if next.kind == .end { return }
      if next.newlineBefore, beginsStatement(next, probe),
        indent(of: next.span.start) <= statementIndent
      {
        resumption = next.span.start
        return
      }
    }
  }

  /// Whether two places are near each other and on the same line.
  private func onOneLine(_ a: Span, _ b: Span) -> Bool {
    b.start - a.end < 4096 && !file.bytes[a.end..<max(a.end, b.start)].contains(0x0A)
  }

  /// The bytes before an offset on its line, counted up to a thousand: how far a line is indented.
  func indent(of offset: Int) -> Int {
    let start = max(0, offset - 1_000)
    return offset - (file.bytes[start..<offset].lastIndex(of: 0x0A).map { $0 + 1 } ?? start)
  }

  // MARK: Recovery

  /// Passes tokens up to a comma, a semicolon or line break that counts, or a closing bracket of this
  /// level.
  mutating func recover() {
    var depth = 0
    while !at(.end) {
      if depth == 0 {
        if at(.comma) || at(.semicolon) || token.kind.closesBracket || atNewLine { break }
      }
      if token.kind.opensBracket { depth += 1 }
      if token.kind.closesBracket { depth -= 1 }
      if depth > 0, token.newlineBefore, beginsStatement(token, lexer) { break }
      advance()
    }
    silence()
  }

  /// Passes the rest of a statement.
  mutating func skipStatement() {
    repeat {
      recover()
      if at(.end) || at(.semicolon) || atNewLine { break }
      advance()
    } while !atNewLine
    silence()
  }

  /// Passes the rest of the line and the lines below it that are indented more than `start`, as one
  /// does a Python block. Stops before a bracket that closes one of ours.
  mutating func skipIndentedBlock(from start: Int) {
    let limit = indent(of: start)
    var depth = 0
    var isFirst = true
    while !at(.end) {
      defer { isFirst = false }
      if !isFirst, token.newlineBefore, depth == 0, indent(of: token.span.start) <= limit { break }
      if token.kind.opensBracket { depth += 1 }
      if token.kind.closesBracket {
        if depth == 0, !open.isEmpty { break }
        depth = max(0, depth - 1)
      }
      advance()
    }
    atNewLine = newlinesCount
    silence()
  }

  /// Passes the rest of the line unread, whatever is in it.
  mutating func skipLine() {
    lexer.skipLine()
    advance()
    silence()
  }
}
