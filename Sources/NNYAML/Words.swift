import NNSyntax

// What a plain scalar or a key is, by its characters; reader and printer agree through these.

/// True for `Conv2d` and `nn.Conv2d`, not for a parameter such as `T_max`.
func isCallKey(_ key: String) -> Bool {
  guard let name = key.split(separator: ".").last, let first = name.unicodeScalars.first else { return false }
  return first.properties.isUppercase && name.unicodeScalars.dropFirst().first != "_"
}

/// Letters of any script, digits and `_`, not a digit first: a name of the `.nn` spelling.
func isIdentifier(_ text: String) -> Bool {
  guard let first = text.unicodeScalars.first else { return false }
  guard first == "_" || first.properties.isXIDStart else { return false }
  return text.unicodeScalars.allSatisfy { $0.properties.isXIDContinue }
}

/// True for what can only be a number or a formula: a digit, `.` and a digit, a sign, or `(` first.
func beginsExpression(_ text: String) -> Bool {
  let bytes = text.utf8
  guard let first = bytes.first else { return false }
  func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
  if first == UInt8(ascii: ".") { return bytes.dropFirst().first.map(isDigit) ?? false }
  return isDigit(first) || "+-(".utf8.contains(first)
}

/// YAML's constants that are words of the `.nn` spelling; the others mean the same in both.
func plainConstant(_ text: String) -> Expression.Kind? {
  switch text {
  case "TRUE": .boolean(true)
  case "FALSE": .boolean(false)
  case "Null", "NULL": Expression.Kind.none
  default: nil
  }
}

/// A text of the user's in a message, not too long and on one line.
func shortened(_ text: String) -> String {
  let line = text.prefix(41).prefix { !$0.isNewline }
  return line.count > 40 || line.utf8.count < text.utf8.count ? line.prefix(40) + "…" : String(line)
}
