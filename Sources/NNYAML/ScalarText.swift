import NNDiagnostics

/// The value of a scalar and the place of each of its bytes, so that what is found in it by the
/// `.nn` parser can be shown in the YAML file, through quotes, escapes and folded lines.
struct ScalarText {
  let text: String
  /// The offset in the file of each byte of `text`, and that after the last one.
  private let offsets: [Int]

  init(_ text: String, style: ScalarStyle, span: Span, in file: SourceFile) {
    self.text = text
    var walk = ScalarWalk(file: file, span: span, style: style)
    offsets = walk.offsets(of: Array(text.utf8))
  }

  /// The place in the file of a range of the text's bytes.
  func span(_ span: Span) -> Span {
    let last = offsets.count - 1
    let start = offsets[min(max(span.start, 0), last)]
    let end = offsets[min(max(span.end, 0), last)]
    return Span(start, max(start, end))
  }
}

/// A walk along a scalar's source beside its value.
private struct ScalarWalk {
  let file: SourceFile
  let style: ScalarStyle
  /// The next byte of the source, and the end of the scalar's content.
  var at: Int
  let end: Int

  init(file: SourceFile, span: Span, style: ScalarStyle) {
    self.file = file
    self.style = style
    switch style {
    case .plain: (at, end) = (span.start, span.end)
    case .singleQuoted, .doubleQuoted: (at, end) = (span.start + 1, max(span.end - 1, span.start))
    case .literal, .folded: (at, end) = (min(file.endOfLine(at: span.start) + 1, span.end), span.end)
    }
  }

  mutating func offsets(of value: [UInt8]) -> [Int] {
    var offsets: [Int] = []
    offsets.reserveCapacity(value.count + 1)
    var index = 0
    while index < value.count {
      let (place, length) = step(value[index])
      for _ in 0..<min(length, value.count - index) { offsets.append(place) }
      index += length
    }
    offsets.append(min(at, end))
    return offsets
  }

  /// The place of the next byte of the value, and how many bytes of the value stand there.
  private mutating func step(_ byte: UInt8) -> (place: Int, length: Int) {
    while at < end {
      let source = file.bytes[at]
      if style == .doubleQuoted, source == UInt8(ascii: "\\") {
        let (sourceLength, valueLength) = escape()
        let place = at
        at = min(at + sourceLength, end)
        if valueLength > 0 { return (place, valueLength) }
        continue
      }
      if source == byte {
        let place = at
        at += style == .singleQuoted && byte == UInt8(ascii: "'") ? 2 : 1
        return (place, 1)
      }
      // A line break that stands for a space or for a line break, and the blanks around it.
      if byte == 0x20 || byte == 0x0A, source == 0x0A || source == 0x0D {
        let place = at
        at += 1
        return (place, 1)
      }
      guard source.isBlank else { break }
      at += 1
    }
    return (min(at, end), 1)
  }

  /// The lengths, in the source and in the value, of the escape that begins here.
  private func escape() -> (source: Int, value: Int) {
    let digits: Int
    switch file.byte(at: at + 1) {
    case UInt8(ascii: "x"): digits = 2
    case UInt8(ascii: "u"): digits = 4
    case UInt8(ascii: "U"): digits = 8
    case UInt8(ascii: "N"), UInt8(ascii: "_"): return (2, 2)
    case UInt8(ascii: "L"), UInt8(ascii: "P"): return (2, 3)
    case 0x0A, 0x0D: return (2, 0)
    default: return (2, 1)
    }
    let hexadecimal = file.text(in: Span(at + 2, at + 2 + digits))
    let scalar = UInt32(hexadecimal, radix: 16).flatMap(UnicodeScalar.init)
    return (2 + digits, scalar.map { UTF8.width($0) } ?? 1)
  }
}
