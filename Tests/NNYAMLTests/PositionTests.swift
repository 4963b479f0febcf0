import NNDiagnostics
import NNSyntax
import NNYAML
import Testing

/// Positions are those of the YAML file, whatever stands before them.
@Suite struct PositionTests {
  /// The text of each span, through line breaks of every kind and characters of every width.
  @Test(arguments: ["\n", "\r\n"], ["a", "é", "日本", "😀", "e\u{301}", "x\u{2028} y", "x\u{85} y"])
  func marksThroughText(_ newline: String, _ odd: String) throws {
    // YAML ends a comment at U+0085 and U+2028 too.
    let comment = odd.contains(" y") ? "c" : odd
    let text = "# \(comment)\(newline)let: {größe: \"\(odd)\", b: [\"\(odd)\", wort]}\(newline)seed: zahl"
    let file = SourceFile(name: "text.yaml", text: text)
    let (document, diagnostics) = parseYAML(file)
    #expect(diagnostics.isEmpty)
    try #require(document.statements.count == 3)
    guard case .binding(let name, let value) = document.statements[0].kind,
      case .binding(_, let list) = document.statements[1].kind, case .list(let elements) = list.kind,
      case .seed(let seed) = document.statements[2].kind
    else {
      Issue.record("not the statements of the text")
      return
    }
    #expect(file.text(in: name.span) == "größe")
    #expect(file.text(in: value.span) == "\"\(odd)\"")
    #expect(elements.map { file.text(in: $0.span) } == ["\"\(odd)\"", "wort"])
    #expect(file.text(in: seed.span) == "zahl")
    #expect(file.text(in: document.statements[2].keyword) == "seed")
  }

  /// What the `.nn` parser finds in a scalar, through its quotes, escapes and folded lines.
  @Test(arguments: [
    "A(1, wort)", "\"A(1, wort)\"", "'A(1, wort)'", "'A(''x'', wort)'", "\"A(\\\"x\\\", wort)\"",
    "\"A(\\u00e9, \\U0001f600=1, wort)\"", "\"A(1,\n        wort)\"", "'A(1,\n\n\n      wort)'",
    "\"A(\\\n        wort)\"", "A(1,\n        wort)", "|\n      A(1,\n        wort)",
    ">\n      A(1,\n      wort)\n", "|2-\n      A(\"é\",  wort)", "\"\\x41(\\t\\N\\_\\L wort)\"",
  ])
  func marksThroughScalars(_ scalar: String) throws {
    let text = "model:\n  Ä:\n    - \(scalar)\n"
    let file = SourceFile(name: "text.yaml", text: text)
    let (document, _) = parseYAML(file)
    guard case .model(_, let stack)? = document.statements.first?.kind,
      case .call(let call)? = stack.items.first?.element, let last = call.arguments.last
    else {
      Issue.record("not a layer: \(scalar)")
      return
    }
    #expect(file.text(in: last.value.span) == "wort")
  }

  @Test func byteOrderMarkIsNotCounted() {
    let file = SourceFile(name: "text.yaml", bytes: [0xEF, 0xBB, 0xBF] + Array("sede: 1\n".utf8))
    let found = parseYAML(file).diagnostics
    #expect(found.map { file.position(of: $0.span.start).column } == [1])
    #expect(found.map { file.text(in: $0.span) } == ["sede"])
  }

  @Test func blockCollectionsEndWithTheirLastValue() {
    let text = "model:\n  A:\n    - ReLU  # last\n\n\n# more\nseed: 1\n"
    let file = SourceFile(name: "text.yaml", text: text)
    let spans = parseYAML(file).document.statements.map { file.text(in: $0.span) }
    #expect(spans == ["A:\n    - ReLU", "seed: 1"])
  }
}
