import NNDiagnostics

// What `nnrun layers` prints: the list of all entries, and one entry in full.

extension Catalogue {
  /// All entries by kind, a line each.
  public static var listing: String {
    let width = (schemas.map(\.name.count).max() ?? 0) + 2
    return CallSchema.Kind.allCases.compactMap { kind -> String? in
      let entries = schemas.filter { $0.kind == kind }
      guard let first = kind.plural.first, !entries.isEmpty else { return nil }
      let lines = entries.map { "  \(padded($0.name, width))\($0.summary)\n" }
      return "\(first.uppercased())\(kind.plural.dropFirst()):\n\(lines.joined())"
    }.joined(separator: "\n")
  }

  /// All entries as JSON, as ``CallSchema/json`` has each.
  public static var json: JSONValue { .array(schemas.map(\.json)) }

  /// Why the catalogue has no `name`, and what to write instead.
  public static func absence(of name: String) -> (message: String, help: String?) {
    if name == "Sequential" {
      return ("Sequential is no entry but part of the grammar: it holds layers, applied in order", nil)
    }
    let shown = shortened(name)
    if let kind = UnavailableNames.kind(of: name) {
      return ("\(shown) is \(kind.withArticle) of PyTorch's that this version of nnrun does not have", nil)
    }
    if let own = ForeignNames.entry(name) {
      return ("the catalogue has no `\(shown)`", "PyTorch's name for it is `\(own)`")
    }
    return (
      "the catalogue has no `\(shown)`",
      didYouMean(name, from: schemas.map(\.name)) ?? "`nnrun layers` lists all names"
    )
  }
}

extension CallSchema {
  /// The entry in full, for a terminal.
  public var text: String {
    var text = "\(name), \(kind.withArticle): \(summary)\n\n  \(signature)\n"
    if !parameters.isEmpty {
      let width = (parameters.map(\.name.count).max() ?? 0) + 2
      text += "\nParameters:\n"
      for parameter in parameters {
        text += "  \(padded(parameter.name, width))\(parameter.summary)\n"
        text += "  \(padded("", width))\(parameter.typeText)\(parameter.defaultText)\n"
      }
    }
    guard let documentation else { return text }
    text += section("Formula", documentation.formula)
    if let shapes = documentation.shapes { text += section("Shapes", shapes) }
    if let weights = documentation.initialization { text += section("Initial weights", weights) }
    return text + section("Example", documentation.example)
  }

  private func section(_ title: String, _ text: String) -> String {
    "\n\(title):\n" + text.split(separator: "\n").map { "  \($0)\n" }.joined()
  }

  /// `{"name", "kind", "summary", "signature", "parameters": [{"name", "summary", "type", "default",
  /// "required", "keyword_only"}], "formula", "shapes", "initialization", "example"}`; null where there
  /// is none.
  public var json: JSONValue {
    func string(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    return .object([
      ("name", .string(name)), ("kind", .string(kind.rawValue)), ("summary", .string(summary)),
      ("signature", .string(signature)),
      (
        "parameters",
        .array(
          parameters.map { parameter in
            .object([
              ("name", .string(parameter.name)), ("summary", .string(parameter.summary)),
              ("type", .string(parameter.typeText)),
              ("default", string(parameter.defaultValue?.description)),
              ("required", .boolean(parameter.defaultValue == nil)),
              ("keyword_only", .boolean(parameter.isKeywordOnly)),
            ])
          })
      ),
      ("formula", string(documentation?.formula)), ("shapes", string(documentation?.shapes)),
      ("initialization", string(documentation?.initialization)),
      ("example", string(documentation?.example)),
    ])
  }
}

extension Parameter {
  /// What may be given: `a whole number, at least 1, or _`.
  fileprivate var typeText: String {
    var text = kind.phrase
    switch kind {
    case .integer(let range), .pair(let range, _), .integers(let range), .pairOrChoice(let range, _):
      text += bounds(range)
    case .number(let range), .numberPair(let range), .numberOrNumbers(let range, _):
      if range.phrase != NumberRange.any.phrase { text += ", \(range.phrase)" }
    default: break
    }
    if acceptsHole { text += ", or _ to work it out" }
    if acceptsNone { text += ", or None" }
    return text
  }

  fileprivate var defaultText: String {
    let keyword = isKeywordOnly ? "; by name only" : ""
    guard let defaultValue else { return "; required\(keyword)" }
    return "; default \(defaultValue)\(keyword)"
  }

  private func bounds(_ range: ClosedRange<Int>) -> String {
    if range.upperBound < maximumDimension { return ", \(range.lowerBound) to \(range.upperBound)" }
    return range.lowerBound <= -maximumDimension ? "" : ", at least \(range.lowerBound)"
  }
}

private func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(width - text.count, 0))
}
