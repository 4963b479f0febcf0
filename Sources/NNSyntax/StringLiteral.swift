import NNDiagnostics

/// Quoted texts: their escapes are Python's, `\n \t \r \\ \' \" \xHH \uHHHH \UHHHHHHHH`, without those
/// that make a NUL.
enum StringLiteral {
  /// A text in double quotes that reads back as `text`; the form of the tree dump and of the printer.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default:
        if isPlain(scalar) {
          result.unicodeScalars.append(scalar)
        } else {
          let digits = String(scalar.value, radix: 16)
          let (letter, width) = scalar.value > 0xFFFF ? ("U", 8) : ("u", 4)
          result += "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
        }
      }
    }
    return result + "\""
  }

  /// Whether a reader can see the scalar as it is.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
      return false
    default: return !Lookalikes.spaces.contains(scalar.value)
    }
  }

  /// The text between the quotes of `bytes[start..<end]`, and the spans of the escapes that are none.
  static func decode(_ bytes: [UInt8], _ start: Int, _ end: Int) -> (text: String, bad: [Span]) {
    var result: [UInt8] = []
    var bad: [Span] = []
    var offset = start
    while offset < end {
      guard bytes[offset] == UInt8(ascii: "\\"), offset + 1 < end else {
        result.append(bytes[offset])
        offset += 1
        continue
      }
      let (scalar, length) = escape(bytes[offset + 1..<end])
      if let scalar {
        result.append(contentsOf: String(Character(scalar)).utf8)
      } else {
        bad.append(Span(offset, offset + 1 + length))
        result.append(contentsOf: bytes[offset..<offset + 1 + length])
      }
      offset += 1 + length
    }
    return (String(decoding: result, as: UTF8.self), bad)
  }

  /// The scalar of an escape after its backslash, and how many bytes it takes.
  private static func escape(_ rest: ArraySlice<UInt8>) -> (Unicode.Scalar?, Int) {
    guard let letter = rest.first else { return (nil, 0) }
    func hex(_ count: Int) -> (Unicode.Scalar?, Int) {
      let digits = rest.dropFirst().prefix(count).prefix { isHexDigit($0) }
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0
      return (digits.count == count && value != 0 ? Unicode.Scalar(value) : nil, 1 + digits.count)
    }
    switch Unicode.Scalar(letter) {
    case "n": return ("\n", 1)
    case "t": return ("\t", 1)
    case "r": return ("\r", 1)
    case "\\", "'", "\"": return (Unicode.Scalar(letter), 1)
    case "x": return hex(2)
    case "u": return hex(4)
    case "U": return hex(8)
    default:
      // A whole scalar, so that the span ends between characters.
      return (nil, 1 + rest.dropFirst().prefix { $0 & 0xC0 == 0x80 }.count)
    }
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 6
  }
}
