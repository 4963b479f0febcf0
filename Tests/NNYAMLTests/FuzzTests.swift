import NNDiagnostics
import NNSyntax
import NNTestSupport
import NNYAML
import Testing

/// Golden files, damaged at random from a fixed seed: whatever comes out, spans are valid, and a file
/// without findings survives `convert`.
@Suite struct FuzzTests {
  private static let pieces = [
    "[", "]", "{", "}", ": ", ":", ", ", "- ", "\n", "\t", "  ", "\"", "'", "#", " #", "&a ", "*a", "!x ",
    "|", ">",
    "%", "@", "?", "<<: ", "---\n", "...", "é", "日", "😀", "\u{FEFF}", "\u{85}", "\u{2028}", "\r", "\\",
    "\\x41",
    "(", ")", "=", "1e", "_", "name: x", "else: ", "Conv2d", "Sequential: ", "true", "None", "-1", ".5",
    "T_max: 1",
  ]

  @Test(arguments: Goldens.ok.cases.filter { $0.name.hasSuffix(".yaml") } + Goldens.err.cases)
  func damaged(_ item: GoldenFolder.Case) throws {
    let original = try item.bytes()
    var random = SplitMix64(seed: UInt64(original.count) &* 7_919 &+ 1)
    for _ in 0..<150 {
      var bytes = original
      for _ in 0...Int.random(in: 0..<4, using: &random) { random.damage(&bytes, with: Self.pieces) }
      check(SourceFile(name: item.name, bytes: bytes))
    }
  }

  /// Cut off after each byte.
  @Test func cutOff() throws {
    for name in ["tudui.yaml", "models.yaml", "data-splits.yaml", "unicode.yaml", "folded.yaml"] {
      let item = try #require(Goldens.ok.cases.first { $0.name == name })
      let bytes = try item.bytes()
      for count in 0..<bytes.count { check(SourceFile(name: name, bytes: Array(bytes[..<count]))) }
    }
  }

  private func check(_ file: SourceFile) {
    let (document, found) = parseYAML(file)
    let text = String(decoding: file.bytes, as: UTF8.self)
    #expect(SpanCheck.problems(in: document) == [], "\(text)")
    #expect(SpanCheck.problems(in: found, of: file) == [], "\(text)")
    #expect(found.map(\.span.start) == found.map(\.span.start).sorted(), "\(text)")
    if found.isEmpty {
      let printed = printYAML(document)
      #expect(dump(parsedYAML(printed), spans: false) == dump(document, spans: false), "\(text)")
    }
  }
}
