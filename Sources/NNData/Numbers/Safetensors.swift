import FoundationEssentials
import NNShapes

/// The contents of a `.safetensors` file: named arrays, and text about them.
///
/// The file: the header's length as 8 little-endian bytes, a JSON header that gives each array's
/// type, shape and place, then the arrays back to back.
/// Source: https://huggingface.co/docs/safetensors, "Format".
public struct Safetensors: Hashable, Sendable {
  /// A named array.
  public struct Entry: Hashable, Sendable {
    public var key: String
    public var array: NumericArray

    public init(key: String, array: NumericArray) {
      self.key = key
      self.array = array
    }
  }

  /// The arrays. Written in this order in the header; read in the order of their places.
  public var entries: [Entry]
  /// The header's `__metadata__`.
  public var metadata: [String: String]

  public init(entries: [Entry], metadata: [String: String] = [:]) {
    self.entries = entries
    self.metadata = metadata
  }

  /// The array under `key`. Looks through all of them: for many look-ups make a dictionary.
  public subscript(key: String) -> NumericArray? { entries.first { $0.key == key }?.array }

  /// The longest header that the format allows.
  static let maximumHeaderLength = 100_000_000
  private static let metadataKey = "__metadata__"

  // MARK: Reading

  /// Reads the file at `path`.
  ///
  /// Types F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL. The arrays must cover the file exactly:
  /// no overlap, no gap, nothing after them. Throws ``DataError``.
  public static func read(_ path: String) throws -> Safetensors {
    let file = try InputFile(path: path, helpIfMissing: "It should be a .safetensors file.")
    guard file.size >= 8 else {
      throw DataError.corrupt(
        file: path, offset: file.size, reason: "not a .safetensors file: it ends before the header")
    }
    let length: [UInt64] = try file.readArray(at: 0, count: 1)
    let headerLength = UInt64(littleEndian: length[0])
    guard headerLength <= UInt64(min(maximumHeaderLength, file.size - 8)) else {
      throw DataError.corrupt(
        file: path, offset: 0,
        reason: "not a .safetensors file: a header of \(headerLength) bytes in a file of \(file.size)")
    }
    let dataOffset = 8 + Int(headerLength)
    let header = try decodeHeader(file.readArray(at: 8, count: Int(headerLength)), path: path)
    var result = Safetensors(entries: [], metadata: header.metadata)
    var end = 0
    for (key, place) in header.places {
      result.entries.append(
        Entry(
          key: key, array: try read(place, key: key, from: file, dataOffset: dataOffset, expectedStart: end)))
      end = place.end
    }
    guard dataOffset + end == file.size else {
      throw DataError.corrupt(
        file: path, offset: dataOffset + end,
        reason: "\(file.size - dataOffset - end) bytes here belong to no tensor of the header")
    }
    return result
  }

  private static func decodeHeader(_ bytes: [UInt8], path: String) throws -> Header {
    guard bytes.first == UInt8(ascii: "{") else {
      throw DataError.corrupt(file: path, offset: 8, reason: "the header does not begin with {")
    }
    do {
      return try JSONDecoder().decode(Header.self, from: Data(bytes))
    } catch {
      throw DataError.corrupt(
        file: path, offset: 8, reason: "the header is not one of a .safetensors file: \(reason(error))")
    }
  }

  private static func read(
    _ place: Place, key: String, from file: InputFile, dataOffset: Int, expectedStart: Int
  ) throws -> NumericArray {
    func corrupt(_ reason: String) -> DataError {
      .corrupt(file: file.path, offset: 8, reason: "tensor \"\(key)\": \(reason)")
    }
    guard place.start == expectedStart, place.start <= place.end, place.end <= file.size - dataOffset else {
      throw corrupt(
        "data_offsets [\(place.start), \(place.end)], expected to begin at \(expectedStart) and to end "
          + "within the \(file.size - dataOffset) bytes of data")
    }
    guard let type = scalarTypes[place.dtype] else {
      throw DataError.unsupported(
        file: file.path,
        reason: "tensor \"\(key)\" has element type \(place.dtype), which nnrun does not read")
    }
    guard place.shape.allSatisfy({ $0 >= 0 }) else { throw corrupt("a negative size in \(place.shape)") }
    guard place.shape.count <= Shape.maximumRank else {
      throw DataError.unsupported(
        file: file.path,
        reason:
          "tensor \"\(key)\" has \(place.shape.count) dimensions; nnrun reads at most \(Shape.maximumRank)")
    }
    let shape = Shape(place.shape)
    let bytes = shape.elementCountIfRepresentable?.multipliedReportingOverflow(by: type.width)
    guard let bytes, !bytes.overflow, bytes.partialValue == place.end - place.start else {
      throw corrupt("\(place.dtype) of shape \(shape) does not take \(place.end - place.start) bytes")
    }
    let storage = try type.read(
      from: file, at: dataOffset + place.start, count: shape.elementCount, bigEndian: false)
    return NumericArray(shape: shape, storage: storage)
  }

