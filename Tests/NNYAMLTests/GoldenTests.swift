import NNDiagnostics
import NNSyntax
import NNTestSupport
import NNYAML
import Testing

/// `Goldens/ok/*.yaml` parse without a finding to the dump beside them, which a `.nn` twin shares;
/// `Goldens/err/*.yaml` give the diagnostics beside them.
@Suite struct GoldenTests {
  @Test(arguments: Goldens.ok.cases)
  func accepted(_ item: GoldenFolder.Case) throws {
    let file = SourceFile(name: item.name, bytes: try item.bytes())
    let (document, diagnostics) = item.name.hasSuffix(".nn") ? parse(file) : parseYAML(file)
    #expect(diagnostics.isEmpty, "\(TextRenderer().render(diagnostics))")
    #expect(SpanCheck.problems(in: document) == [])
    if let problem = Goldens.ok.problem(with: item, produced: dump(document, spans: false)) {
      Issue.record("\(problem)")
    }
  }

  @Test(arguments: Goldens.err.cases)
  func refused(_ item: GoldenFolder.Case) throws {
    let file = SourceFile(name: item.name, bytes: try item.bytes())
    let (document, diagnostics) = parseYAML(file)
    #expect(diagnostics.hasErrors, "an err file without an error")
    #expect(SpanCheck.problems(in: document) == [])
    #expect(SpanCheck.problems(in: diagnostics, of: file) == [])
    let produced = TextRenderer().render(diagnostics)
    if let problem = Goldens.err.problem(with: item, produced: produced) { Issue.record("\(problem)") }
  }

  @Test func foldersAreWhole() {
    #expect(Goldens.ok.orphans == [])
    #expect(Goldens.err.orphans == [])
    #expect(Goldens.ok.cases.count { $0.name.hasSuffix(".yaml") } >= 20)
    #expect(Goldens.err.cases.count >= 35)
  }
}

/// The golden folders of this target.
enum Goldens {
  static let ok = GoldenFolder("Tests/NNYAMLTests/Goldens/ok", extensions: ["yaml", "nn"])
  static let err = GoldenFolder("Tests/NNYAMLTests/Goldens/err", extensions: ["yaml"])
  /// Accepted files of the `.nn` spelling.
  static let nn = GoldenFolder("Tests/NNSyntaxTests/Goldens/ok")
}

/// The tree of a YAML text, which must be without a finding.
func parsedYAML(_ text: String) -> Document {
  let (document, diagnostics) = parseYAML(SourceFile(name: "text.yaml", text: text))
  #expect(diagnostics.isEmpty, "\(TextRenderer().render(diagnostics))\n\(text)")
  return document
}

/// The findings in a YAML text.
func findings(in text: String) -> [Diagnostic] {
  parseYAML(SourceFile(name: "text.yaml", text: text)).diagnostics
}
