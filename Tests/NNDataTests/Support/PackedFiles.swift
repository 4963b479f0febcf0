/// `content` as a gzip file, in stored blocks.
func gzip(_ content: [UInt8]) -> [UInt8] {
  var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
  var rest = content[...]
  repeat {
    let block = rest.prefix(65535)
    rest = rest.dropFirst(65535)
    let length = UInt16(block.count)
    bytes.append(rest.isEmpty ? 1 : 0)
    bytes += littleEndian(length) + littleEndian(~length) + block
  } while !rest.isEmpty
  return bytes + littleEndian(crc32(content)) + littleEndian(UInt32(truncatingIfNeeded: content.count))
}

/// A member of a tar archive.
struct TarMember {
  var name: String
  var content: [UInt8] = []
  /// `0` a file, `1` a hard link, `2` a symbolic link, `5` a folder.
  var type: Character = "0"
  var linkTarget = ""
}

/// The members as a tar archive, in the ustar form.
func tar(_ members: [TarMember]) -> [UInt8] {
  var bytes: [UInt8] = []
  for member in members {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      header.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8)
    }
    func octal(_ value: Int, _ digits: Int) -> String {
      let text = String(value, radix: 8)
      return String(repeating: "0", count: digits - text.count) + text
    }
    put(member.name, at: 0)
    put(octal(0o644, 7), at: 100)
    put(octal(0, 7), at: 108)
    put(octal(0, 7), at: 116)
    put(octal(member.content.count, 11), at: 124)
    put(octal(0, 11), at: 136)
    put("        ", at: 148)
    put(String(member.type), at: 156)
    put(member.linkTarget, at: 157)
    put("ustar", at: 257)
    put("00", at: 263)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6), at: 148)
    header[154] = 0
    bytes += header + member.content
    bytes += [UInt8](repeating: 0, count: (512 - member.content.count % 512) % 512)
  }
  return bytes + [UInt8](repeating: 0, count: 1024)
}

/// Bytes as an IDX file.
func idx(sizes: [Int], _ elements: [UInt8]) -> [UInt8] {
  var bytes: [UInt8] = [0, 0, 8, UInt8(sizes.count)]
  for size in sizes { bytes += bigEndian(UInt32(size)) }
  return bytes + elements
}

/// The bytes of a number, least significant first.
func littleEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// The bytes of a number, most significant first.
func bigEndian<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
  withUnsafeBytes(of: value.bigEndian) { Array($0) }
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
  var value: UInt32 = 0xFFFF_FFFF
  for byte in bytes {
    value ^= UInt32(byte)
    for _ in 0..<8 { value = value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
  return ~value
}
