import NNDiagnostics
import NNSyntax

// The layers of a model or of a `Sequential`.

extension DocumentBuilder {
  /// The words of forms that later versions have.
  private static let laterForms: Set<String> = ["repeat", "residual", "branch", "share"]

  /// A list of layers; `nesting` counts the list.
  mutating func stack(_ node: YAMLNode, nesting: Int) -> Stack? {
    switch node.kind {
    case .sequence(let elements):
      return Stack(items: elements.compactMap { item($0, nesting: nesting) }, span: node.span)
    case .scalar("", .plain):
      return Stack(items: [], span: node.span)
    case .mapping, .scalar:
      if !node.isCutOff {
        report(
          "yaml-form", "layers stand in a list, and this is \(node.description)", firstLine(of: node.span),
          help: "begin each layer with `- ` on a line of its own")
      }
      return nil
    case .refused:
      return nil
    }
  }

  private mutating func item(_ node: YAMLNode, nesting: Int) -> Item? {
    itemCount += 1
    if itemCount == Bounds.items + 1 {
      report("too-many-layers", "the file has more than \(Bounds.items) layers", firstLine(of: node.span))
    }
    if itemCount > Bounds.items { return nil }
    switch node.kind {
    case .scalar("", .plain):
      if !node.isCutOff {
        report(
          "yaml-form", "an element of the list of layers is empty", node.span,
          help: "write a layer after the `-`, or remove it")
      }
      return nil
    case .scalar(let text, let style):
      if reportTightColon(text, node) { return nil }
      let (item, found) = Fragment(text, style: style, span: node.span, in: file).layerItem(nesting: nesting)
      diagnostics += found
      return item
    case .mapping(let pairs):
      return item(node, pairs, nesting: nesting + 1)
    case .sequence:
      report(
        "yaml-form", "a layer is expected, and this is a list", firstLine(of: node.span),
        help: "write `- Sequential: [layers]` for layers in a list of their own")
      return nil
    case .refused:
      return nil
    }
  }

  private mutating func item(_ node: YAMLNode, _ pairs: [YAMLPair], nesting: Int) -> Item? {
    if let later = pairs.first(where: { Self.laterForms.contains($0.key.text) }) {
      report("not-available", "`\(later.key.text)` is not available in this version", later.key.span)
      return nil
    }
    let parts = parts(of: pairs, besides: ["name"])
    guard let pair = parts.call else {
      if !node.isCutOff { reportNoLayer(node, parts) }
      return nil
    }
    for other in parts.others { reportBeside(other, pair) }
    let name = statementName(parts)
    if callName(pair.key)?.text == "Sequential" {
      guard let stack = stack(pair.value, nesting: nesting + 1) else { return nil }
      return Item(name: name, element: .sequential(stack), span: node.span)
    }
    guard let call = call(pair, nesting: nesting) else { return nil }
    return Item(name: name, element: .call(call), span: node.span)
  }

  private mutating func reportNoLayer(_ node: YAMLNode, _ parts: CallParts) {
    if let pair = parts.others.first, parts.others.count == 1 {
      if let inner = pair.value.pairs?.first?.key.text, isCallKey(inner) {
        report(
          "yaml-form", "a layer's name stands under `name`", pair.key.span,
          help: "write `{name: \(shortened(pair.key.text)), \(shortened(inner)): …}`")
        return
      }
      if let colon = tightColon(pair.key.text) {
        report(
          "yaml-space", "a space is missing after the colon", pair.key.span,
          help: "write `\(pair.key.text.prefix(colon)): …`")
        return
      }
    }
    report(
      "yaml-form", "no layer is named here: the key that names it starts with a capital",
      firstLine(of: node.span), help: "write `Conv2d: [3, 32, 5]`, or a name by itself, `Flatten`")
  }
}
