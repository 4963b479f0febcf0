/// A number as a model file writes it: `3`, `1_000`, `.5`, `5e-4`, `inf`, `nan`.
public struct NumberLiteral: Sendable, Hashable {
  /// The nearest double; overflow is infinity.
  public let value: Double
  /// The exact value where it is whole and fits, `3e4` included; nil otherwise.
  public let integer: Int?

  /// Nil where `text` is not a number of the grammar. A sign is an operator, not part of a number.
  public init?(_ text: String) {
    switch text {
    case "inf": (value, integer) = (.infinity, nil)
    case "nan": (value, integer) = (.nan, nil)
    default:
      guard NumberLiteral.isWellFormed(text.utf8) else { return nil }
      let digits = String(text.utf8.filter { $0 != UInt8(ascii: "_") }.map { Character(Unicode.Scalar($0)) })
      guard let number = Double(digits.last == "." ? digits + "0" : digits) else { return nil }
      value = number
      integer = digits.utf8.allSatisfy(isDigit) ? Int(digits) : Int(exactly: number)
    }
  }

  /// `digits [. [digits]] | . digits`, then an optional exponent; `_` only between two digits, and no
  /// leading zero on a whole number, which other languages read as octal.
  static func isWellFormed(_ text: some BidirectionalCollection<UInt8>) -> Bool {
    var rest = text[...]
    func digits() -> Int {
      var count = 0
      while let byte = rest.first {
        if isDigit(byte) {
          count += 1
        } else if byte != UInt8(ascii: "_") || count == 0 || !(rest.dropFirst().first.map(isDigit) ?? false) {
          break
        }
        rest = rest.dropFirst()
      }
      return count
    }
    let leadingZero = text.first == UInt8(ascii: "0")
    var count = digits()
    var whole = true
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      count += digits()
      whole = false
    }
    guard count > 0 else { return false }
    if let byte = rest.first, byte | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        rest = rest.dropFirst()
      }
      guard digits() > 0 else { return false }
      whole = false
    }
    return rest.isEmpty && !(leadingZero && whole && count > 1)
  }
}

/// `0` … `9`
func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
