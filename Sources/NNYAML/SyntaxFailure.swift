import NNDiagnostics

// libyaml's errors in our words: what is wrong, where the cause is rather than where it was
// noticed, and what to write instead.

/// The diagnostic of a failure in `file`, which was read from the offset `start`.
func describe(_ failure: YAMLFailure, in file: SourceFile, from start: Int) -> Diagnostic {
  SyntaxFailure(failure: failure, file: file, start: start).diagnostic()
}

private struct SyntaxFailure {
  let failure: YAMLFailure
  let file: SourceFile
  let start: Int

  private var offset: Int { failure.offset }
  private var found: UInt8? { file.byte(at: offset) }
  private var content: Span { file.content(ofLineAt: offset) }
  private var line: Int { file.position(of: offset).line }

  func diagnostic() -> Diagnostic {
    if let tab = tabInIndentation() { return tab }
    let context = failure.context
    if context.contains("quoted scalar") { return quoted() }
    if context.contains("flow"), let open = failure.contextOffset { return bracket(open) }
    if context.contains("block scalar") { return blockText() }
    if context.contains("directive") {
      return error(
        "yaml-directive", "directives, lines that begin with `%`, are not used in model files", content,
        help: "remove the line")
    }
    if context.contains("anchor") || context.contains("alias") || context.contains("tag") {
      return begin(at: failure.contextOffset ?? offset)
    }
    if context.contains("simple key"), let key = failure.contextOffset { return noColon(key) }
    switch failure.problem {
    case "mapping values are not allowed in this context": return strayColon()
    case "block sequence entries are not allowed in this context":
      return error(
        "yaml-syntax", "a list item `- …` cannot begin here, in the line of its key",
        Span(offset, offset + 1), help: "begin the list on the next line, or write it in brackets, `[…]`")
    case "found character that cannot start any token": return begin(at: offset)
    case "did not find expected key", "did not find expected '-' indicator": return misplaced()
    case "did not find expected node content":
      return error("yaml-syntax", "a value is expected here, \(foundText)", spot(offset))
    default:
      return error("yaml-syntax", "this is not YAML: \(failure.problem)", spot(offset))
    }
  }

  // MARK: Causes

  private func tabInIndentation() -> Diagnostic? {
    for place in [offset, failure.contextOffset ?? offset] {
      let lineStart = file.startOfLine(at: place)
      var end = lineStart
      while let byte = file.byte(at: end), byte == 0x20 || byte == 0x09 { end += 1 }
      let indentation = lineStart..<end
      guard let tab = indentation.first(where: { file.bytes[$0] == 0x09 }) else { continue }
      return error(
        "yaml-tab", "a tab indents this line, and YAML is indented with spaces", Span(tab, end),
        help: "replace each tab by two spaces")
    }
    return nil
  }

  private func quoted() -> Diagnostic {
    let open = failure.contextOffset ?? offset
    let quote = file.byte(at: open) == UInt8(ascii: "'") ? "'" : "\""
    if failure.problem == "found unknown escape character" {
      let escape = Span(offset, file.endOfCharacter(at: offset + 1))
      return error(
        "bad-escape", "`\(file.text(in: escape))` is no escape of a string in double quotes", escape,
        help: "write `\\\\` for a backslash, or put the text in single quotes, where it stands for itself")
    }
    if failure.problem.contains("end of stream") || failure.problem.contains("document indicator") {
      return error(
        "unterminated-text", "the string that begins here is never closed", spot(open),
        help: "end it with \(quote)")
    }
    return error(
      "bad-escape", "this escape stands for no character: \(failure.problem)", spot(offset),
      help: "`\\x41`, `\\u00e9` and `\\U0001f600` are written with two, four and eight hexadecimal digits")
  }

  private func bracket(_ open: Int) -> Diagnostic {
    let isList = file.byte(at: open) == UInt8(ascii: "[")
    let (opening, closing) = isList ? ("[", "]") : ("{", "}")
    if let found, "]}".utf8.contains(found) {
      return error(
        "mismatched-bracket", "`\(opening)` is closed by `\(closing)`, \(foundText)", spot(offset),
        notes: [.init(file: file, span: spot(open), message: "it is opened here")],
        help: "write `\(closing)` before it")
    }
    if file.startOfLine(at: open) == file.startOfLine(at: offset), offset < file.bytes.count {
      return error(
        "missing-comma", "`,` or `\(closing)` is expected here, \(foundText)", spot(offset),
        help: "separate the values with commas; quote a text that holds brackets, commas or `: `")
    }
    return error(
      "unclosed-bracket", "this `\(opening)` is never closed", spot(open),
      notes: [.init(file: file, span: spot(offset), message: "`,` or `\(closing)` was expected here")],
      help: "write `\(closing)` after the last value")
  }

  private func blockText() -> Diagnostic {
    error(
      "yaml-syntax", "a text that begins with `|` or `>` stands on the lines below it, indented",
      spot(offset), help: "end this line after the sign, or quote the text")
  }

