import NNDiagnostics
import NNSyntax

// `data`, `model`, `loss`, `optimizer`, `schedule`: the statements that hold calls.

extension DocumentBuilder {
  /// `{CIFAR10: ["data"], else: Shapes10, batch_size: 1}`, `{name: val, …}`, or a call.
  mutating func addData(_ node: YAMLNode, keyword: YAMLKey, nesting: Int) {
    guard let pairs = node.pairs else {
      guard let source = call(node, nesting: nesting, for: keyword) else { return }
      add(.data(DataStatement(name: nil, sources: [source], settings: [])), node, keyword)
      return
    }
    let parts = parts(of: pairs, besides: ["name", "else"])
    guard let callPair = callPair(parts, in: node, keyword: keyword) else { return }
    if parts.callName(callPair) == "DataLoader" {
      report(
        "yaml-form", "`DataLoader` is not written in YAML: its settings stand beside the data set",
        callPair.key.span, help: "write `data: {CIFAR10: [\"data\"], batch_size: 64}`")
      return
    }
    var sources = [call(callPair, nesting: nesting)].compactMap { $0 }
    if let others = parts.value(of: "else") {
      let calls = others.value.elements ?? [others.value]
      if calls.isEmpty || others.value.isEmpty, !others.value.isCutOff {
        report("yaml-form", "`else` names no data set", others.key.span, help: "write `else: Shapes10`")
      } else {
        let inner = nesting + (others.value.elements == nil ? 0 : 1)
        sources += calls.compactMap { call($0, nesting: inner, for: others.key) }
      }
    }
    let settings = namedArguments(parts.others, nesting: nesting)
    let name = statementName(parts)
    guard !sources.isEmpty else { return }
    add(.data(DataStatement(name: name, sources: sources, settings: settings)), node, keyword)
  }

  /// `CrossEntropyLoss`, `{SGD: {lr: 0.01}}`, `{name: optD, Adam: {lr: 0.01}}`,
  /// `{SGD: {lr: 0.1}, groups: {"*.bias": {weight_decay: 0}}}`.
  mutating func addComponent(
    _ component: Statement.Component, _ node: YAMLNode, keyword: YAMLKey, nesting: Int
  ) {
    guard let pairs = node.pairs else {
      guard let call = call(node, nesting: nesting, for: keyword) else { return }
      add(.component(component, name: nil, call, groups: []), node, keyword)
      return
    }
    let parts = parts(of: pairs, besides: component == .optimizer ? ["name", "groups"] : ["name"])
    guard let callPair = callPair(parts, in: node, keyword: keyword) else { return }
    for other in parts.others { reportBeside(other, callPair) }
    let name = statementName(parts)
    let groups = parts.value(of: "groups").map { parameterGroups($0, nesting: nesting + 1) } ?? []
    guard let call = call(callPair, nesting: nesting) else { return }
    add(.component(component, name: name, call, groups: groups), node, keyword)
  }

  /// `groups: {"*.bias": {weight_decay: 0}}`
  private mutating func parameterGroups(_ pair: YAMLPair, nesting: Int) -> [ParameterGroup] {
    let help = "write `groups: {\"*.bias\": {weight_decay: 0}}`"
    guard let pairs = pair.value.pairs else {
      if !pair.value.isCutOff {
        report(
          "yaml-form",
          "`groups` takes a mapping of patterns and settings, and this is \(pair.value.description)",
          spot(of: pair), help: help)
      }
      return []
    }
    if pairs.count > Bounds.parameterGroups {
      report(
        "too-many-groups", "this optimizer has more than \(Bounds.parameterGroups) groups",
        pairs[Bounds.parameterGroups].key.span, help: "`*` stands for many names")
    }
    return pairs.prefix(Bounds.parameterGroups).compactMap { group in
      guard let settings = group.value.pairs else {
        if !group.value.isCutOff {
          report(
            "yaml-form",
            "a group takes a mapping of settings, and this is \(group.value.description)", spot(of: group),
            help: help)
        }
        return nil
      }
      return ParameterGroup(
        pattern: Name(group.key.text, group.key.span),
        settings: namedArguments(settings, nesting: nesting + 1),
        span: group.span)
    }
  }

