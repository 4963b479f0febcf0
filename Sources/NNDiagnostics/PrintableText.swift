// What may be sent to a terminal, and how many columns it takes there.

/// `text` with every control character, bidirectional override and invisible character written as
/// `<U+001B>`, so that nothing in a file can move the cursor or reorder what is read.
public func printable(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: { isHidden($0) }) else { return text }
  var result = ""
  for scalar in text.unicodeScalars { result += printable(scalar) }
  return result
}

/// One scalar as ``printable(_:)-(String)`` writes it.
func printable(_ scalar: Unicode.Scalar) -> String {
  guard isHidden(scalar) else { return String(Character(scalar)) }
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
}

/// The columns that one scalar takes: 2 for East Asian wide ones and emoji, 0 for combining marks,
/// and the length of the replacement for hidden ones.
func displayWidth(_ scalar: Unicode.Scalar) -> Int {
  let value = scalar.value
  if value >= 0x20 && value < 0x7F { return 1 }
  if isHidden(scalar) { return value > 0xFFFF ? 9 : 8 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark: return 0
  default: return isWide(value) ? 2 : 1
  }
}

/// The columns of a whole text.
func displayWidth(_ text: String) -> Int {
  text.unicodeScalars.reduce(0) { $0 + displayWidth($1) }
}

/// True for what a terminal would obey or not show.
private func isHidden(_ scalar: Unicode.Scalar) -> Bool {
  let value = scalar.value
  if value >= 0x20 && value < 0x7F { return false }
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
    return true
  default: return false
  }
}

/// The blocks of Unicode's East Asian Width W and F, coarsely.
private func isWide(_ value: UInt32) -> Bool {
  switch value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
    return true
  default: return false
  }
}
