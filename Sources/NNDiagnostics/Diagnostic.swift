/// How bad a finding is.
public enum Severity: String, Sendable, Comparable {
  /// The file does not mean anything that can be run.
  case error
  /// Legal, but probably not what was meant.
  case warning

  public static func < (a: Severity, b: Severity) -> Bool { a == .error && b == .warning }
}

/// One finding about a model file: what, where, and what to write instead.
public struct Diagnostic: Sendable {
  /// Another place that matters: where a size came from, where a name was first used.
  public struct Note: Sendable {
    public var file: SourceFile
    public var span: Span
    public var message: String

    public init(file: SourceFile, span: Span, message: String) {
      self.file = file
      self.span = span
      self.message = message
    }
  }

  public var severity: Severity
  /// A stable kebab-case name for the kind of finding, `unknown-layer`; tools may match on it.
  public var code: String
  /// One or more sentences: what was found, what was expected, and the arithmetic.
  public var message: String
  /// The file that `span` is in.
  public var file: SourceFile
  /// The tightest range that shows the mistake.
  public var span: Span
  public var notes: [Note]
  /// What to write instead, one line.
  public var help: String?

  public init(
    _ severity: Severity, code: String, _ message: String, in file: SourceFile, at span: Span,
    notes: [Note] = [], help: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.file = file
    self.span = span
    self.notes = notes
    self.help = help
  }
}

extension Array where Element == Diagnostic {
  /// True where at least one finding is an error.
  public var hasErrors: Bool { contains { $0.severity == .error } }

  /// In the order of the file: by file name, offset, then errors before warnings.
  public var inFileOrder: [Diagnostic] {
    enumerated().sorted { a, b in
      let (x, y) = (a.element, b.element)
      if x.file.name != y.file.name { return x.file.name < y.file.name }
      if x.span.start != y.span.start { return x.span.start < y.span.start }
      if x.severity != y.severity { return x.severity < y.severity }
      return a.offset < b.offset
    }.map(\.element)
  }
}
