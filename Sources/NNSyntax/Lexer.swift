import NNDiagnostics

/// Cuts a span of a file into tokens, one at a time. A copy looks ahead.
///
/// Nothing is reported here: a token carries its problem, and the parser reports it when it takes the
/// token, so that looking ahead says nothing twice.
struct Lexer {
  let bytes: [UInt8]
  /// The next byte to read.
  private(set) var offset: Int
  /// Where the text ends for this lexer.
  var end: Int

  init(_ bytes: [UInt8], from start: Int, to end: Int) {
    self.bytes = bytes
    offset = start
    self.end = end
  }

  /// Moves to the end of the current line, past everything on it.
  mutating func skipLine() {
    while offset < end, bytes[offset] != 0x0A { offset += 1 }
  }

  /// The end of the line that `start` is on.
  func lineEnd(after start: Int) -> Int {
    bytes[min(start, end)..<end].firstIndex(of: 0x0A) ?? end
  }

  mutating func next() -> Token {
    let newline = skipSpace()
    let start = offset
    guard offset < end else { return Token(.end, Span(end, end), newlineBefore: newline) }
    let byte = bytes[offset]
    var token = Token(.foreign, Span(start, start), newlineBefore: newline)
    switch byte {
    case _ where isNameStart(byte): name(&token)
    case _ where isDigit(byte): number(&token)
    case UInt8(ascii: ".") where isDigit(peek(1)): number(&token)
    case UInt8(ascii: "\""), UInt8(ascii: "'"): string(&token, quote: byte)
    case 0x0D:
      offset += 1
      token.kind = .skipped
      token.problem = .loneCarriageReturn
    case 0x80...: other(&token)
    default: sign(&token, byte)
    }
    token.span.end = offset
    return token
  }

  // MARK: Reading

  private func peek(_ distance: Int) -> UInt8 {
    offset + distance < end ? bytes[offset + distance] : 0
  }

  /// Passes spaces and comments; true where a line ended.
  private mutating func skipSpace() -> Bool {
    var newline = false
    while offset < end {
      switch bytes[offset] {
      case 0x0A: newline = true
      case 0x20, 0x09, 0x0B, 0x0C: break
      case 0x0D where peek(1) == 0x0A || offset + 1 == end: break
      case UInt8(ascii: "#"):
        skipLine()
        continue
      default: return newline
      }
      offset += 1
    }
    return newline
  }

  /// The scalar at a byte offset.
  private func scalar(at start: Int) -> Unicode.Scalar {
    var decoder = UTF8()
    var iterator = bytes[start..<min(start + 4, end)].makeIterator()
    if case .scalarValue(let scalar) = decoder.decode(&iterator) { return scalar }
    return "\u{FFFD}"
  }

  private func isNameStart(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
  }

  /// Moves past the letters, digits and underscores of any script.
  private mutating func skipName() -> Bool {
    var ascii = true
    while offset < end {
      let byte = bytes[offset]
      if isNameStart(byte) || isDigit(byte) {
        offset += 1
      } else if byte >= 0x80 {
        let scalar = scalar(at: offset)
        guard scalar.properties.isXIDContinue else { break }
        ascii = false
        offset += UTF8.width(scalar)
      } else {
        break
      }
    }
    return ascii
  }

  private mutating func name(_ token: inout Token) {
    token.kind = .name
    let ascii = skipName()
    if !ascii {
      let text = String(decoding: bytes[token.span.start..<offset], as: UTF8.self)
      if let plain = Lookalikes.plainName(text) {
        token.problem = .lookalikeName(plain)
        token.replacement = plain
      }
    } else if offset < end, offset - token.span.start <= 2, isQuote(bytes[offset]) {
      let letters = Set("rbfuRBFU".utf8)
      if bytes[token.span.start..<offset].allSatisfy(letters.contains) {
        string(&token, quote: bytes[offset])
        if token.problem == nil { token.problem = .prefixedString }
      }
    }
  }

  private func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

  private mutating func number(_ token: inout Token) {
    token.kind = .number
    while offset < end {
      let byte = bytes[offset]
      if isDigit(byte) || isNameStart(byte) || byte == UInt8(ascii: ".") {
        offset += 1
      } else if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"), bytes[offset - 1] | 0x20 == 0x65,
        isDigit(peek(1)), NumberLiteral.isWellFormed(bytes[token.span.start..<(offset - 1)])
      {
        offset += 1
      } else if byte >= 0x80, scalar(at: offset).properties.isXIDContinue {
        offset += UTF8.width(scalar(at: offset))
      } else {
        break
      }
    }
    if !NumberLiteral.isWellFormed(bytes[token.span.start..<offset]) { token.problem = .malformedNumber }
  }

