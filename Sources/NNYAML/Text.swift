import NNDiagnostics

// Small questions about the bytes of a file.

extension UInt8 {
  /// A space, a tab or part of a line break.
  var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }

  /// A letter, a digit or `_`; every byte of a character outside ASCII counts as a letter.
  var isNameByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}

extension SourceFile {
  /// The byte at an offset, or nil past the end.
  func byte(at offset: Int) -> UInt8? { offset >= 0 && offset < bytes.count ? bytes[offset] : nil }

  /// The offset of the first byte of the line that holds `offset`.
  func startOfLine(at offset: Int) -> Int {
    var start = min(offset, bytes.count)
    while start > 0, bytes[start - 1] != 0x0A { start -= 1 }
    return start
  }

  /// The offset of the line break that ends the line that holds `offset`, or the end of the file.
  func endOfLine(at offset: Int) -> Int {
    var end = offset
    while end < bytes.count, bytes[end] != 0x0A { end += 1 }
    return end
  }

  /// The offset of the first blank or bracket at or after `offset`.
  func endOfWord(at offset: Int) -> Int {
    var end = offset
    while end < bytes.count, !bytes[end].isBlank, !",[]{}".utf8.contains(bytes[end]) { end += 1 }
    return end
  }

  /// The offset after the character at `offset`.
  func endOfCharacter(at offset: Int) -> Int {
    guard offset < bytes.count else { return bytes.count }
    var end = offset + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    return end
  }

  /// What a line says, between its indentation and its trailing blanks.
  func content(ofLineAt offset: Int) -> Span {
    var start = startOfLine(at: offset)
    var end = endOfLine(at: offset)
    while start < end, bytes[start].isBlank { start += 1 }
    while end > start, bytes[end - 1].isBlank { end -= 1 }
    return Span(start, end)
  }
}
