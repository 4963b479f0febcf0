import NNDiagnostics

// The messages below the grammar: bytes, characters, comments, numbers and quotes.

extension SyntaxMessage {
  static func badEscape(_ escape: String) -> Self {
    .init(
      "bad-escape", "`\(escape)` is not an escape of a text",
      help: "write `\\\\` for a backslash; in paths `/` works everywhere")
  }

  static func blockComment() -> Self {
    .init("comment", "`/* … */` is not a comment here", help: "comments begin with `#` and end with the line")
  }

  static func fileTooLarge(_ bytes: Int, limit: Int) -> Self {
    .init(
      "file-too-large", "the file has \(bytes) bytes; a model file has at most \(limit)",
      help: "keep data in a data set, and the model file small")
  }

  static func invalidUTF8(_ byte: UInt8, offset: Int, looksLikeUTF16: Bool) -> Self {
    let digits = String(byte, radix: 16, uppercase: true)
    return .init(
      "invalid-utf8",
      "byte \(offset + 1) of the file, 0x\(digits.count < 2 ? "0" : "")\(digits), is not UTF-8"
        + (looksLikeUTF16 ? "; the file looks like UTF-16" : ""),
      help: "save the file as text in UTF-8")
  }

  static func loneCarriageReturn() -> Self {
    .init(
      "carriage-return", "a carriage return without a line feed does not end a line",
      help: "save the file with line ends of one kind, LF or CR LF")
  }

  static func lookalikeName(_ plain: String) -> Self {
    .init(
      "lookalike", "a letter of this name only looks like one of `\(plain)`",
      help: "type it again: `\(plain)`")
  }

  static func lookalikeSign(_ scalar: Unicode.Scalar, _ plain: String) -> Self {
    .init(
      "lookalike", "`\(scalar)` (\(codePoint(scalar))) only looks like `\(plain)`", help: "write `\(plain)`")
  }

  static func malformedNumber(_ text: String) -> Self {
    let parts = text.split(whereSeparator: { $0 == "x" || $0 == "X" || $0 == "×" })
    let isSize =
      parts.count > 1 && parts.allSatisfy { NumberLiteral(String($0)) != nil } && !text.hasPrefix("0x")
    return .init(
      "malformed-number", "`\(short(text))` is not a number",
      help: isSize
        ? "write sizes as `(\(parts.joined(separator: ", ")))`"
        : "numbers are written 3, 1_000, .5 or 5e-4, and a name does not begin with a digit")
  }

  static func nulByte(looksLikeUTF16: Bool) -> Self {
    .init(
      "nul-byte", "the file has a NUL byte: it is not text" + (looksLikeUTF16 ? ", or it is UTF-16" : ""),
      help: "save the file as text in UTF-8")
  }

  static func slashComment() -> Self {
    .init("comment", "`//` does not begin a comment", help: "comments begin with `#`")
  }

  static func smartQuotes() -> Self {
    .init("lookalike", "typographic quotes do not enclose a text", help: "write straight quotes, `\"…\"`")
  }

  static func strangeSpace(_ scalar: Unicode.Scalar) -> Self {
    .init(
      "invisible-character", "an invisible character, \(codePoint(scalar)), stands here",
      help: "type a plain space instead")
  }

  static func unknownCharacter(_ scalar: Unicode.Scalar) -> Self {
    let sign = scalar == "`" ? "a backtick" : "`\(scalar)`"
    return .init("unknown-character", "\(sign) (\(codePoint(scalar))) has no meaning here", help: "delete it")
  }

  static func unterminatedString() -> Self {
    .init("unterminated-text", "this text does not end on its line", help: "add the closing quote")
  }

  // MARK: Parts

  init(_ problem: LexicalProblem, text: String) {
    self =
      switch problem {
      case .blockComment: .blockComment()
      case .invisibleSpace(let scalar): .strangeSpace(scalar)
      case .lineContinuation: .lineContinuation()
      case .loneCarriageReturn: .loneCarriageReturn()
      case .lookalikeName(let plain): .lookalikeName(plain)
      case .lookalikeSign(let scalar, let plain): .lookalikeSign(scalar, plain)
      case .malformedNumber: .malformedNumber(text)
      case .prefixedString: .prefixedString()
      case .smartQuotes: .smartQuotes()
      case .tripleQuotes: .tripleQuotes()
      case .unknownCharacter(let scalar): .unknownCharacter(scalar)
      case .unterminatedString: .unterminatedString()
      }
  }

  static func codePoint(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