  /// A value that begins with a character that YAML keeps for itself.
  private func begin(at place: Int) -> Diagnostic {
    let text = file.text(in: Span(place, file.endOfCharacter(at: place)))
    return error(
      "yaml-syntax", "a value cannot begin with `\(text)`", spot(place), help: "quote the text: \"\(text)…\"")
  }

  private func noColon(_ key: Int) -> Diagnostic {
    let content = file.content(ofLineAt: key)
    return error(
      "yaml-syntax", "this line has no `: `", Span(key, max(content.end, key)),
      help: "a line of a mapping reads `key: value`")
  }

  /// A `: ` where none can be: a second one in a line, or a line that YAML takes for the rest of the
  /// value above it.
  private func strayColon() -> Diagnostic {
    let before = file.text(in: Span(content.start, offset))
    if before.contains(": ") || content.start == offset {
      return error(
        "yaml-syntax", "a second `: ` in one value", Span(offset, offset + 1),
        help: "put the inner pair in braces, `a: {b: c}`; quote a text that holds `: `")
    }
    guard let previous = previousContent() else {
      return error("yaml-syntax", "`: ` cannot stand here", Span(offset, offset + 1))
    }
    if let colon = tightColon(in: previous) {
      return error(
        "yaml-space", "a space is missing after this colon", Span(colon, colon + 1),
        help: "write `\(file.text(in: Span(previous.start, colon))): …`")
    }
    if !file.text(in: previous).contains(":") {
      return error(
        "yaml-syntax", "this line has no `: `", previous, help: "a line of a mapping reads `key: value`")
    }
    return error(
      "yaml-indentation",
      "this line is indented deeper than line \(file.position(of: previous.start).line), "
        + "whose value is complete",
      Span(content.start, offset), help: "\(indentationHelp(as: previous))")
  }

  /// A line that continues nothing: too much or too little before its first character.
  private func misplaced() -> Diagnostic {
    if let found, "]},".utf8.contains(found) {
      return error(
        "stray-bracket", "this `\(Character(UnicodeScalar(found)))` closes nothing", spot(offset),
        help: "remove it")
    }
    guard content.start == offset else {
      return error(
        "yaml-syntax", "the value ends before this", Span(offset, max(content.end, offset)),
        help: "put a list in brackets, `[…]`, and a text that holds brackets or commas in quotes")
    }
    let isItem = found == UInt8(ascii: "-")
    if let begun = failure.contextOffset, column(of: begun) == column(of: offset) {
      let (what, wanted) = isItem ? ("a list item", "a key") : ("a key", "a list item `- …`")
      return error(
        "yaml-syntax",
        "\(what) is found here, and the lines of this level, from line \(file.position(of: begun).line) on, "
          + "begin with \(wanted)",
        Span(offset, max(content.end, offset)))
    }
    return error(
      "yaml-indentation", "this line is indented by \(column(of: offset)), which matches no line above it",
      Span(offset, max(content.end, offset)),
      help: previousContent().map { indentationHelp(as: $0) })
  }

  // MARK: Pieces

  private func error(
    _ code: String, _ message: String, _ span: Span, notes: [Diagnostic.Note] = [], help: String? = nil
  ) -> Diagnostic {
    let start = min(max(span.start, 0), file.bytes.count)
    let end = min(max(span.end, start), file.bytes.count)
    return Diagnostic(
      .error, code: code, message, in: file, at: Span(start, end), notes: notes, help: help)
  }

  private var foundText: String {
    guard let found else { return "and the file ends" }
    return found.isBlank ? "and the line ends" : "found `\(file.text(in: spot(offset)))`"
  }

  /// The one character at an offset.
  private func spot(_ place: Int) -> Span { Span(place, file.endOfCharacter(at: place)) }

  private func column(of place: Int) -> Int { place - file.startOfLine(at: place) }

  private func indentationHelp(as span: Span) -> String {
    let columns = column(of: span.start)
    let spaces = columns == 1 ? "1 space" : "\(columns) spaces"
    return "indent it by \(spaces), as line \(file.position(of: span.start).line)"
  }

  /// The last line above the failure's that says something.
  private func previousContent() -> Span? {
    var lineStart = file.startOfLine(at: offset)
    while lineStart > start {
      lineStart = file.startOfLine(at: lineStart - 1)
      let content = file.content(ofLineAt: lineStart)
      if content.start < content.end, file.bytes[content.start] != UInt8(ascii: "#") { return content }
    }
    return nil
  }

  /// The colon of `key:value`, where no `: ` stands before it.
  private func tightColon(in span: Span) -> Int? {
    var start = span.start
    while start + 1 < span.end, file.bytes[start] == UInt8(ascii: "-"), file.bytes[start + 1].isBlank {
      start += 2
    }
    var end = start
    while end < span.end, file.bytes[end].isNameByte { end += 1 }
    guard end > start, end + 1 < span.end, file.bytes[end] == UInt8(ascii: ":") else { return nil }
    return file.bytes[end + 1].isBlank ? nil : end
  }
}
