/// The element types of the files that nnrun reads, and how their bytes become values.
enum ScalarType: Hashable, Sendable, CaseIterable {
  case float64, float32, float16, bfloat16
  case int64, int32, int16, int8, uint8, bool

  /// Bytes of one element.
  var width: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  /// PyTorch's name.
  var name: String {
    switch self {
    case .float64: "float64"
    case .float32: "float32"
    case .float16: "float16"
    case .bfloat16: "bfloat16"
    case .int64: "int64"
    case .int32: "int32"
    case .int16: "int16"
    case .int8: "int8"
    case .uint8: "uint8"
    case .bool: "bool"
    }
  }

  /// `count` elements from the bytes at `offset` of `file`.
  ///
  /// Booleans must be 0 or 1; any other byte is corrupt. Throws ``DataError``.
  func read(from file: InputFile, at offset: Int, count: Int, bigEndian: Bool) throws
    -> NumericArray.Storage
  {
    switch self {
    case .float32:
      if !bigEndian { return .float32(try file.readArray(at: offset, count: count)) }
      let bits: [UInt32] = try file.readArray(at: offset, count: count)
      return .float32(bits.map { Float(bitPattern: UInt32(bigEndian: $0)) })
    case .float64:
      let bits: [UInt64] = try file.readArray(at: offset, count: count)
      return .float64(bits.map { Double(bitPattern: Self.ordered($0, bigEndian)) })
    case .float16:
      let bits: [UInt16] = try file.readArray(at: offset, count: count)
      return .float32(bits.map { Self.widenedHalf(Self.ordered($0, bigEndian)) })
    case .bfloat16:
      let bits: [UInt16] = try file.readArray(at: offset, count: count)
      return .float32(bits.map { Float(bitPattern: UInt32(Self.ordered($0, bigEndian)) << 16) })
    case .int64:
      let values: [Int64] = try file.readArray(at: offset, count: count)
      return .int64(bigEndian ? values.map { Int64(bigEndian: $0) } : values)
    case .int32:
      let values: [Int32] = try file.readArray(at: offset, count: count)
      return .int32(bigEndian ? values.map { Int32(bigEndian: $0) } : values)
    case .int16:
      let values: [Int16] = try file.readArray(at: offset, count: count)
      return .int32(values.map { Int32(Self.ordered($0, bigEndian)) })
    case .int8:
      let values: [Int8] = try file.readArray(at: offset, count: count)
      return .int32(values.map { Int32($0) })
    case .uint8:
      return .uint8(try file.readArray(at: offset, count: count))
    case .bool:
      let bytes: [UInt8] = try file.readArray(at: offset, count: count)
      if let bad = bytes.firstIndex(where: { $0 > 1 }) {
        throw DataError.corrupt(
          file: file.path, offset: offset + bad, reason: "a boolean is 0 or 1, not \(bytes[bad])")
      }
      return .bool(bytes.map { $0 == 1 })
    }
  }

  private static func ordered<Value: FixedWidthInteger>(_ value: Value, _ bigEndian: Bool) -> Value {
    bigEndian ? Value(bigEndian: value) : Value(littleEndian: value)
  }

  /// IEEE 754 half precision, exactly, from its bits: not every processor has the type.
  private static func widenedHalf(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
      // Zero and the subnormal numbers: fraction · 2^-24.
      let magnitude = Float(fraction) * Float(bitPattern: 0x3380_0000)
      return Float(bitPattern: magnitude.bitPattern | sign)
    case 0x1F:
      return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default:
      return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}

extension NumericArray.Storage {
  /// The type that these elements are written as.
  var scalarType: ScalarType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .int64: .int64
    case .int32: .int32
    case .uint8: .uint8
    case .bool: .bool
    }
  }

  /// Calls `body` with the elements as little-endian bytes.
  func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    switch self {
    case .float32(let values): try values.withUnsafeBytes(body)
    case .float64(let values): try values.withUnsafeBytes(body)
    case .int64(let values): try values.withUnsafeBytes(body)
    case .int32(let values): try values.withUnsafeBytes(body)
    case .uint8(let values): try values.withUnsafeBytes(body)
    case .bool(let values): try values.map { UInt8($0 ? 1 : 0) }.withUnsafeBytes(body)
    }
  }
}