  /// `{Tudui: [layers], Other: [layers]}`
  mutating func addModels(_ pair: YAMLPair, nesting: Int) {
    guard let pairs = pair.value.pairs else {
      if pair.value.isCutOff { return }
      report(
        "yaml-form",
        "`model` takes a mapping of a name and a list of layers, and this is \(pair.value.description)",
        spot(of: pair), help: "write `model: {Net: [layers]}`, the name and its list on lines of their own")
      return
    }
    for model in pairs { addModel(model, keyword: pair.key, nesting: nesting + 1) }
  }

  private mutating func addModel(_ pair: YAMLPair, keyword: YAMLKey, nesting: Int) {
    if pair.key.text == "Sequential" {
      report(
        "yaml-form", "the model has no name", pair.key.span, help: "write `model: {Net: [layers]}`")
      return
    }
    guard let name = name(pair.key), let stack = modelStack(pair, nesting: nesting) else { return }
    statements.append(Statement(.model(name, stack), span: pair.span, keyword: keyword.span))
  }

  /// A list of layers, nothing, or `Sequential` with a list.
  private mutating func modelStack(_ pair: YAMLPair, nesting: Int) -> Stack? {
    let value = pair.value
    switch value.kind {
    case .sequence:
      return stack(value, nesting: nesting + 1)
    case .scalar("", .plain):
      return Stack(items: [], span: pair.key.span)
    case .mapping(let pairs):
      if pairs.count == 1, callName(pairs[0].key)?.text == "Sequential" {
        return stack(pairs[0].value, nesting: nesting + 2)
      }
      if value.value(of: "from") != nil {
        report(
          "not-available", "a model made `from` another is not available in this version", value.span,
          help: "write its layers out")
        return nil
      }
      if value.isCutOff { return nil }
      fallthrough
    case .scalar:
      report(
        "yaml-form", "the layers of a model are a list, and this is \(value.description)", spot(of: pair),
        help: "begin each layer with `- ` on a line of its own")
      return nil
    case .refused:
      return nil
    }
  }

  /// `{"Scale(x, k=2)": (x * k)}`: the head as in `.nn`, and the body, which is a value in `.nn` syntax.
  mutating func addLayers(_ pair: YAMLPair, nesting: Int) {
    guard let pairs = pair.value.pairs else {
      if pair.value.isCutOff { return }
      report(
        "yaml-form", "`layer` takes a mapping of heads and bodies, and this is \(pair.value.description)",
        spot(of: pair), help: "write `layer: {\"Scale(x, k=2)\": (x * k)}`")
      return
    }
    for layer in pairs {
      let key = Fragment(layer.key.text, style: layer.key.style, span: layer.key.span, in: file)
      let (head, found) = key.layerHead(nesting: nesting + 1)
      diagnostics += found
      guard case .scalar(let text, let style) = layer.value.kind, !text.isEmpty else {
        if layer.value.isCutOff { continue }
        report(
          "yaml-form", "the body of a layer is a formula, and this is \(layer.value.description)",
          spot(of: layer), help: "write `\(shortened(layer.key.text)): (x * 2)`")
        continue
      }
      let formula = Fragment(text, style: style, span: layer.value.span, in: file)
      let (body, wrong) = formula.expression(nesting: nesting + 1)
      diagnostics += wrong
      guard let head, let body else { continue }
      let definition = LayerDefinition(name: head.name, parameters: head.parameters, body: body)
      statements.append(Statement(.layer(definition), span: layer.span, keyword: pair.key.span))
    }
  }

  private mutating func add(_ kind: Statement.Kind, _ node: YAMLNode, _ keyword: YAMLKey) {
    statements.append(Statement(kind, span: node.span, keyword: keyword.span))
  }

  /// The one call of a mapping; its absence is reported.
  private mutating func callPair(
    _ parts: CallParts, in node: YAMLNode, keyword: YAMLKey
  ) -> YAMLPair? {
    if let pair = parts.call { return pair }
    if node.isCutOff { return nil }
    report(
      "yaml-form", "`\(keyword.text)` names no call here: the key that does starts with a capital",
      node.span.start < node.span.end ? firstLine(of: node.span) : keyword.span,
      help: "write `\(keyword.text): \(example(for: keyword.text))`")
    return nil
  }

  private func example(for keyword: String) -> String {
    switch keyword {
    case "data": "{CIFAR10: [\"data\"], batch_size: 64}"
    case "optimizer": "{SGD: {lr: 0.01}}"
    case "schedule": "{StepLR: {step_size: 10}}"
    default: "CrossEntropyLoss"
    }
  }
}
