import NNDiagnostics
import NNSyntax
import NNTestSupport
import NNYAML
import Testing

/// A `.nn` file and its `.yaml` twin mean the same.
@Suite struct TwinTests {
  /// The YAML files of `Goldens/ok` that have a twin.
  static let twins: [(yaml: GoldenFolder.Case, nn: GoldenFolder.Case)] = {
    let cases = Goldens.ok.cases
    return cases.compactMap { item in
      guard item.name.hasSuffix(".yaml") else { return nil }
      let twin = item.name.dropLast(4) + "nn"
      return cases.first { $0.name == twin }.map { (item, $0) }
    }
  }()

  @Test(arguments: twins.map(\.yaml.name))
  func sameTree(_ name: String) throws {
    let (yaml, nn) = try #require(Self.twins.first { $0.yaml.name == name })
    let yamlTree = parseYAML(SourceFile(name: yaml.name, bytes: try yaml.bytes())).document
    let nnTree = parse(SourceFile(name: nn.name, bytes: try nn.bytes())).document
    #expect(dump(yamlTree, spans: false) == dump(nnTree, spans: false))
    #expect(!yamlTree.statements.isEmpty)
  }

  /// So that none of the statements goes without twins.
  @Test func everyStatementHasTwins() throws {
    var kinds: Set<String> = []
    for (yaml, _) in Self.twins {
      for statement in parseYAML(SourceFile(name: yaml.name, bytes: try yaml.bytes())).document.statements {
        switch statement.kind {
        case .binding: kinds.insert("let")
        case .seed: kinds.insert("seed")
        case .input: kinds.insert("input")
        case .data(let data):
          kinds.insert("data")
          if data.name != nil { kinds.insert("named data") }
          if data.sources.count > 1 { kinds.insert("else") }
        case .model: kinds.insert("model")
        case .layer: kinds.insert("layer")
        case .component(let component, let name, _, let groups):
          kinds.insert(component.rawValue)
          if !groups.isEmpty { kinds.insert("groups") }
          if name != nil { kinds.insert("named \(component.rawValue)") }
        case .train: kinds.insert("train")
        }
      }
    }
    let wanted: Set<String> = [
      "let", "seed", "input", "data", "named data", "else", "model", "layer", "loss", "named loss",
      "optimizer", "named optimizer", "groups", "schedule", "train",
    ]
    #expect(kinds.isSuperset(of: wanted))
    #expect(Self.twins.count >= 15)
  }
}
