/// The text header of a `.npy` file: a Python dictionary with the keys `descr`, `fortran_order` and
/// `shape`, in any order.
///
/// Source: NumPy, `numpy/lib/format.py`. Only what `numpy.save` writes is understood; no other Python.
struct NpyHeader: Equatable {
  var scalarType: ScalarType
  var bigEndian: Bool
  var fortranOrder: Bool
  var dimensions: [Int]
}

/// Reads the dictionary. Errors carry the offset within the file.
struct NpyHeaderParser {
  private let bytes: [UInt8]
  private let path: String
  /// Where `bytes` begins in the file.
  private let start: Int
  private var position = 0

  init(bytes: [UInt8], startingAt start: Int, of path: String) {
    self.bytes = bytes
    self.path = path
    self.start = start
  }

  mutating func parse() throws -> NpyHeader {
    var type: (ScalarType, bigEndian: Bool)?
    var fortranOrder: Bool?
    var dimensions: [Int]?
    try expect("{")
    while !eat("}") {
      let keyOffset = position
      switch try string() {
      case "descr" where type == nil:
        try expect(":")
        type = try scalarType()
      case "fortran_order" where fortranOrder == nil:
        try expect(":")
        fortranOrder = try boolean()
      case "shape" where dimensions == nil:
        try expect(":")
        dimensions = try tuple()
      case let key: throw corrupt("unexpected key '\(key)'", at: keyOffset)
      }
      if !eat(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == bytes.count else { throw corrupt("text after the header's dictionary") }
    guard let type, let fortranOrder, let dimensions else {
      throw corrupt("the header needs descr, fortran_order and shape")
    }
    return NpyHeader(
      scalarType: type.0, bigEndian: type.bigEndian, fortranOrder: fortranOrder, dimensions: dimensions)
  }

  /// `'<f4'`: byte order, kind, width.
  private mutating func scalarType() throws -> (ScalarType, bigEndian: Bool) {
    skipSpace()
    let offset = position
    guard position < bytes.count, bytes[position] != UInt8(ascii: "[") else {
      throw DataError.unsupported(file: path, reason: "a structured array; nnrun reads plain ones")
    }
    let text = try string()
    var code = Substring(text)
    var bigEndian = false
    if let first = code.first, "<>=|".contains(first) {
      bigEndian = first == ">"
      code = code.dropFirst()
    }
    let types: [String: ScalarType] = [
      "f8": .float64, "f4": .float32, "f2": .float16, "i8": .int64, "i4": .int32, "i2": .int16,
      "i1": .int8, "u1": .uint8, "b1": .bool,
    ]
    guard let type = types[String(code)] else {
      if code.isEmpty { throw corrupt("an empty element type", at: offset) }
      throw DataError.unsupported(
        file: path,
        reason:
          "element type '\(text)'; nnrun reads float64, float32, float16, int64, int32, int16, int8, uint8 and bool"
      )
    }
    return (type, bigEndian)
  }

  private mutating func tuple() throws -> [Int] {
    try expect("(")
    var values: [Int] = []
    while !eat(")") {
      values.append(try integer())
      // NumPy allows 64 dimensions; more than that is no array of its making.
      guard values.count <= 64 else { throw corrupt("more than 64 dimensions") }
      if !eat(",") {
        try expect(")")
        break
      }
    }
    return values
  }

  private mutating func integer() throws -> Int {
    skipSpace()
    let offset = position
    var value = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let digit = Int(bytes[position]) - 0x30
      let (tens, overflow1) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = tens.addingReportingOverflow(digit)
      guard !overflow1, !overflow2 else { throw corrupt("a size beyond 2^63", at: offset) }
      value = sum
      position += 1
    }
    guard position > offset else { throw corrupt("expected a size") }
    // Python 2 wrote long integers as 3L.
    if position < bytes.count, bytes[position] == UInt8(ascii: "L") { position += 1 }
    return value
  }

  private mutating func boolean() throws -> Bool {
    skipSpace()
    for (word, value) in [("True", true), ("False", false)]
    where bytes[position...].starts(with: Array(word.utf8)) {
      position += word.utf8.count
      return value
    }
    throw corrupt("expected True or False")
  }

  private mutating func string() throws -> String {
    skipSpace()
    guard position < bytes.count,
      bytes[position] == UInt8(ascii: "'") || bytes[position] == UInt8(ascii: "\"")
    else { throw corrupt("expected a string") }
    let quote = bytes[position]
    let rest = bytes[(position + 1)...]
    guard let end = rest.firstIndex(of: quote) else { throw corrupt("a string without its end") }
    let content = rest[..<end]
    position = end + 1
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    guard eat(character) else { throw corrupt("expected '\(character)'") }
  }

  private mutating func eat(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, bytes[position] == 0x20 || (0x09...0x0D).contains(bytes[position]) {
      position += 1
    }
  }

  private func corrupt(_ reason: String, at offset: Int? = nil) -> DataError {
    .corrupt(file: path, offset: start + (offset ?? position), reason: "\(reason) (.npy header)")
  }
}
