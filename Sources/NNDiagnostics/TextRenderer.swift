/// Diagnostics as a person reads them:
///
///     tudui.nn:3:5: error[unknown-layer]: there is no layer `Conv2D`
///       3 |     Conv2D(3, 32, 5)
///         |     ^^^^^^
///       help: did you mean `Conv2d`?
///
/// Tabs are shown as spaces, wide characters keep the caret in place, long lines are cut around it,
/// and what a terminal would obey is written out (see ``printable(_:)``).
public struct TextRenderer: Sendable {
  /// Whether ANSI colours are used.
  public var color: Bool
  /// How many diagnostics are shown before the rest is only counted.
  public var limit: Int

  public init(color: Bool = false, limit: Int = 200) {
    self.color = color
    self.limit = limit
  }

  /// All of them, "… and N more" past the limit, and a closing line, "3 errors, 1 warning"; empty
  /// where there are none.
  public func render(_ diagnostics: [Diagnostic]) -> String {
    guard !diagnostics.isEmpty else { return "" }
    var text = diagnostics.prefix(limit).map(render).joined()
    if diagnostics.count > limit { text += "… and \(diagnostics.count - limit) more\n" }
    return text + Self.counts(of: diagnostics) + "\n"
  }

  /// One diagnostic with its notes and help, ending in a newline.
  public func render(_ diagnostic: Diagnostic) -> String {
    let severity = diagnostic.severity
    let label = styled(
      "\(severity.rawValue)[\(printable(diagnostic.code))]", severity == .error ? "1;31" : "1;33")
    var text = place(diagnostic.file, diagnostic.span, label, diagnostic.message)
    text += Excerpt(diagnostic.file, diagnostic.span).lines(caretStyle: caret(severity))
    for note in diagnostic.notes {
      text += "  " + place(note.file, note.span, styled("note", "1;36"), note.message)
      text += Excerpt(note.file, note.span).lines(caretStyle: caret(nil))
    }
    if let help = diagnostic.help {
      text += "  \(styled("help", "1;32")): \(printable(help))\n"
    }
    return text
  }

  /// "3 errors, 1 warning"
  public static func counts(of diagnostics: [Diagnostic]) -> String {
    let errors = diagnostics.count { $0.severity == .error }
    let warnings = diagnostics.count - errors
    var parts: [String] = []
    if errors > 0 { parts.append("\(errors) error\(errors == 1 ? "" : "s")") }
    if warnings > 0 { parts.append("\(warnings) warning\(warnings == 1 ? "" : "s")") }
    return parts.joined(separator: ", ")
  }

  private func place(_ file: SourceFile, _ span: Span, _ label: String, _ message: String) -> String {
    let position = file.position(of: span.start)
    return "\(printable(file.name)):\(position.line):\(position.column): \(label): \(printable(message))\n"
  }

  private func styled(_ text: String, _ codes: String) -> String {
    color ? "\u{1B}[\(codes)m\(text)\u{1B}[0m" : text
  }

  private func caret(_ severity: Severity?) -> (String) -> String {
    let codes =
      switch severity {
      case .error: "31"
      case .warning: "33"
      case nil: "36"
      }
    return { styled($0, codes) }
  }
}

/// The first line of a span with a caret line below it.
private struct Excerpt {
  /// Columns of source shown before and after the first character of the span.
  private static let before = 60
  private static let after = 60
  private static let tabStop = 4

  private let number: Int
  private let source: String
  private let caretColumn: Int
  private let caretWidth: Int

  init(_ file: SourceFile, _ span: Span) {
    let bytes = file.bytes
    let start = min(max(span.start, 0), bytes.count)
    number = file.position(of: start).line
    let window = Self.window(bytes, around: start)
    let end = min(max(span.end, start), window.upperBound)

    // Lay out the window, and note the columns at which the span begins and ends.
    let cut = window.lowerBound > 0 && bytes[window.lowerBound - 1] != 0x0A
    var line = cut ? "…" : ""
    var column = displayWidth(line)
    var offset = window.lowerBound
    var caretStart: Int?
    var caretEnd: Int?
    for scalar in String(decoding: bytes[window], as: UTF8.self).unicodeScalars {
      if offset >= start, caretStart == nil { caretStart = column }
      if offset >= end, caretEnd == nil { caretEnd = column }
      if scalar == "\t" {
        let width = Self.tabStop - column % Self.tabStop
        line += String(repeating: " ", count: width)
        column += width
      } else {
        line += printable(scalar)
        column += displayWidth(scalar)
      }
      offset += UTF8.width(scalar)
    }
    caretColumn = caretStart ?? column
    caretWidth = max(1, (caretEnd ?? column) - caretColumn)
    let more = window.upperBound < bytes.count && bytes[window.upperBound] != 0x0A
    source = more && bytes[window.upperBound] != 0x0D ? line + "…" : line
  }

  func lines(caretStyle: (String) -> String) -> String {
    let gutter = String(number)
    let blank = String(repeating: " ", count: gutter.count)
    var source = source[...]
    while source.last == " " { source.removeLast() }
    return """
        \(gutter) |\(source.isEmpty ? "" : " ")\(source)
        \(blank) | \(String(repeating: " ", count: caretColumn))\
      \(caretStyle(String(repeating: "^", count: caretWidth)))

      """
  }

  /// The bytes of the line around an offset, at most `before` scalars to its left and `after` to its
  /// right; a line may be as long as the file.
  private static func window(_ bytes: [UInt8], around start: Int) -> Range<Int> {
    var low = start
    var left = before
    while low > 0, bytes[low - 1] != 0x0A, left > 0 {
      low -= 1
      while low > 0, bytes[low] & 0xC0 == 0x80, bytes[low - 1] != 0x0A { low -= 1 }
      left -= 1
    }
    var high = start
    var right = after
    while high < bytes.count, !atLineBreak(bytes, high), right > 0 {
      high += 1
      while high < bytes.count, bytes[high] & 0xC0 == 0x80 { high += 1 }
      right -= 1
    }
    return low..<high
  }

  private static func atLineBreak(_ bytes: [UInt8], _ offset: Int) -> Bool {
    bytes[offset] == 0x0A
      || bytes[offset] == 0x0D && (offset + 1 == bytes.count || bytes[offset + 1] == 0x0A)
  }
}
