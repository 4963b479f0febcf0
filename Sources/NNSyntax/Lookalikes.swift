/// Characters that are taken for those of the grammar: they come from word processors, web pages and
/// keyboards of other scripts.
enum Lookalikes {
  /// Spaces of other widths, and characters that are not to be seen at all.
  static let spaces: Set<UInt32> = Set(0x2000...0x200D).union([
    0xA0, 0x1680, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF, 0x85, 0x2028, 0x2029, 0xAD,
  ])

  /// Typographic quotes of either kind.
  static let quotes: Set<UInt32> = Set(0x2018...0x201F).union([
    0xAB, 0xBB, 0xB4, 0x300C, 0x300D, 0xFF02, 0xFF07,
  ])

  /// Signs, and what was meant.
  static let signs: [UInt32: String] = [
    0x2010: "-", 0x2011: "-", 0x2012: "-", 0x2013: "-", 0x2014: "-", 0x2212: "-",
    0xD7: "*", 0xB7: "*", 0x2217: "*", 0x22C5: "*", 0x2715: "*", 0xF7: "/", 0x2215: "/", 0x2044: "/",
    0x3001: ",", 0x3002: ".", 0x3010: "[", 0x3011: "]", 0x2236: ":", 0x37E: ";",
  ]

  /// `（` is `(`, `５` is `5`: the fullwidth forms of ASCII.
  static func fullwidth(_ scalar: Unicode.Scalar) -> String? {
    guard (0xFF01...0xFF5E).contains(scalar.value), let plain = Unicode.Scalar(scalar.value - 0xFEE0) else {
      return nil
    }
    return String(Character(plain))
  }

  /// Cyrillic and Greek letters with the shape of a Latin one.
  private static let letters: [Unicode.Scalar: String] = {
    let pairs: [(String, String)] = [
      ("авеорсухіјѕАВЕКМНОРСТХІЈЅ", "aBeopcyxijsABEKMHOPCTXIJS"), ("ονΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ovABEZHIKMNOPTYX"),
    ]
    var table: [Unicode.Scalar: String] = [:]
    for (from, to) in pairs {
      for (scalar, plain) in zip(from.unicodeScalars, to) { table[scalar] = String(plain) }
    }
    return table
  }()

  /// A name that mixes ASCII with lookalikes of ASCII and nothing else, written in ASCII: the `С` of
  /// a Cyrillic keyboard in `Conv2d`. Nil for an honest name of any script.
  static func plainName(_ name: String) -> String? {
    var plain = ""
    var ascii = false
    var wide = false
    for scalar in name.unicodeScalars {
      if scalar.isASCII {
        ascii = true
        plain.unicodeScalars.append(scalar)
      } else if let letter = fullwidth(scalar) {
        wide = true
        plain += letter
      } else if let letter = letters[scalar] {
        plain += letter
      } else {
        return nil
      }
    }
    return ascii || wide ? plain : nil
  }
}
