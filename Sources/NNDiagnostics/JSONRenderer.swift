/// Diagnostics for programs: an array of `{"file", "line", "column", "endLine", "endColumn",
/// "severity", "code", "message", "help"}`, positions from 1, columns in Unicode scalars, the end
/// just past the last character, `help` null where there is none. Always valid JSON, one object a line.
public func renderJSON(_ diagnostics: [Diagnostic]) -> String {
  guard !diagnostics.isEmpty else { return "[]\n" }
  let objects = diagnostics.map { diagnostic in
    let start = diagnostic.file.position(of: diagnostic.span.start)
    let end = diagnostic.file.position(of: max(diagnostic.span.start, diagnostic.span.end))
    return "  {\"file\": \(jsonString(diagnostic.file.name)), \"line\": \(start.line), "
      + "\"column\": \(start.column), \"endLine\": \(end.line), \"endColumn\": \(end.column), "
      + "\"severity\": \(jsonString(diagnostic.severity.rawValue)), "
      + "\"code\": \(jsonString(diagnostic.code)), \"message\": \(jsonString(diagnostic.message)), "
      + "\"help\": \(diagnostic.help.map(jsonString) ?? "null")}"
  }
  return "[\n" + objects.joined(separator: ",\n") + "\n]\n"
}

/// `text` as a JSON string, quotes included.
public func jsonString(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case "\u{00}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
