import NNDiagnostics
import NNSyntax
import NNTestSupport
import NNYAML
import Testing

/// `convert` loses nothing: the YAML text of a tree reads back as that tree, and so does its `.nn` text.
@Suite struct RoundTripTests {
  @Test(arguments: Goldens.ok.cases + Goldens.nn.cases)
  func throughYAML(_ item: GoldenFolder.Case) throws {
    let file = SourceFile(name: item.name, bytes: try item.bytes())
    let tree = item.name.hasSuffix(".nn") ? parse(file).document : parseYAML(file).document
    expectRoundTrip(tree)
  }

  @Test func headlineIsWrittenAsInTheManual() throws {
    let nn = try #require(Goldens.ok.cases.first { $0.name == "tudui.nn" })
    let yaml = try #require(Goldens.ok.cases.first { $0.name == "tudui.yaml" })
    let tree = parse(SourceFile(name: nn.name, bytes: try nn.bytes())).document
    #expect(printYAML(tree) == String(decoding: try yaml.bytes(), as: UTF8.self))
  }

  /// Forms of the `.nn` spelling without one in YAML, order, width, and what must be quoted.
  @Test(arguments: [
    ("", "{}\n"),
    ("train()", "train: {}\n"),
    ("let a = 1\nlet b = a", "let: {a: 1, b: a}\n"),
    ("let a = 1\nseed = 2\nlet b = a", "- let: {a: 1}\n  seed: 2\n- let: {b: a}\n"),
    ("loss a = MSELoss\nloss b = L(1)", "loss:\n  - {name: a, MSELoss: []}\n  - {name: b, L: [1]}\n"),
    (
      "data train = A()\nseed = 1\ndata val = B(2)",
      "- data: {name: train, A: []}\n  seed: 1\n- data: {name: val, B: [2]}\n"
    ),
    ("data = A(1) else B() else C(k=1)", "data: {A: [1], else: [B, {C: {k: 1}}]}\n"),
    ("let a = \"no\"\nlet b = no", "let: {a: \"no\", b: no}\n"),
    ("let a = TRUE\nlet b = NULL", "let: {a: (TRUE), b: (NULL)}\n"),
    ("let a = w * 2", "let: {a: (w * 2)}\n"),
    ("let a = min(1, 2)", "- \"let a = min(1, 2)\"\n"),
    ("let a = f(\"x: y\")\nseed = 1", "- \"let a = f(\\\"x: y\\\")\"\n- seed: 1\n"),
    ("optimizer = SGD(M.parameters(), lr=0.1)", "optimizer: {SGD: [(M.parameters()), {lr: 0.1}]}\n"),
    (
      "optimizer o = SGD(lr=0.1) {\n\"*.bias\" = (lr=0); \"x\" = () }",
      "optimizer: {name: o, SGD: {lr: 0.1}, groups: {\"*.bias\": {lr: 0}, \"x\": {}}}\n"
    ),
    (
      "optimizer = SGD { \"a\" = (); \"a\" = () }",
      "- \"optimizer = SGD() {\\n    \\\"a\\\" = ()\\n    \\\"a\\\" = ()\\n}\"\n"
    ),
    ("loss = L(A=1)", "- \"loss = L(A=1)\"\n"),
    ("loss = L(T_max=1)", "loss: {L: {T_max: 1}}\n"),
    ("data = DataLoader(X(), name=1)", "- \"data = DataLoader(X(), name=1)\"\n"),
    ("input = tensor([1, 2])", "input: {tensor: [1, 2]}\n"),
    ("input = randn((1, 2))", "input: {randn: [[1, 2]]}\n"),
    ("model A { }", "model: {A: []}\n"),
    (
      "model A { relu(1), Linear(min(1, 2)) }",
      "model:\n  A:\n    - \"relu(1)\"\n    - \"Linear(min(1, 2))\"\n"
    ),
    (
      "model A { x = Sequential { ReLU } }\nmodel B { }",
      "model:\n  A:\n    - name: x\n      Sequential:\n        - ReLU\n  B: []\n"
    ),
  ])
  func written(_ nn: String, _ yaml: String) {
    let (tree, diagnostics) = parse(SourceFile(name: "text.nn", text: nn))
    #expect(nn.isEmpty || diagnostics.isEmpty, "\(TextRenderer().render(diagnostics))")
    #expect(printYAML(tree) == yaml)
    expectRoundTrip(tree)
  }

  @Test func longArgumentsGoOnLinesOfTheirOwn() {
    let names = (1...12).map { "\"a_rather_long_name_\($0)\"" }.joined(separator: ", ")
    let tree = parse(SourceFile(name: "text.nn", text: "data = X([\(names)], k=1)\n")).document
    let text = printYAML(tree)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    expectRoundTrip(tree)
  }

  /// As deep as `.nn` goes, where YAML would need two levels for each.
  @Test(arguments: [10, 49, 50, 98])
  func deepTrees(_ depth: Int) {
    let text =
      "model A { " + String(repeating: "Sequential { ", count: depth)
      + String(repeating: "}", count: depth) + " }\n"
    let (tree, diagnostics) = parse(SourceFile(name: "text.nn", text: text))
    #expect(diagnostics.isEmpty)
    expectRoundTrip(tree)
  }

  private func expectRoundTrip(_ tree: Document) {
    let yaml = printYAML(tree)
    let back = parsedYAML(yaml)
    #expect(dump(back, spans: false) == dump(tree, spans: false), "\(yaml)")
    #expect(printYAML(back) == yaml)
    let (nn, diagnostics) = parse(SourceFile(name: "text.nn", text: printNN(back)))
    #expect(tree.statements.isEmpty || diagnostics.isEmpty, "\(TextRenderer().render(diagnostics))")
    #expect(dump(nn, spans: false) == dump(tree, spans: false))
  }
}
