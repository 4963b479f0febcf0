import NNDiagnostics
import NNSyntax

/// A mapping that holds a call, taken apart.
struct CallParts {
  /// The pair that is the call, or nil.
  var call: YAMLPair?
  /// The pairs with one of the keys that were asked for, `name` or `else`.
  var known: [YAMLPair] = []
  /// The rest.
  var others: [YAMLPair] = []

  func value(of key: String) -> YAMLPair? { known.first { $0.key.text == key } }

  /// The last part of a call's name, prefixes such as `nn.` dropped.
  func callName(_ pair: YAMLPair) -> String {
    pair.key.text.split(separator: ".").last.map(String.init) ?? pair.key.text
  }
}

extension DocumentBuilder {
  // MARK: Where a call stands

  /// A call by itself: a name, a string in `.nn` syntax, or a mapping with the call as its one key.
  mutating func call(_ node: YAMLNode, nesting: Int, for keyword: YAMLKey) -> Call? {
    switch node.kind {
    case .scalar("", .plain):
      report(
        "yaml-form", "`\(keyword.text)` has no value", keyword.span,
        help: "write a name, `\(keyword.text): Name`, or `\(keyword.text): {Name: [arguments]}`")
      return nil
    case .scalar(let text, let style):
      if reportTightColon(text, node) { return nil }
      let (call, found) = Fragment(text, style: style, span: node.span, in: file).call(nesting: nesting)
      diagnostics += found
      return call
    case .mapping(let pairs):
      return callValue(node, pairs, nesting: nesting)
    case .sequence:
      report(
        "yaml-form", "`\(keyword.text)` takes a call, and this is a list", firstLine(of: node.span),
        help: "write `\(keyword.text): {Name: [arguments]}`")
      return nil
    case .refused:
      return nil
    }
  }

  /// A mapping that is a call and nothing else.
  mutating func callValue(_ node: YAMLNode, _ pairs: [YAMLPair], nesting: Int) -> Call? {
    let parts = parts(of: pairs, besides: [])
    guard let pair = parts.call else {
      if !node.isCutOff {
        report(
          "yaml-form", "a mapping is a call here, and no key of this one starts with a capital",
          firstLine(of: node.span),
          help: "named arguments stand in the call's list, `{Name: [1, {key: value}]}`; "
            + "other calls are written `(name(1, 2))`")
      }
      return nil
    }
    for other in parts.others { reportBeside(other, pair) }
    return call(pair, nesting: nesting)
  }

  /// `Name: arguments`
  mutating func call(_ pair: YAMLPair, nesting: Int) -> Call? {
    // The arguments are read even where the name cannot be, for their own mistakes.
    let arguments = arguments(pair.value, nesting: nesting)
    guard let name = callName(pair.key) else {
      report(
        "yaml-form", "`\(shortened(pair.key.text))` is no name of a call", pair.key.span,
        help: "write `Name: [arguments]`, or quote the whole layer: \"Name(arguments)\"")
      return nil
    }
    return Call(name: name, arguments: arguments, span: pair.value.isEmpty ? pair.key.span : pair.span)
  }

  // MARK: Arguments

  /// What stands after `Name:`: nothing, one value, a list, or named arguments.
  private mutating func arguments(_ node: YAMLNode, nesting: Int) -> [Argument] {
    switch node.kind {
    case .scalar("", .plain):
      return []
    case .mapping(let pairs) where !hasCall(pairs):
      return namedArguments(pairs, nesting: nesting + 1)
    case .scalar, .mapping:
      return value(node, nesting: nesting).map { [Argument(name: nil, value: $0, span: node.span)] } ?? []
    case .sequence(let elements):
      return arguments(elements, nesting: nesting + 1)
    case .refused:
      return []
    }
  }

  private mutating func arguments(_ elements: [YAMLNode], nesting: Int) -> [Argument] {
    var arguments: [Argument] = []
    var named: Span?
    for element in elements {
      if let pairs = element.pairs, !hasCall(pairs) {
        arguments += namedArguments(pairs, nesting: nesting + 1)
        named = named ?? element.span
        continue
      }
      if let named {
        // Left out, since positional arguments come first in the tree.
        diagnostics.append(
          Diagnostic(
            .error, code: "positional-after-named", "a value without a name stands after named ones",
            in: file, at: firstLine(of: element.span),
            notes: [.init(file: file, span: firstLine(of: named), message: "these are named")],
            help: "put the named arguments last, or give this one a name too"))
        _ = value(element, nesting: nesting)
      } else if let value = value(element, nesting: nesting) {
        arguments.append(Argument(name: nil, value: value, span: element.span))
      }
    }
    return withoutRepeatedNames(arguments)
  }

