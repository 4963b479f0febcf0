import NNDiagnostics
import NNModel
import NNSyntax
import Testing

/// A model file that has errors.
struct RejectedText: Error, CustomStringConvertible {
  var diagnostics: [Diagnostic]

  var description: String { diagnostics.map { "\($0.code): \($0.message)" }.joined(separator: "\n") }
}

/// The plan of a model text, through the real parser and checker. Throws ``RejectedText``.
func planned(_ text: String, isApplied: Bool = false) throws -> (plan: ExperimentPlan, document: Document) {
  let (document, syntax) = parse(SourceFile(name: "test.nn", text: text))
  let (plan, diagnostics) = check(
    document, options: CheckOptions(isApplied: isApplied), syntax: syntax)
  guard let plan else { throw RejectedText(diagnostics: diagnostics.filter { $0.severity == .error }) }
  return (plan, document)
}