  /// From the opening quote at `offset` to the closing one, or to the end of the line.
  private mutating func string(_ token: inout Token, quote: UInt8) {
    token.kind = .string
    if peek(1) == quote, peek(2) == quote {
      offset += 3
      while offset < end, !(bytes[offset] == quote && peek(1) == quote && peek(2) == quote) { offset += 1 }
      offset = min(offset + 3, end)
      token.problem = .tripleQuotes
      return
    }
    offset += 1
    while offset < end, bytes[offset] != 0x0A {
      if bytes[offset] == quote {
        offset += 1
        return
      }
      if bytes[offset] == UInt8(ascii: "\\"), offset + 1 < end, bytes[offset + 1] != 0x0A { offset += 1 }
      offset += 1
    }
    if offset > token.span.start + 1, bytes[offset - 1] == 0x0D { offset -= 1 }
    token.problem = .unterminatedString
  }

  private mutating func sign(_ token: inout Token, _ byte: UInt8) {
    let next = peek(1)
    offset += 1
    func isPair(_ second: Unicode.Scalar) -> Bool { next == UInt8(ascii: second) }
    switch Unicode.Scalar(byte) {
    case "(": token.kind = .leftParenthesis
    case ")": token.kind = .rightParenthesis
    case "[": token.kind = .leftBracket
    case "]": token.kind = .rightBracket
    case "{": token.kind = .leftBrace
    case "}": token.kind = .rightBrace
    case ",": token.kind = .comma
    case ";": token.kind = .semicolon
    case ".": token.kind = .dot
    case "%": token.kind = .percent
    case ":": token.kind = .colon
    case "/" where isPair("*"):
      token.kind = .skipped
      token.problem = .blockComment
      offset += 1
      while offset < end, !(bytes[offset] == UInt8(ascii: "*") && peek(1) == UInt8(ascii: "/")) {
        if bytes[offset] == 0x0A { token.newlineBefore = true }
        offset += 1
      }
      offset = min(offset + 2, end)
    case "/" where isPair("/"):
      token.kind = .doubleSlash
      offset += 1
    case "*" where isPair("*"):
      token.kind = .doubleStar
      offset += 1
    case "=" where isPair("="), "-" where isPair(">"), "=" where isPair(">"):
      offset += 1
    case "+" where isPair("="), "-" where isPair("="), "*" where isPair("="), "/" where isPair("="):
      offset += 1
    case "<" where isPair("="), ">" where isPair("="), "!" where isPair("="):
      offset += 1
    case "=": token.kind = .equals
    case "+": token.kind = .plus
    case "-": token.kind = .minus
    case "*": token.kind = .star
    case "/": token.kind = .slash
    case "<", ">", "@", "&", "|", "^", "~", "!": break
    case "\\" where next == 0x0A || next == 0x0D && peek(1) == 0x0A:
      token.kind = .skipped
      token.problem = .lineContinuation
      offset += next == 0x0A ? 1 : 2
    default:
      token.kind = .skipped
      token.problem = .unknownCharacter(Unicode.Scalar(byte))
    }
  }

  /// Outside ASCII: a name, or something that only looks like a sign of the grammar.
  private mutating func other(_ token: inout Token) {
    let scalar = scalar(at: offset)
    if scalar.properties.isXIDStart { return name(&token) }
    offset += UTF8.width(scalar)
    token.kind = .skipped
    if Lookalikes.spaces.contains(scalar.value) {
      token.problem = .invisibleSpace(scalar)
    } else if Lookalikes.quotes.contains(scalar.value) {
      smartString(&token)
    } else if let plain = Lookalikes.signs[scalar.value] ?? Lookalikes.fullwidth(scalar) {
      token.problem = .lookalikeSign(scalar, plain)
      var lexer = Lexer(Array(plain.utf8), from: 0, to: plain.utf8.count)
      token.kind = lexer.next().kind
      if token.kind == .number { digits(&token, plain) }
    } else {
      token.problem = .unknownCharacter(scalar)
    }
  }

  /// A run of fullwidth digits is one number.
  private mutating func digits(_ token: inout Token, _ first: String) {
    var text = first
    while offset < end {
      let scalar = scalar(at: offset)
      guard let plain = isDigit(bytes[offset]) ? String(scalar) : Lookalikes.fullwidth(scalar),
        plain.utf8.allSatisfy(isDigit)
      else { break }
      text += plain
      offset += UTF8.width(scalar)
    }
    token.replacement = text
  }

  /// A text in typographic quotes, if it ends on this line.
  private mutating func smartString(_ token: inout Token) {
    token.problem = .smartQuotes
    var probe = offset
    while probe < end, bytes[probe] != 0x0A {
      let scalar = scalar(at: probe)
      let width = UTF8.width(scalar)
      if Lookalikes.quotes.contains(scalar.value) || scalar == "\"" || scalar == "'" {
        token.kind = .string
        token.replacement = String(decoding: bytes[offset..<probe], as: UTF8.self)
        offset = probe + width
        return
      }
      probe += width
    }
  }
}
