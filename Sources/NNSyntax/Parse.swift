import NNDiagnostics

/// The tree of a `.nn` file, and everything that is wrong with its syntax, in file order.
///
/// Parsing never fails: what cannot be read is left out of the tree and reported. A statement whose span
/// holds an error is damaged, and a checker should not infer more errors from it.
public func parse(_ file: SourceFile) -> (document: Document, diagnostics: [Diagnostic]) {
  (Document(file: file, statements: []), [])
}

/// One value in `.nn` syntax, `(3, 32)` or `64*7*7`, that fills `span` of a file (all of it where nil);
/// for scalars of the YAML spelling and for `--set`. Nil where there is no value to read.
///
/// - Parameter nesting: the brackets already open around the span, which count against ``Bounds``.
public func parseExpression(
  _ file: SourceFile, in span: Span? = nil, nesting: Int = 0
) -> (expression: Expression?, diagnostics: [Diagnostic]) {
  (nil, [])
}

/// One call in `.nn` syntax, `SGD(lr=0.1)` or `nn.CrossEntropyLoss`.
public func parseCall(
  _ file: SourceFile, in span: Span? = nil, nesting: Int = 0
) -> (call: Call?, diagnostics: [Diagnostic]) {
  (nil, [])
}

/// One element of a stack in `.nn` syntax, `MaxPool2d(2)` or `conv1 = Conv2d(3, 32, 5)` or
/// `Sequential(…)`.
public func parseLayerItem(
  _ file: SourceFile, in span: Span? = nil, nesting: Int = 0
) -> (item: Item?, diagnostics: [Diagnostic]) {
  (nil, [])
}

/// The statement `KEYWORD NAME = VALUE` of which `span` holds the value, for `--set optimizer=SGD(lr=1)`:
/// `keyword` is `let`, `seed`, `input`, `data`, `model`, `loss`, `optimizer` or `schedule`.
/// The spans of keyword and name are the caller's.
public func parseStatementValue(
  _ keyword: Name, name: Name?, _ file: SourceFile, in span: Span? = nil
) -> (statement: Statement?, diagnostics: [Diagnostic]) {
  (nil, [])
}

/// What makes a file unreadable as text, whichever its spelling: too large, not UTF-8, or with a NUL
/// byte. At most one diagnostic, at the first byte concerned.
public func unreadable(_ file: SourceFile) -> Diagnostic? { nil }

/// The bounds of a model file.
public enum Bounds {
  /// Bytes of one file.
  public static let fileBytes = 16 << 20
  /// Open brackets, prefix operators and right operands of `**` around one place.
  public static let nesting = 100
  /// Items of all stacks of a file together.
  public static let items = 100_000
}
