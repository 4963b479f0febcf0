import NNDiagnostics
import NNSyntax

/// Makes the syntax tree of a file's YAML values. The statements are here; calls, layers and values
/// in the files beside this one.
struct DocumentBuilder {
  let file: SourceFile
  var statements: [Statement] = []
  var diagnostics: [Diagnostic] = []
  /// The layers met so far, in all stacks, against ``Bounds/items``.
  var itemCount = 0

  init(file: SourceFile) { self.file = file }

  // MARK: The document

  /// Adds the statements of a document: a mapping, or a list of mappings.
  mutating func addStatements(of root: YAMLNode) {
    switch root.kind {
    case .mapping(let pairs):
      for pair in pairs { addStatements(of: pair, nesting: 1) }
    case .sequence(let elements):
      for element in elements { addStatements(ofElement: element) }
    case .scalar:
      report(
        "yaml-document",
        "a model file is a mapping of statements, `model: …`, `loss: …`; "
          + "this is \(root.description)", root.span)
    case .refused:
      return
    }
  }

  private mutating func addStatements(ofElement element: YAMLNode) {
    switch element.kind {
    case .mapping(let pairs):
      for pair in pairs { addStatements(of: pair, nesting: 2) }
    case .scalar(let text, let style) where style != .plain:
      let (parsed, found) = Fragment(text, style: style, span: element.span, in: file).statements()
      statements += parsed
      diagnostics += found
    case .scalar, .sequence:
      report(
        "yaml-document",
        "an element of the document is a mapping of statements, `- loss: …`; this is \(element.description)",
        element.span)
    case .refused:
      return
    }
  }

  mutating func reportEmptyFile() {
    let onlyComments = file.bytes.contains { !$0.isBlank }
    report(
      "empty-file", onlyComments ? "the file holds only comments" : "the file is empty",
      Span(0, 0), help: "a model file has at least `model: {Name: [layers]}`")
  }

  func nnSpelling() -> Diagnostic {
    let first = file.bytes.firstIndex { !$0.isBlank } ?? 0
    return Diagnostic(
      .error, code: "nn-spelling", "this file is written in the .nn spelling and read as YAML", in: file,
      at: file.content(ofLineAt: first), help: "give it a name that ends in .nn, or say --format nn")
  }

  // MARK: Statements

  private mutating func addStatements(of pair: YAMLPair, nesting: Int) {
    if case .refused = pair.value.kind { return }
    switch StatementKey(pair.key.text) {
    case .binding: addBindings(pair, nesting: nesting)
    case .seed:
      guard let value = requiredValue(pair, example: "seed: 0", nesting: nesting) else { return }
      add(.seed(value), pair)
    case .input:
      guard let value = inputValue(pair, nesting: nesting) else { return }
      add(.input(value), pair)
    case .data: addEach(pair, nesting: nesting) { $0.addData($1, keyword: pair.key, nesting: $2) }
    case .model: addModels(pair, nesting: nesting)
    case .component(let component):
      addEach(pair, nesting: nesting) {
        $0.addComponent(component, $1, keyword: pair.key, nesting: $2)
      }
    case .layer: addLayers(pair, nesting: nesting)
    case .train:
      guard let settings = trainSettings(pair, nesting: nesting) else { return }
      add(.train(settings), pair)
    case .later:
      report(
        "not-available", "`\(pair.key.text)` is not available in this version", pair.key.span)
    case .unknown:
      reportUnknownStatement(pair)
    }
  }

  private mutating func add(_ kind: Statement.Kind, _ pair: YAMLPair) {
    statements.append(Statement(kind, span: pair.span, keyword: pair.key.span))
  }

  /// The value of `data`, `loss`, … is one of them or a list.
  private mutating func addEach(
    _ pair: YAMLPair, nesting: Int, _ addOne: (inout DocumentBuilder, YAMLNode, Int) -> Void
  ) {
    if let elements = pair.value.elements {
      for element in elements { addOne(&self, element, nesting + 2) }
    } else {
      addOne(&self, pair.value, nesting + 1)
    }
  }

  private mutating func addBindings(_ pair: YAMLPair, nesting: Int) {
    guard let pairs = pair.value.pairs else {
      report(
        "yaml-form", "`let` takes a mapping of names and values, and this is \(pair.value.description)",
        spot(of: pair), help: "write `let: {width: 32}`")
      return
    }
    for binding in pairs {
      guard let name = name(binding.key),
        let value = requiredValue(binding, example: "\(binding.key.text): 32", nesting: nesting + 1)
      else { continue }
      let span = binding.span
      statements.append(Statement(.binding(name, value), span: span, keyword: pair.key.span))
    }
  }

  private mutating func trainSettings(_ pair: YAMLPair, nesting: Int) -> [Argument]? {
    if pair.value.isEmpty { return [] }
    guard let pairs = pair.value.pairs else {
      report(
        "yaml-form", "`train` takes a mapping of settings, and this is \(pair.value.description)",
        spot(of: pair), help: "write `train: {epochs: 10}`")
      return nil
    }
    return namedArguments(pairs, nesting: nesting + 1)
  }

  private mutating func reportUnknownStatement(_ pair: YAMLPair) {
    let word = pair.key.text
    if let colon = tightColon(word) {
      report(
        "yaml-space", "a space is missing after the colon", pair.key.span,
        help: "write `\(word.prefix(colon)): …`")
      return
    }
    report(
      "unknown-statement", "`\(shortened(word))` is no statement", pair.key.span,
      help: didYouMean(word, from: StatementKey.names)
        ?? "a statement begins with " + StatementKey.names.map { "`\($0)`" }.joined(separator: ", "))
  }
}

/// The words that statements begin with.
enum StatementKey {
  case binding
  case seed
  case input
  case data
  case model
  case layer
  case component(Statement.Component)
  case train
  /// Part of the language, and not of this version.
  case later
  case unknown

  static let names = [
    "data", "input", "layer", "let", "loss", "model", "optimizer", "schedule", "seed", "train",
  ]

  static func isKnown(_ word: String) -> Bool {
    if case .unknown = StatementKey(word) { return false }
    return true
  }

  init(_ word: String) {
    switch word {
    case "let": self = .binding
    case "seed": self = .seed
    case "input": self = .input
    case "data": self = .data
    case "model": self = .model
    case "layer": self = .layer
    case "train": self = .train
    case "loop", "block", "include": self = .later
    default: self = Statement.Component(rawValue: word).map { .component($0) } ?? .unknown
    }
  }
}
