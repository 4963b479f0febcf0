import NNDiagnostics

/// The tree of a `.nn` file, and everything that is wrong with its syntax, in file order.
///
/// Parsing never fails: what cannot be read is left out of the tree and reported. A statement whose span
/// holds an error is damaged, and a checker should not infer more errors from it.
public func parse(_ file: SourceFile) -> (document: Document, diagnostics: [Diagnostic]) {
  if let diagnostic = unreadable(file) {
    return (Document(file: file, statements: []), [diagnostic])
  }
  var parser = Parser(file)
  let statements = parser.parseStatements()
  if statements.isEmpty, parser.diagnostics.isEmpty {
    parser.reportAlways(.emptyFile(), at: Span(0, 0))
  }
  var document = Document(file: file, statements: statements)
  document.unreadBindings = parser.unreadBindings
  return (document, parser.diagnostics.inFileOrder)
}

/// One value in `.nn` syntax, `(3, 32)` or `64*7*7`, that fills `span` of a file (all of it where nil);
/// for scalars of the YAML spelling and for `--set`. Nil where there is no value to read.
///
/// Line breaks do not count inside the span, as between brackets. A file read by spans should have passed
/// ``unreadable(_:)`` as a whole.
/// - Parameter nesting: the brackets already open around the span, which count against ``Bounds``.
public func parseExpression(
  _ file: SourceFile, in span: Span? = nil, nesting: Int = 0
) -> (expression: Expression?, diagnostics: [Diagnostic]) {
  parseWhole(file, span, nesting) { $0.parseExpression() }
}

/// The name and parameters of a layer of the file's own, `Scale(x, k=2)`.
public func parseLayerHead(
  _ file: SourceFile, in span: Span? = nil, nesting: Int = 0
) -> (head: (name: Name, parameters: [LayerDefinition.Parameter])?, diagnostics: [Diagnostic]) {
  let (call, diagnostics) = parseCall(file, in: span, nesting: nesting)
  guard let call else { return (nil, diagnostics) }
  let head = LayerDefinition.parameters(of: call.arguments)
  let wrong = head.wrong.map { argument in
    SyntaxMessage.layerParameter(file.text(in: argument.span)).diagnostic(
      in: file, at: argument.span, notes: [])
  }
  return (wrong.isEmpty ? (call.name, head.parameters) : nil, diagnostics + wrong)
}

/// One call in `.nn` syntax, `SGD(lr=0.1)` or `nn.CrossEntropyLoss`.
public func parseCall(
  _ file: SourceFile, in span: Span? = nil, nesting: Int = 0
) -> (call: Call?, diagnostics: [Diagnostic]) {
  parseWhole(file, span, nesting) { $0.parseCall("a call") }
}

/// One element of a stack in `.nn` syntax, `MaxPool2d(2)` or `conv1 = Conv2d(3, 32, 5)` or
/// `Sequential(…)`.
public func parseLayerItem(
  _ file: SourceFile, in span: Span? = nil, nesting: Int = 0
) -> (item: Item?, diagnostics: [Diagnostic]) {
  parseWhole(file, span, nesting) { $0.parseItem() }
}

/// The statement `KEYWORD NAME = VALUE` of which `span` holds the value, for `--set optimizer=SGD(lr=1)`:
/// `keyword` is `let`, `seed`, `input`, `data`, `model`, `loss`, `optimizer` or `schedule`; `let` and
/// `model` need a name. The spans of keyword and name are the caller's.
public func parseStatementValue(
  _ keyword: Name, name: Name?, _ file: SourceFile, in span: Span? = nil
) -> (statement: Statement?, diagnostics: [Diagnostic]) {
  precondition(
    Keyword(rawValue: keyword.text) != nil && !["train", "layer"].contains(keyword.text),
    "\(keyword.text) has no value")
  precondition(
    name != nil || keyword.text != "let" && keyword.text != "model", "\(keyword.text) needs a name")
  let result = parseWhole(file, span, 0) { parser -> Statement.Kind? in
    switch (Keyword(rawValue: keyword.text), name) {
    case (.let, let name?): parser.parseExpression().map { .binding(name, $0) }
    case (.model, let name?): parser.parseModelValue(name: name)
    case (.seed, _): parser.parseExpression().map { .seed($0) }
    case (.input, _): parser.parseExpression().map { .input($0) }
    case (let word?, _): parser.parseNamedValue(word, name: name)
    case (nil, _): nil
    }
  }
  let whole = span ?? Span(0, file.bytes.count)
  return (result.0.map { Statement($0, span: whole, keyword: keyword.span) }, result.1)
}

/// Reads one thing that should fill the span.
private func parseWhole<Result>(
  _ file: SourceFile, _ span: Span?, _ nesting: Int, _ read: (inout Parser) -> Result?
) -> (Result?, [Diagnostic]) {
  if span == nil, let diagnostic = unreadable(file) { return (nil, [diagnostic]) }
  var parser = Parser(file, in: span, nesting: nesting)
  parser.newlinesCount = false
  let result = read(&parser)
  if !parser.at(.end) { parser.report(.expectedNothing(found: parser.found)) }
  return (result, parser.diagnostics.inFileOrder)
}

/// What makes a file unreadable as text, whichever its spelling: too large, not UTF-8, or with a NUL
/// byte. At most one diagnostic, at the first byte concerned.
public func unreadable(_ file: SourceFile) -> Diagnostic? {
  let bytes = file.bytes
  if bytes.count > Bounds.fileBytes {
    return SyntaxMessage.fileTooLarge(bytes.count, limit: Bounds.fileBytes).diagnostic(
      in: file, at: Span(0, 0))
  }
  let looksLikeUTF16 =
    bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
    || bytes.count >= 4 && (bytes[0] == 0) != (bytes[1] == 0) && (bytes[0] == 0) == (bytes[2] == 0)
  if bytes.contains(where: { $0 >= 0x80 }),
    let offset = SourceFile.firstInvalidUTF8Offset(in: bytes), offset < bytes.count
  {
    return SyntaxMessage.invalidUTF8(bytes[offset], offset: offset, looksLikeUTF16: looksLikeUTF16)
      .diagnostic(in: file, at: Span(offset, offset + 1))
  }
  if let offset = bytes.firstIndex(of: 0) {
    return SyntaxMessage.nulByte(looksLikeUTF16: looksLikeUTF16)
      .diagnostic(in: file, at: Span(offset, offset + 1))
  }
  return nil
}

/// The bounds of a model file.
public enum Bounds {
  /// Bytes of one file.
  public static let fileBytes = 16 << 20
  /// Open brackets, prefix operators and right operands of `**` around one place.
  public static let nesting = 100
  /// Items of all stacks of a file together.
  public static let items = 100_000
  /// Groups of parameters of one optimizer.
  public static let parameterGroups = 256
}
