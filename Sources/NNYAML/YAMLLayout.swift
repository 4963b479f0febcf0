/// A YAML value on its way out, and its layout: in one line where it fits, else on lines of its own.
indirect enum YAMLText {
  /// A scalar as it is written, quotes included.
  case scalar(String)
  /// `[a, b]`, or one `- a` a line; `onLines` never takes the first form.
  case list([YAMLText], onLines: Bool = false)
  /// `{a: 1, b: 2}`, or one `a: 1` a line.
  case map([(key: String, value: YAMLText)], onLines: Bool = false)

  /// The widest line, except where a single scalar is wider.
  private static let width = 100

  /// The text on lines of its own, each of them indented by `indentation` spaces.
  func lines(indentation: Int = 0) -> String {
    let margin = String(repeating: " ", count: indentation)
    switch self {
    case .scalar(let text):
      return margin + text + "\n"
    case .list(let elements, _):
      if elements.isEmpty { return margin + "[]\n" }
      return elements.map { $0.entry(after: margin + "- ", indentation: indentation) }.joined()
    case .map(let pairs, _):
      if pairs.isEmpty { return margin + "{}\n" }
      return pairs.map { $0.value.entry(key: $0.key, margin: margin) }.joined()
    }
  }

  /// How deep lists and mappings are nested in it.
  var depth: Int {
    switch self {
    case .scalar: 0
    case .list(let elements, _): 1 + (elements.map(\.depth).max() ?? 0)
    case .map(let pairs, _): 1 + (pairs.map(\.value.depth).max() ?? 0)
    }
  }

  /// As the value of a key.
  private func entry(key: String, margin: String) -> String {
    let head = "\(margin)\(key):"
    if let line = inline(within: Self.width - head.count - 1) {
      return line.isEmpty ? head + "\n" : "\(head) \(line)\n"
    }
    return head + "\n" + lines(indentation: margin.count + 2)
  }

  /// As an element of a list; `after` is the margin and the dash.
  private func entry(after dash: String, indentation: Int) -> String {
    // `- Conv2d: [3, 32, 5]`: a lone pair needs no braces.
    if case .map(let pairs, _) = self, pairs.count == 1 {
      return dash + lines(indentation: indentation + 2).dropFirst(dash.count)
    }
    if let line = inline(within: Self.width - dash.count) { return dash + line + "\n" }
    return dash + lines(indentation: indentation + 2).dropFirst(dash.count)
  }

  /// In one line of at most `width` characters, or nil.
  private func inline(within width: Int) -> String? {
    if case .scalar(let text) = self { return text }
    var line = ""
    guard write(to: &line, within: width) else { return nil }
    return line
  }

  private func write(to line: inout String, within width: Int) -> Bool {
    switch self {
    case .scalar(let text):
      line += text
    case .list(let elements, let onLines):
      if onLines, !elements.isEmpty { return false }
      line += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { line += ", " }
        guard element.write(to: &line, within: width) else { return false }
      }
      line += "]"
    case .map(let pairs, let onLines):
      if onLines, !pairs.isEmpty { return false }
      line += "{"
      for (index, pair) in pairs.enumerated() {
        if index > 0 { line += ", " }
        line += "\(pair.key): "
        guard pair.value.write(to: &line, within: width) else { return false }
      }
      line += "}"
    }
    return line.utf8.count <= width
  }
}
