import NNDiagnostics
import NNModel
import NNSyntax

/// What the parser and the checker make of a text.
struct Checked {
  let plan: ExperimentPlan?
  let diagnostics: [Diagnostic]
  let document: Document

  init(
    _ text: String, name: String = "test.nn", set: [String] = [], options: CheckOptions = CheckOptions()
  ) {
    self.init(SourceFile(name: name, text: text), set: set, options: options)
  }

  init(_ file: SourceFile, set: [String] = [], options: CheckOptions = CheckOptions()) {
    let parsed = parse(file)
    let overridden = apply(set.compactMap { Override(assignment: $0) }, to: parsed.document)
    document = overridden.document
    (plan, diagnostics) = check(
      document, options: options, syntax: parsed.diagnostics + overridden.diagnostics)
  }

  var rendered: String { TextRenderer().render(diagnostics) }
  var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
  var codes: [String] { diagnostics.map(\.code) }
}