  /// `{stride: 1, padding: 2}`; `nesting` counts the braces.
  mutating func namedArguments(_ pairs: [YAMLPair], nesting: Int) -> [Argument] {
    pairs.compactMap { pair in
      guard let name = name(pair.key),
        let value = requiredValue(pair, example: "\(pair.key.text): None", nesting: nesting)
      else { return nil }
      return Argument(name: name, value: value, span: pair.span)
    }
  }

  /// Names can repeat only across the mappings of one list; one mapping has each key once.
  private mutating func withoutRepeatedNames(_ arguments: [Argument]) -> [Argument] {
    var first: [String: Span] = [:]
    return arguments.filter { argument in
      guard let name = argument.name else { return true }
      guard let earlier = first.updateValue(name.span, forKey: name.text) else { return true }
      diagnostics.append(
        Diagnostic(
          .error, code: "duplicate-argument", "`\(name.text)` is given twice", in: file, at: name.span,
          notes: [.init(file: file, span: earlier, message: "the first is here")], help: "remove one"))
      return false
    }
  }

  // MARK: Names and their surroundings

  /// Tells the call of a mapping from the keys beside it. A second call is reported.
  mutating func parts(of pairs: [YAMLPair], besides known: Set<String>) -> CallParts {
    var parts = CallParts()
    for pair in pairs {
      if known.contains(pair.key.text) {
        parts.known.append(pair)
      } else if !isCallKey(pair.key.text) {
        parts.others.append(pair)
      } else if let call = parts.call {
        diagnostics.append(
          Diagnostic(
            .error, code: "yaml-form",
            "two calls, `\(shortened(call.key.text))` and `\(shortened(pair.key.text))`, "
              + "in one mapping", in: file, at: pair.key.span,
            notes: [.init(file: file, span: call.key.span, message: "the first is here")],
            help: "begin each with `- `, as an element of a list"))
      } else {
        parts.call = pair
      }
    }
    return parts
  }

  private func hasCall(_ pairs: [YAMLPair]) -> Bool { pairs.contains { isCallKey($0.key.text) } }

  /// The name that a key calls, PyTorch's prefixes dropped, or nil.
  func callName(_ key: YAMLKey) -> Name? {
    let (call, found) = Fragment(key.text, style: key.style, span: key.span, in: file).call(nesting: 0)
    guard let call, found.isEmpty, call.arguments.isEmpty, !key.text.hasSuffix(")") else { return nil }
    return call.name
  }

  /// A key that is a user's name or a parameter's; others are reported.
  mutating func name(_ key: YAMLKey) -> Name? {
    if isIdentifier(key.text) { return Name(key.text, key.span) }
    if let colon = tightColon(key.text) {
      report(
        "yaml-space", "a space is missing after the colon", key.span,
        help: "write `\(key.text.prefix(colon)): …`")
    } else {
      report(
        "yaml-name", "`\(shortened(key.text))` is no name", key.span,
        help: "a name is made of letters, digits and `_` and does not begin with a digit")
    }
    return nil
  }

  /// The value of `name:`, or nil where there is none.
  mutating func statementName(_ parts: CallParts) -> Name? {
    guard let pair = parts.value(of: "name") else { return nil }
    if case .scalar(let text, let style) = pair.value.kind, !text.isEmpty {
      return name(YAMLKey(text: text, style: style, span: pair.value.span))
    }
    if !pair.value.isCutOff {
      report("yaml-name", "`name` takes a name, and this is \(pair.value.description)", spot(of: pair))
    }
    return nil
  }

  /// A setting that stands beside a call it belongs into.
  mutating func reportBeside(_ pair: YAMLPair, _ call: YAMLPair) {
    let key = shortened(pair.key.text)
    let setting = pair.value.isEmpty ? key : "\(key): …"
    let inside = call.value.isEmpty ? "{\(setting)}" : "[…, {\(setting)}]"
    report(
      "yaml-form", "`\(key)` stands beside `\(shortened(call.key.text))`, not among its arguments",
      pair.key.span, help: "write `\(shortened(call.key.text)): \(inside)`")
  }
}
