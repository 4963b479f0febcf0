import NNDiagnostics
import NNModel
import NNSyntax
import NNTestSupport
import Testing

/// `Goldens/ok`: no finding at all, and the summary. `Goldens/warn`: warnings only. `Goldens/err`: at
/// least one error. The texts are the findings as a person reads them.
struct GoldenTests {
  static let ok = GoldenFolder("Tests/NNModelTests/Goldens/ok")
  static let warn = GoldenFolder("Tests/NNModelTests/Goldens/warn")
  static let err = GoldenFolder("Tests/NNModelTests/Goldens/err")

  static func check(_ item: GoldenFolder.Case) throws -> Checked {
    Checked(SourceFile(name: item.name, bytes: try item.bytes()))
  }

  @Test(arguments: ok.cases)
  func rightFilesHaveNoFinding(_ item: GoldenFolder.Case) throws {
    let checked = try Self.check(item)
    #expect(checked.diagnostics.isEmpty, "\(checked.rendered)")
    let plan = try #require(checked.plan)
    let text = plan.models.map { ModelSummary($0).table + $0.printed + "\n" }.joined(separator: "\n")
    if let problem = Self.ok.problem(with: item, produced: text) { Issue.record("\(problem)") }
  }

  @Test(arguments: warn.cases)
  func doubtfulFilesHaveWarnings(_ item: GoldenFolder.Case) throws {
    let checked = try Self.check(item)
    #expect(!checked.diagnostics.isEmpty && !checked.diagnostics.hasErrors, "\(checked.rendered)")
    #expect(checked.plan != nil)
    if let problem = Self.warn.problem(with: item, produced: checked.rendered) { Issue.record("\(problem)") }
  }

  @Test(arguments: err.cases)
  func wrongFilesHaveErrors(_ item: GoldenFolder.Case) throws {
    let checked = try Self.check(item)
    #expect(checked.diagnostics.hasErrors)
    #expect(checked.plan == nil)
    if let problem = Self.err.problem(with: item, produced: checked.rendered) { Issue.record("\(problem)") }
  }

  @Test func noGoldenIsWithoutItsFile() {
    #expect(Self.ok.orphans + Self.warn.orphans + Self.err.orphans == [])
    #expect(Self.ok.cases.count >= 30)
    #expect(Self.warn.cases.count + Self.err.cases.count >= 60)
  }

  @Test(arguments: err.cases + warn.cases)
  func findingsPointIntoTheFile(_ item: GoldenFolder.Case) throws {
    let checked = try Self.check(item)
    for diagnostic in checked.diagnostics {
      #expect(diagnostic.span.start <= diagnostic.span.end)
      #expect(diagnostic.span.end <= diagnostic.file.bytes.count)
      #expect(diagnostic.span.start < diagnostic.span.end, "\(diagnostic.code) points at nothing")
    }
  }
}
