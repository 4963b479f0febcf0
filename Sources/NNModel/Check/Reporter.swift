import NNDiagnostics
import NNSyntax

/// Collects the findings about one document, and says where things are.
final class Reporter {
  let document: Document
  /// What the parser found wrong: what depends on the damaged places is not judged.
  private let syntaxErrors: [Diagnostic]
  private(set) var diagnostics: [Diagnostic] = []

  init(_ document: Document, syntax: [Diagnostic] = []) {
    self.document = document
    syntaxErrors = syntax.filter { $0.severity == .error }
  }

  func error(
    _ code: String, _ message: String, at span: Span, notes: [Diagnostic.Note] = [], help: String? = nil
  ) {
    add(.error, code, message, span, notes, help)
  }

  func warning(
    _ code: String, _ message: String, at span: Span, notes: [Diagnostic.Note] = [], help: String? = nil
  ) {
    add(.warning, code, message, span, notes, help)
  }

  func note(at span: Span, _ message: String) -> Diagnostic.Note {
    Diagnostic.Note(file: document.source(of: span), span: span, message: message)
  }

  /// `line 7`, or the option's name where the text came from the command line.
  func place(of span: Span) -> String {
    let source = document.source(of: span)
    return span.source == 0 ? "line \(source.position(of: span.start).line)" : "`\(source.name)`"
  }

  /// The line of a place in the model file; nil where it came from the command line.
  func line(of span: Span) -> Int? {
    span.source == 0 ? document.file.position(of: span.start).line : nil
  }

  var hasErrors: Bool { !syntaxErrors.isEmpty || diagnostics.hasErrors }

  /// True where the parser left something out of the file.
  var hasSyntaxErrors: Bool { !syntaxErrors.isEmpty }

  /// True where the parser left something out between `start` and `end` of the model file.
  func isDamaged(from start: Int, to end: Int) -> Bool {
    syntaxErrors.contains { $0.span.start >= start && $0.span.start <= end }
  }

  /// True where the parser left something out of `span`.
  func isDamaged(_ span: Span) -> Bool {
    span.source == 0 && isDamaged(from: span.start, to: span.end)
  }

  private func add(
    _ severity: Severity, _ code: String, _ message: String, _ span: Span, _ notes: [Diagnostic.Note],
    _ help: String?
  ) {
    diagnostics.append(
      Diagnostic(
        severity, code: code, message, in: document.source(of: span), at: span, notes: notes, help: help))
  }
}
