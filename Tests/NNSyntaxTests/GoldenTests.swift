import NNDiagnostics
import NNSyntax
import NNTestSupport
import Testing

/// `Goldens/ok/*.nn` parse without a finding to the dump beside them; `Goldens/err/*.nn` give the
/// diagnostics beside them.
@Suite struct GoldenTests {
  @Test(arguments: Goldens.ok.cases)
  func accepted(_ item: GoldenFolder.Case) throws {
    let (document, diagnostics) = parse(SourceFile(name: item.name, bytes: try item.bytes()))
    #expect(diagnostics.isEmpty, "\(TextRenderer().render(diagnostics))")
    #expect(SpanCheck.problems(in: document) == [])
    let produced = dump(document, spans: false)
    if let problem = Goldens.ok.problem(with: item, produced: produced) { Issue.record("\(problem)") }
  }

  @Test(arguments: Goldens.err.cases)
  func refused(_ item: GoldenFolder.Case) throws {
    let file = SourceFile(name: item.name, bytes: try item.bytes())
    let (document, diagnostics) = parse(file)
    #expect(!diagnostics.isEmpty, "an err file without a finding")
    #expect(SpanCheck.problems(in: document) == [])
    #expect(SpanCheck.problems(in: diagnostics, of: file) == [])
    let produced = TextRenderer().render(diagnostics)
    if let problem = Goldens.err.problem(with: item, produced: produced) { Issue.record("\(problem)") }
  }

  @Test func foldersAreWhole() {
    #expect(Goldens.ok.orphans == [])
    #expect(Goldens.err.orphans == [])
    #expect(Goldens.ok.cases.count >= 45)
    #expect(Goldens.err.cases.count >= 50)
  }
}

/// The golden folders of this target.
enum Goldens {
  static let ok = GoldenFolder("Tests/NNSyntaxTests/Goldens/ok")
  static let err = GoldenFolder("Tests/NNSyntaxTests/Goldens/err")
}

/// The findings in a text.
func findings(in text: String) -> [Diagnostic] {
  parse(SourceFile(name: "text.nn", text: text)).diagnostics
}
