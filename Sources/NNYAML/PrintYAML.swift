import NNDiagnostics
import NNSyntax

/// The YAML spelling of a tree; `parseYAML` of it gives the same tree.
///
/// Arguments stand in one line where they fit, layers on lines of their own. The document is a
/// mapping; where a statement comes again later, a list of mappings keeps the order. What has no
/// YAML form of its own is written as a string in `.nn` syntax.
public func printYAML(_ document: Document) -> String {
  var printer = DocumentPrinter()
  for statement in document.statements { printer.add(statement) }
  return printer.text()
}

/// Gathers statements into mappings.
private struct DocumentPrinter {
  /// The value of a key while more may be added to it.
  private enum Entry {
    case one(YAMLText)
    /// `let`, `model` and `layer`: names and what they stand for.
    case names([(key: String, value: YAMLText)])
  }

  /// Elements of the document, if it becomes a list.
  private var elements: [YAMLText] = []
  /// The mapping being filled, in order.
  private var current: [(key: String, entry: Entry)] = []

  mutating func add(_ statement: Statement) {
    switch spelling(of: statement) {
    case .names(let pairs)?:
      // `let` after `let` goes into one mapping, unless a name comes again.
      if let last = current.last, last.key == keyword(of: statement), case .names(let before) = last.entry,
        !before.contains(where: { $0.key == pairs[0].key })
      {
        current[current.count - 1].entry = .names(before + pairs)
      } else {
        append(keyword(of: statement), .names(pairs))
      }
    case .one(let value)?:
      let key = keyword(of: statement)
      if let last = current.last, last.key == key, repeats(statement), case .one(let before) = last.entry {
        current[current.count - 1].entry = .one(listed(before, value))
      } else {
        append(key, .one(value))
      }
    case nil:
      closeMapping()
      elements.append(.scalar(quoted(printNN(statement))))
    }
  }

  mutating func text() -> String {
    if elements.isEmpty { return mapping().lines() }
    closeMapping()
    return YAMLText.list(elements).lines()
  }

  private mutating func append(_ key: String, _ entry: Entry) {
    if current.contains(where: { $0.key == key }) { closeMapping() }
    current.append((key, entry))
  }

  private mutating func closeMapping() {
    if !current.isEmpty { elements.append(mapping()) }
    current = []
  }

  private func mapping() -> YAMLText {
    .map(
      current.map { key, entry in
        switch entry {
        case .one(let value): (key, value)
        case .names(let pairs): (key, .map(pairs))
        }
      }, onLines: true)
  }

  /// Two values of one key as a list on lines of its own.
  private func listed(_ before: YAMLText, _ value: YAMLText) -> YAMLText {
    if case .list(let elements, onLines: true) = before { return .list(elements + [value], onLines: true) }
    return .list([before, value], onLines: true)
  }

  private func repeats(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .data, .component: true
    default: false
    }
  }

  private func keyword(of statement: Statement) -> String {
    switch statement.kind {
    case .binding: "let"
    case .seed: "seed"
    case .input: "input"
    case .data: "data"
    case .model: "model"
    case .layer: "layer"
    case .component(let component, _, _, _): component.rawValue
    case .train: "train"
    }
  }

  /// Nil for what YAML has no form for.
  private func spelling(of statement: Statement) -> Entry? {
    let entry: Entry?
    let depth: Int
    switch statement.kind {
    case .binding(let name, let value):
      entry = yaml(value).map { .names([(name.text, $0)]) }
    case .seed(let value):
      entry = yaml(value).map { .one($0) }
    case .input(let value):
      entry = yamlInput(value).map { .one($0) }
    case .data(let data):
      entry = yaml(data).map { .one($0) }
    case .model(let name, let stack):
      entry = yaml(stack).map { .names([(name.text, $0)]) }
    case .layer(let layer):
      // Both in quotes: a head holds commas, and a formula may hold any sign.
      entry = .names([(quoted(printHead(layer)), .scalar(quoted(printNN(layer.body))))])
    case .component(_, let name, let call, let groups):
      entry = (groups.isEmpty ? yaml(call, name: name) : yaml(call, name: name, groups)).map { .one($0) }
    case .train(let settings):
      entry = yaml(named: settings, besides: []).map { .one(.map($0)) }
    }
    switch entry {
    case .one(let value): depth = value.depth
    case .names(let pairs): depth = 1 + (pairs.first?.value.depth ?? 0)
    case nil: return nil
    }
    // The document adds two levels, where it is a list, and the list of several statements one.
    return depth + 3 <= Bounds.nesting ? entry : nil
  }
}

// MARK: Pieces of statements

private func yaml(_ data: DataStatement) -> YAMLText? {
  guard let first = data.sources.first, let call = yamlPair(first),
    let settings = yaml(named: data.settings, besides: ["name", "else"])
  else { return nil }
  let others = data.sources.dropFirst().map(yamlCall)
  if others.contains(where: { $0 == nil }) { return nil }
  if data.name == nil, others.isEmpty, settings.isEmpty { return yamlCall(first) }
  var pairs = data.name.map { [(key: "name", value: YAMLText.scalar($0.text))] } ?? []
  pairs.append(call)
  let branches = others.compactMap { $0 }
  if branches.count == 1 { pairs.append(("else", branches[0])) }
  if branches.count > 1 { pairs.append(("else", .list(branches))) }
  return .map(pairs + settings)
}

