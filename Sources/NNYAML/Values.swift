import NNDiagnostics
import NNSyntax

// Values, and the rules of scalars.

extension DocumentBuilder {
  /// A scalar, a list, or a mapping that is a call.
  mutating func value(_ node: YAMLNode, nesting: Int) -> Expression? {
    switch node.kind {
    case .scalar(let text, .plain):
      return plainValue(text, node, nesting: nesting)
    case .scalar(let text, _):
      return Expression(.string(text), span: node.span)
    case .sequence(let elements):
      let values = elements.compactMap { value($0, nesting: nesting + 1) }
      // A list with a value left out would be another list.
      return values.count == elements.count ? Expression(.list(values), span: node.span) : nil
    case .mapping(let pairs):
      return callValue(node, pairs, nesting: nesting + 1).map { Expression(.call($0), span: node.span) }
    case .refused:
      return nil
    }
  }

  /// The value of a pair that must have one.
  mutating func requiredValue(_ pair: YAMLPair, example: String, nesting: Int) -> Expression? {
    if pair.value.isEmpty {
      if let colon = tightColon(pair.key.text) {
        report(
          "yaml-space", "a space is missing after the colon", pair.key.span,
          help: "write `\(pair.key.text.prefix(colon)): …`")
      } else {
        report(
          "yaml-form", "`\(shortened(pair.key.text))` has no value", pair.key.span,
          help: "write `\(shortened(example))`")
      }
      return nil
    }
    return value(pair.value, nesting: nesting)
  }

  /// The value of `input`, where a mapping is a call whatever its name.
  mutating func inputValue(_ pair: YAMLPair, nesting: Int) -> Expression? {
    guard let pairs = pair.value.pairs, pairs.count == 1 else {
      return requiredValue(pair, example: "input: [3, 32, 32]", nesting: nesting)
    }
    let inner = pairs[0]
    // `tensor` takes one value, and its list is that value; other lists are arguments.
    if inner.key.text == "tensor", inner.value.elements != nil {
      guard let value = value(inner.value, nesting: nesting + 1) else { return nil }
      let argument = Argument(name: nil, value: value, span: inner.value.span)
      let name = Name(inner.key.text, inner.key.span)
      let call = Call(name: name, arguments: [argument], span: inner.span)
      return Expression(.call(call), span: pair.value.span)
    }
    return call(inner, nesting: nesting + 1).map { Expression(.call($0), span: pair.value.span) }
  }

  private mutating func plainValue(_ text: String, _ node: YAMLNode, nesting: Int) -> Expression? {
    if text.isEmpty {
      if !node.isCutOff {
        report("yaml-form", "a value is missing here", node.span, help: "write `None` where that is meant")
      }
      return nil
    }
    if let constant = plainConstant(text) { return Expression(constant, span: node.span) }
    guard isIdentifier(text) || beginsExpression(text) else {
      return Expression(.string(text), span: node.span)
    }
    let fragment = Fragment(text, style: .plain, span: node.span, in: file)
    let (expression, found) = fragment.expression(nesting: nesting)
    diagnostics += found.map { finding in
      var finding = finding
      if finding.help == nil { finding.help = "quote it if it is a text" }
      return finding
    }
    return expression
  }

  // MARK: Words

  /// How many characters stand before the colon of `key:value`, or nil for other texts.
  func tightColon(_ text: String) -> Int? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let rest = text[text.index(after: colon)...]
    guard isIdentifier(String(text[..<colon])), !rest.isEmpty, !rest.hasPrefix("/") else { return nil }
    return text.distance(from: text.startIndex, to: colon)
  }

  /// Reports `Linear:[1, 2]` where a layer or a call is expected; true where it was that.
  mutating func reportTightColon(_ text: String, _ node: YAMLNode) -> Bool {
    guard let colon = tightColon(text) else { return false }
    report(
      "yaml-space", "a space is missing after the colon", node.span,
      help: "write `\(text.prefix(colon)): …`")
    return true
  }

  // MARK: Reporting

  mutating func report(_ code: String, _ message: String, _ span: Span, help: String? = nil) {
    diagnostics.append(Diagnostic(.error, code: code, message, in: file, at: span, help: help))
  }

  /// The part of a span in its first line.
  func firstLine(of span: Span) -> Span { Span(span.start, min(span.end, file.endOfLine(at: span.start))) }

  /// The first line of a pair's value, or its key where there is no value.
  func spot(of pair: YAMLPair) -> Span {
    pair.value.isEmpty ? pair.key.span : firstLine(of: pair.value.span)
  }
}
