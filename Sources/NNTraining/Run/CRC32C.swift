/// CRC-32C (Castagnoli), the checksum of TFRecord files: polynomial 0x1EDC6F41, bits reflected, start
/// and end inverted. Source: RFC 3720, appendix B.4.
package func crc32c(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var remainder = ~UInt32(0)
  for byte in bytes {
    remainder = crc32cTable[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] ^ (remainder >> 8)
  }
  return ~remainder
}

/// What TFRecord files store: rotated right by 15 bits plus a constant, so that a checksum of data
/// that holds checksums stays useful. Source: tensorflow/core/lib/hash/crc32c.h.
package func maskedCRC32C(_ bytes: some Sequence<UInt8>) -> UInt32 {
  let value = crc32c(bytes)
  return (value >> 15 | value << 17) &+ 0xA282_EAD8
}

private let crc32cTable: [UInt32] = (0..<256).map { index in
  var remainder = UInt32(index)
  for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0x82F6_3B78 : remainder >> 1 }
  return remainder
}
