import NNDiagnostics
import NNSyntax
import NNTestSupport
import NNYAML
import Testing

/// A hostile file gets a message, and neither time nor memory beyond its own size.
@Suite struct BoundTests {
  @Test(arguments: [100, 101, 102, 5_000, 1_000_000])
  func nesting(_ depth: Int) {
    let flow = "seed: " + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
    let block = String(repeating: "- ", count: depth) + "a\n"
    let braces = "seed: " + String(repeating: "{a: ", count: depth - 1) + "1"
    for text in [flow, block, braces] {
      #expect(findings(in: text).contains { $0.code == "too-deep" } == (depth > 100))
    }
  }

  @Test func nestingOfScalarsCountsTheListsAroundThem() {
    func text(_ lists: Int, _ brackets: Int) -> String {
      let inner = String(repeating: "(", count: brackets) + "1" + String(repeating: ")", count: brackets)
      return "seed: " + String(repeating: "[", count: lists) + inner + String(repeating: "]", count: lists)
    }
    #expect(findings(in: text(40, 40)).isEmpty)
    #expect(!findings(in: text(60, 60)).isEmpty)
  }

  @Test(arguments: [
    "[", "{", "\"", "'", "a: [\n", "a: \"\n", "a: {b: \"\n", "? ", "- ? ", "&a ", "!a ", "*a ",
  ])
  func repeated(_ piece: String) {
    #expect(findings(in: "seed: " + String(repeating: piece, count: 20_001)).hasErrors)
    #expect(findings(in: String(repeating: piece, count: 20_001)).hasErrors)
  }

  @Test func aliasesAreNotExpanded() {
    var text = "let:\n  a0: &a0 [x]\n"
    for level in 1...40 { text += "  a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    let found = findings(in: text)
    #expect(found.count { $0.code == "yaml-alias" } == 80)
    #expect(found.count { $0.code == "yaml-anchor" } == 41)
  }

  @Test func aMillionFindingsAreNotKept() {
    let text = "input: [" + String(repeating: "*a, ", count: 1_000_000) + "1]\n"
    #expect((1...2_000).contains(findings(in: text).count))
  }

  @Test func tooLarge() {
    let text = "seed: 1 #" + String(repeating: "x", count: Bounds.fileBytes)
    #expect(findings(in: text).count == 1)
    #expect(findings(in: text).hasErrors)
  }

  @Test func tooManyLayers() {
    let text = "model:\n  A:\n" + String(repeating: "  - ReLU\n", count: Bounds.items + 5)
    #expect(findings(in: text).map(\.code) == ["too-many-layers"])
  }

  @Test(arguments: [
    [0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61], [0x61, 0x3A, 0x20, 0xC3, 0x28],
    [0x61, 0x3A, 0x20, 0x00], [0x73, 0x3A, 0x20, 0xED, 0xA0, 0x80], [0x00], [0xEF, 0xBB, 0xBF],
    [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF], [], [0x0A], [0x09], [0x23], [0x61, 0x3A, 0x20, 0x1B, 0x5B],
    [0x2D, 0x2D, 0x2D], [0x2E, 0x2E, 0x2E], [0x7F], [0x61, 0x3A, 0x20, 0xC2, 0x80],
  ])
  func unreadableBytes(_ bytes: [UInt8]) {
    let file = SourceFile(name: "bytes.yaml", bytes: bytes)
    let (document, found) = parseYAML(file)
    #expect(found.count == 1, "\(TextRenderer().render(found))")
    #expect(found.hasErrors)
    #expect(document.statements.isEmpty)
    #expect(SpanCheck.problems(in: found, of: file) == [])
  }
}
