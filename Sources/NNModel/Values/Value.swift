import NNDiagnostics
import NNSyntax

/// What an expression of a model file comes to.
indirect enum Value {
  case integer(Int)
  /// `standsForInteger`: whole, and made by `/` or written with an exponent, so that it is taken
  /// where an integer is wanted: `3e4`, `64 / 2`, but not `5.0`.
  case number(Double, standsForInteger: Bool)
  /// A quoted text.
  case text(String)
  /// A bare word that no `let` defines: text, where text is wanted.
  case word(String)
  case boolean(Bool)
  case none
  /// `_`
  case hole
  case list([LocatedValue])
  case call(Call)
  /// A mistake that has been reported; nothing more is said about it.
  case invalid
}

/// A value and where it was written.
struct LocatedValue {
  var value: Value
  var span: Span
}

extension Value {
  /// The value as a whole number where it is one, or may stand for one.
  var asInteger: Int? {
    switch self {
    case .integer(let integer): integer
    case .number(let number, standsForInteger: true): Int(exactly: number)
    default: nil
    }
  }

  /// The value as a number.
  var asNumber: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number, _): number
    default: nil
    }
  }

  var isInvalid: Bool {
    switch self {
    case .invalid: true
    case .list(let elements): elements.contains { $0.value.isInvalid }
    default: false
    }
  }

  /// What it is, for "… is wanted, not …": `the text 'same'`, `2.5`, `a list of 3`.
  var phrase: String {
    switch self {
    case .integer(let integer): String(integer)
    case .number(let number, _): numberText(number)
    case .text(let text): "the text '\(shortened(text))'"
    case .word(let word): "`\(shortened(word))`"
    case .boolean(let flag): flag ? "True" : "False"
    case .none: "None"
    case .hole: "`_`"
    case .list(let elements):
      elements.count <= 8 && elements.allSatisfy({ $0.value.isShort })
        ? "(\(elements.map(\.value.phrase).joined(separator: ", "))\(elements.count == 1 ? "," : ""))"
        : "a list of \(elements.count)"
    case .call(let call): "\(call.name.text)(…)"
    case .invalid: "an invalid value"
    }
  }

  private var isShort: Bool {
    switch self {
    case .list, .call: false
    default: true
    }
  }
}

/// A number as Python's `repr` writes it: `0.5`, `1e-05`, `1.0`.
func numberText(_ number: Double) -> String {
  if number.isNaN { return "nan" }
  if number.isInfinite { return number < 0 ? "-inf" : "inf" }
  return number.description
}

/// At most 40 characters of a text, for a message.
func shortened(_ text: String) -> String {
  text.count <= 40 ? text : text.prefix(39) + "…"
}