  // MARK: Writing

  /// Writes the file, whole or not at all. The same contents give the same bytes.
  ///
  /// Wider elements are placed first, so that every array is aligned. Traps on a key that comes
  /// twice or is `__metadata__`. Throws ``DataError/unwritable(file:reason:)``.
  public func write(to path: String) throws {
    precondition(
      Set(entries.map(\.key)).count == entries.count && !entries.contains { $0.key == Self.metadataKey },
      "Safetensors: keys must differ")
    let widest = entries.indices.sorted {
      let (a, b) = (entries[$0].array.storage.scalarType.width, entries[$1].array.storage.scalarType.width)
      return a == b ? $0 < $1 : a > b
    }
    var starts = [Int](repeating: 0, count: entries.count)
    var end = 0
    for index in widest {
      starts[index] = end
      end += entries[index].byteCount
    }
    let header = headerBytes(starts: starts)
    try AtomicFile.write(to: path) { file in
      try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try file.append($0) }
      try header.withUnsafeBytes { try file.append($0) }
      for index in widest { try entries[index].array.storage.withBytes { try file.append($0) } }
    }
  }

  private func headerBytes(starts: [Int]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(jsonString($0.key)):\(jsonString($0.value))" }
      members.append("\(jsonString(Self.metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    for (entry, start) in zip(entries, starts) {
      let sizes = entry.array.shape.dimensions.map(String.init).joined(separator: ",")
      members.append(
        "\(jsonString(entry.key)):{\"dtype\":\"\(entry.typeName)\",\"shape\":[\(sizes)],"
          + "\"data_offsets\":[\(start),\(start + entry.byteCount)]}")
    }
    var bytes = Array("{\(members.joined(separator: ","))}".utf8)
    while bytes.count % 8 != 0 { bytes.append(0x20) }
    return bytes
  }

  private static let scalarTypes: [String: ScalarType] = [
    "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64, "I32": .int32,
    "I16": .int16, "I8": .int8, "U8": .uint8, "BOOL": .bool,
  ]

  /// One member of the header.
  private struct Place: Decodable {
    var dtype: String
    var shape: [Int]
    var start: Int
    var end: Int

    private enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      dtype = try container.decode(String.self, forKey: .dtype)
      shape = try container.decode([Int].self, forKey: .shape)
      let offsets = try container.decode([Int].self, forKey: .offsets)
      guard offsets.count == 2, offsets[0] >= 0 else {
        throw DecodingError.dataCorruptedError(
          forKey: .offsets, in: container, debugDescription: "expected [begin, end]")
      }
      (start, end) = (offsets[0], offsets[1])
    }
  }

  private struct Header: Decodable {
    var metadata: [String: String] = [:]
    /// In the order of their places in the file; empty ones of the same place by name.
    var places: [(key: String, place: Place)] = []

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: AnyKey.self)
      for key in container.allKeys {
        if key.stringValue == Safetensors.metadataKey {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          places.append((key.stringValue, try container.decode(Place.self, forKey: key)))
        }
      }
      places.sort { ($0.place.start, $0.place.end, $0.key) < ($1.place.start, $1.place.end, $1.key) }
    }
  }

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    let (what, context) =
      switch error {
      case .typeMismatch(_, let context): ("a value of the wrong kind", context)
      case .valueNotFound(_, let context): ("a value is missing", context)
      case .keyNotFound(let key, let context): ("\(key.stringValue) is missing", context)
      case .dataCorrupted(let context): (context.debugDescription, context)
      @unknown default: ("\(error)", DecodingError.Context(codingPath: [], debugDescription: ""))
      }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? what : "\(path): \(what)"
  }
}

extension Safetensors.Entry {
  fileprivate var byteCount: Int { array.storage.count * array.storage.scalarType.width }

  fileprivate var typeName: String {
    switch array.storage {
    case .float32: "F32"
    case .float64: "F64"
    case .int64: "I64"
    case .int32: "I32"
    case .uint8: "U8"
    case .bool: "BOOL"
    }
  }
}

/// `text` as a JSON string.
private func jsonString(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\u{0}"..."\u{1F}":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
