import NNDiagnostics
import NNSyntax

/// Collects the findings about one document, and says where things are.
final class Reporter {
  let document: Document
  /// Where the parser left something out, in order: what depends on those places is not judged.
  private let damage: [Int]
  /// True where the parser, or the making of overrides, left something out.
  let hasSyntaxErrors: Bool
  private(set) var diagnostics: [Diagnostic] = []
  /// Notes that go with every finding for the time being.
  var context: [Diagnostic.Note] = []

  init(_ document: Document, syntax: [Diagnostic] = []) {
    self.document = document
    let errors = syntax.filter { $0.severity == .error }
    hasSyntaxErrors = !errors.isEmpty
    damage = errors.filter { $0.span.source == 0 }.map(\.span.start).sorted()
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

  /// An error in a text that the document knows nothing of: the value of an option.
  func error(_ code: String, _ message: String, inOption option: String, value: String, help: String?) {
    errorCount += 1
    let file = SourceFile(name: option, text: value)
    diagnostics.append(
      Diagnostic(
        .error, code: code, message, in: file, at: Span(0, file.bytes.count), help: help))
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

  /// Errors reported so far, those of the parser left out.
  private(set) var errorCount = 0

  var hasErrors: Bool { hasSyntaxErrors || errorCount > 0 }

  /// True where the parser left something out between `start` and `end` of the model file.
  func isDamaged(from start: Int, to end: Int) -> Bool {
    var low = 0
    var high = damage.count
    while low < high {
      let middle = (low + high) / 2
      if damage[middle] < start { low = middle + 1 } else { high = middle }
    }
    return low < damage.count && damage[low] <= end
  }

  /// True where the parser left something out of `span`.
  func isDamaged(_ span: Span) -> Bool {
    span.source == 0 && isDamaged(from: span.start, to: span.end)
  }

  private func add(
    _ severity: Severity, _ code: String, _ message: String, _ span: Span, _ notes: [Diagnostic.Note],
    _ help: String?
  ) {
    if severity == .error { errorCount += 1 }
    diagnostics.append(
      Diagnostic(
        severity, code: code, message, in: document.source(of: span), at: span, notes: notes + context,
        help: help))
  }
}