private func yaml(_ stack: Stack) -> YAMLText? {
  let items = stack.items.map(yaml)
  return items.contains { $0 == nil } ? nil : .list(items.compactMap { $0 }, onLines: true)
}

private func yaml(_ item: Item) -> YAMLText? {
  switch item.element {
  case .call(let call):
    let name = item.name.map { "\($0.text) = " } ?? ""
    return yaml(call, name: item.name) ?? .scalar(quoted(name + printNN(call)))
  case .sequential(let stack):
    guard let layers = yaml(stack) else { return nil }
    let name = item.name.map { [(key: "name", value: YAMLText.scalar($0.text))] } ?? []
    return .map(name + [("Sequential", layers)])
  }
}

/// A call by itself or under a name: `Flatten`, `{SGD: {lr: 0.01}}`, `{name: conv1, Conv2d: [3, 32, 5]}`.
private func yaml(_ call: Call, name: Name?) -> YAMLText? {
  guard let name else { return yamlCall(call) }
  return yamlPair(call).map { .map([("name", .scalar(name.text)), $0]) }
}

/// `{SGD: {lr: 0.1}, groups: {"*.bias": {weight_decay: 0}}}`, unless a pattern comes twice.
private func yaml(_ call: Call, name: Name?, _ groups: [ParameterGroup]) -> YAMLText? {
  guard let call = yamlPair(call), Set(groups.map(\.pattern.text)).count == groups.count else { return nil }
  var settings: [(key: String, value: YAMLText)] = []
  for group in groups {
    guard let pairs = yaml(named: group.settings, besides: []) else { return nil }
    settings.append((quoted(group.pattern.text), .map(pairs)))
  }
  let head = name.map { [(key: "name", value: YAMLText.scalar($0.text))] } ?? []
  return .map(head + [call, ("groups", .map(settings))])
}

private func yamlCall(_ call: Call) -> YAMLText? {
  if call.arguments.isEmpty { return .scalar(call.name.text) }
  return yamlPair(call).map { .map([$0]) }
}

/// `Conv2d: [3, 32, 5, {padding: 2}]`, for a name that can be told from a setting.
private func yamlPair(_ call: Call) -> (key: String, value: YAMLText)? {
  guard isCallKey(call.name.text) else { return nil }
  return yamlArguments(call.arguments).map { (call.name.text, $0) }
}

private func yamlArguments(_ arguments: [Argument]) -> YAMLText? {
  let positional = arguments.filter { $0.name == nil }.map { yaml($0.value) }
  guard !positional.contains(where: { $0 == nil }),
    let named = yaml(named: arguments.filter { $0.name != nil }, besides: [])
  else { return nil }
  let values = positional.compactMap { $0 }
  if named.isEmpty { return .list(values) }
  return values.isEmpty ? .map(named) : .list(values + [.map(named)])
}

/// Named arguments, unless a name comes twice, begins like a call, or is one of `keys`.
private func yaml(
  named arguments: [Argument], besides keys: Set<String>
) -> [(key: String, value: YAMLText)]? {
  var seen = keys
  var pairs: [(key: String, value: YAMLText)] = []
  for argument in arguments {
    guard let name = argument.name?.text, seen.insert(name).inserted, !isCallKey(name),
      let value = yaml(argument.value)
    else { return nil }
    pairs.append((name, value))
  }
  return pairs
}

// MARK: Values

private func yamlInput(_ value: Expression) -> YAMLText? {
  guard case .call(let call) = value.kind else { return yaml(value) }
  if call.name.text == "tensor", call.arguments.count == 1, call.arguments[0].name == nil {
    // `tensor`'s list is its one value, not its arguments.
    return yaml(call.arguments[0].value).map { .map([("tensor", $0)]) }
  }
  if call.name.text == "tensor", !call.arguments.allSatisfy({ $0.name != nil }) { return nil }
  return yamlArguments(call.arguments).map { .map([(call.name.text, $0)]) }
}

private func yaml(_ value: Expression) -> YAMLText? {
  switch value.kind {
  case .string:
    // In double quotes, as `quoted` has them.
    return .scalar(printNN(value))
  case .boolean(let flag): return .scalar(flag ? "true" : "false")
  case .none: return .scalar("null")
  case .hole: return .scalar("_")
  // In parentheses where the plain scalar would be a constant, or a text for its dots.
  case .word(let word):
    return .scalar(plainConstant(word) == nil && isIdentifier(word) ? word : "(\(word))")
  case .list(let elements):
    let values = elements.map { yaml($0) }
    return values.contains { $0 == nil } ? nil : .list(values.compactMap { $0 })
  case .call(let call):
    if let pair = yamlPair(call) { return .map([pair]) }
    return yamlFormula(value)
  case .number, .unary, .binary:
    return yamlFormula(value)
  }
}

/// A value in `.nn` syntax as a plain scalar: nil where it holds a sign that ends one in braces.
private func yamlFormula(_ value: Expression) -> YAMLText? {
  let text = printNN(value)
  guard !text.contains(where: { ",[]{}:#".contains($0) || $0.isNewline || $0 == "\t" }) else { return nil }
  if text == "inf" || text == "nan" || beginsExpression(text), !text.hasPrefix("- ") { return .scalar(text) }
  return .scalar("(\(text))")
}

/// A text in double quotes: the escapes of the `.nn` spelling are among those of YAML.
private func quoted(_ text: String) -> String { printNN(Expression(.string(text), span: Span(0, 0))) }
