/// Writes the few protobuf wire types that TensorBoard's messages need.
/// Source: protobuf.dev, "Encoding".
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  mutating func varint(_ field: Int, _ value: Int64) {
    tag(field, wireType: 0)
    unsigned(UInt64(bitPattern: value))
  }

  mutating func double(_ field: Int, _ value: Double) {
    tag(field, wireType: 1)
    bytes.append(littleEndian: value.bitPattern)
  }

  mutating func float(_ field: Int, _ value: Float) {
    tag(field, wireType: 5)
    bytes.append(littleEndian: value.bitPattern)
  }

  mutating func string(_ field: Int, _ value: String) { delimited(field, Array(value.utf8)) }

  mutating func message(_ field: Int, _ body: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    body(&inner)
    delimited(field, inner.bytes)
  }

  private mutating func delimited(_ field: Int, _ content: [UInt8]) {
    tag(field, wireType: 2)
    unsigned(UInt64(content.count))
    bytes += content
  }

  private mutating func tag(_ field: Int, wireType: Int) { unsigned(UInt64(field << 3 | wireType)) }

  private mutating func unsigned(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

extension [UInt8] {
  /// Adds the bytes of `value`, lowest first.
  mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
