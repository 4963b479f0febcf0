import NNData
import NNShapes
import Testing

struct SafetensorsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ header: String, _ data: [UInt8] = [], length: UInt64? = nil) throws -> String {
    try folder.write(
      littleEndian(length ?? UInt64(header.utf8.count)) + Array(header.utf8) + data, to: "x.safetensors")
  }

  private func entry(_ dtype: String, _ shape: String, _ start: Int, _ end: Int) -> String {
    "{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":[\(start),\(end)]}"
  }

  @Test func roundTrip() throws {
    let written = Safetensors(
      entries: [
        .init(key: "flag", array: NumericArray(shape: [2], storage: .bool([true, false]))),
        .init(key: "0.weight", array: NumericArray(shape: [2, 2], [1, 2, 3, 4])),
        .init(key: "0.bias", array: NumericArray(shape: [], [5 as Float])),
        .init(key: "steps", array: NumericArray(shape: [1], integers: [6])),
        .init(key: "quote\" \\ \u{1} ü", array: NumericArray(shape: [0, 3], [Float]())),
        .init(key: "d", array: NumericArray(shape: [1], storage: .float64([0.1]))),
        .init(key: "i", array: NumericArray(shape: [1], storage: .int32([-1]))),
        .init(key: "u", array: NumericArray(shape: [3], storage: .uint8([1, 2, 3]))),
      ], metadata: ["format": "pt", "note": "two\nlines"])
    try written.write(to: folder("x.safetensors"))
    let read = try Safetensors.read(folder("x.safetensors"))
    #expect(read.metadata == written.metadata)
    #expect(read.entries.count == written.entries.count)
    for entry in written.entries { #expect(read[entry.key] == entry.array, "\(entry.key)") }
    #expect(read["none"] == nil)
  }

  /// Keys in the order given, wider elements first in the data, the header padded to eight bytes.
  @Test func layout() throws {
    let contents = Safetensors(entries: [
      .init(key: "b", array: NumericArray(shape: [1], storage: .uint8([9]))),
      .init(key: "a", array: NumericArray(shape: [1], [1 as Float])),
    ])
    try contents.write(to: folder("x.safetensors"))
    let header = "{\"b\":\(entry("U8", "[1]", 4, 5)),\"a\":\(entry("F32", "[1]", 0, 4))}"
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let expected: [UInt8] =
      littleEndian(UInt64(padded.utf8.count)) + Array(padded.utf8) + [0, 0, 0x80, 0x3F, 9]
    #expect(folder.read("x.safetensors") == expected)
  }

  @Test func nothing() throws {
    try Safetensors(entries: []).write(to: folder("x.safetensors"))
    #expect(try Safetensors.read(folder("x.safetensors")) == Safetensors(entries: []))
  }

  @Test func narrowTypesAreWidened() throws {
    let header =
      "{\"h\":\(entry("F16", "[1]", 0, 2)),\"b\":\(entry("BF16", "[1]", 2, 4)),\"s\":\(entry("I16", "[1]", 4, 6)),"
      + "\"c\":\(entry("I8", "[1]", 6, 7))}"
    let read = try Safetensors.read(file(header, [0, 0x3C, 0x80, 0xBF, 0xFF, 0xFF, 0x80]))
    #expect(read["h"]?.floats == [1])
    #expect(read["b"]?.floats == [-1])
    #expect(read["s"]?.integers == [-1])
    #expect(read["c"]?.integers == [-128])
  }

  // MARK: Damage

  static let headers: [(what: String, header: String)] = [
    ("not JSON", "{\"a\":"),
    ("no object", "[1, 2]"),
    ("a number for a tensor", "{\"a\":1}"),
    ("no dtype", "{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}"),
    ("no shape", "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}"),
    ("one offset", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}"),
    ("negative offset", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}"),
    ("ends before it begins", "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,0]}}"),
    ("past the end", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"),
    (
      "far past the end", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9223372036854775807]}}"
    ),
    ("beyond Int", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9223372036854775808]}}"),
    ("a fraction", "{\"a\":{\"dtype\":\"F32\",\"shape\":[0.5],\"data_offsets\":[0,4]}}"),
    ("negative size", "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}"),
    ("size and offsets differ", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}"),
    (
      "overflowing size",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}}"
    ),
    ("a gap", "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}"),
    ("data left over", "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}"),
    (
      "an overlap",
      "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},"
        + "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}"
    ),
    (
      "the same key twice",
      "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
        + "\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}"
    ),
    (
      "metadata of numbers",
      "{\"__metadata__\":{\"a\":1},\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}"
    ),
    ("deep nesting", "{\"a\":" + String(repeating: "[", count: 100_000)),
  ]

  @Test(arguments: headers.indices)
  func damagedHeader(index: Int) throws {
    let (what, header) = Self.headers[index]
    let error = try dataError { _ = try Safetensors.read(file(header, [0, 0, 0, 0])) }
    guard case .corrupt(_, .some, _) = error else {
      Issue.record("\(what): \(String(describing: error))")
      return
    }
  }

  @Test func theTensorIsNamed() throws {
    let text = try dataError {
      _ = try Safetensors.read(file("{\"0.bias\":\(entry("F32", "[2]", 0, 4))}", [0, 0, 0, 0]))
    }
    #expect(
      text?.description
        == "\(folder("x.safetensors")): byte 8: tensor \"0.bias\": F32 of shape (2,) does not take 4 bytes")
  }

  @Test func refusals() throws {
    let complex = try dataError {
      _ = try Safetensors.read(file("{\"a\":\(entry("C64", "[1]", 0, 8))}", patternBytes(8)))
    }
    #expect(complex?.description.contains("element type C64") == true)
    let nine = try dataError {
      _ = try Safetensors.read(file("{\"a\":\(entry("U8", "[1,1,1,1,1,1,1,1,1]", 0, 1))}", [1]))
    }
    #expect(nine?.description.contains("9 dimensions") == true)
  }

  @Test(arguments: [UInt64(3), 1000, 100_000_001, .max])
  func headerLength(length: UInt64) throws {
    let error = try dataError { _ = try Safetensors.read(file("{}", length: length)) }
    guard case .corrupt(_, 0, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: 0..<8)
  func fewerBytesThanALength(count: Int) throws {
    try folder.write([UInt8](repeating: 0, count: count), to: "x.safetensors")
    guard case .corrupt = try dataError({ _ = try Safetensors.read(folder("x.safetensors")) }) else {
      Issue.record("\(count) bytes were read")
      return
    }
  }
}
