/// The IDX format of MNIST and its kin: a magic number, the sizes, unsigned bytes.
///
/// Magic: two zero bytes, the element type (8, unsigned byte), the number of dimensions; then each
/// size as four bytes, most significant first. Source: http://yann.lecun.com/exdb/mnist.
enum IDX {
  /// Reads the file at `path`, packed or not, whose sizes must be these, and checks its content's md5.
  ///
  /// `check` sees the elements and the offset of the first one before the md5 is compared. No more
  /// than the expected content and one byte is ever unpacked. Throws ``DataError``.
  static func read(
    _ path: String, sizes: [Int], md5: Digest, help: String,
    check: (_ elements: [UInt8], _ offset: Int) throws -> Void = { _, _ in }
  ) throws -> [UInt8] {
    let stream = try ContentStream(path: path, helpIfMissing: help)
    let magic = try stream.read(4)
    guard magic[0] == 0, magic[1] == 0, magic[2] == 8, Int(magic[3]) == sizes.count else {
      throw DataError.corrupt(
        file: path, offset: 0,
        reason:
          "not an IDX file of \(sizes.count)-dimensional bytes: magic number \(hexadecimal(magic)), expected "
          + hexadecimal([0, 0, 8, UInt8(sizes.count)]))
    }
    for (dimension, expected) in sizes.enumerated() {
      let offset = stream.position
      let size = try stream.read(4).reduce(0) { $0 << 8 | Int($1) }
      guard size == expected else {
        throw DataError.corrupt(
          file: path, offset: offset, reason: "dimension \(dimension) is \(size), expected \(expected)")
      }
    }
    let offset = stream.position
    let elements = try stream.read(sizes.reduce(1, *))
    try check(elements, offset)
    try md5.check(stream.finish(), of: path)
    return elements
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    "0x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
