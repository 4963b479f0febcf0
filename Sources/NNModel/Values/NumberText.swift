import NNSyntax

/// The value of a number as a model file writes it.
enum NumberText {
  /// Nil where an integer does not fit in 64 bits, or where the text is no number.
  static func value(of text: String) -> Value? {
    guard let literal = NumberLiteral(text) else { return nil }
    let isInteger = text.utf8.allSatisfy {
      $0 == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0
    }
    if isInteger { return literal.integer.map { .integer($0) } }
    let hasExponent = literal.value.isFinite && text.utf8.contains { $0 | 0x20 == UInt8(ascii: "e") }
    return .number(literal.value, standsForInteger: hasExponent && literal.integer != nil)
  }
}
