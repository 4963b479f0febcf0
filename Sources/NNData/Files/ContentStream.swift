/// A data file's content from its first byte to its last, unpacked on the way where the name ends in
/// `.gz`. Counts and hashes what goes by, and never holds more than it is asked for.
final class ContentStream {
  /// The path as the user gave it.
  let path: String
  /// The offset in the content of the byte that comes next.
  private(set) var position = 0
  private let hasher = Digest.Hasher(.md5)
  private let source: Source

  private enum Source {
    case plain(InputFile)
    case gzip(GzipReader)
  }

  /// Opens `path`. Throws ``DataError`` as ``InputFile`` does.
  init(path: String, helpIfMissing help: String) throws {
    self.path = path
    let file = try InputFile(path: path, helpIfMissing: help)
    source = path.hasSuffix(".gz") ? .gzip(try GzipReader(path: path, size: file.size)) : .plain(file)
  }

  /// Fills `buffer` with what comes next. Throws ``DataError/corrupt(file:offset:reason:)`` where the
  /// content ends before.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws {
    let count = try readSome(buffer)
    guard count == buffer.count else {
      throw DataError.corrupt(
        file: path, offset: position, reason: "the content ends here, \(buffer.count - count) bytes early")
    }
  }

  /// `count` bytes.
  func read(_ count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      try read(into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
      initialized = count
    }
  }

  /// The digest of all that was read. Throws where anything follows.
  func finish() throws -> Digest {
    var extra: UInt8 = 0
    let expected = position
    let count = try withUnsafeMutableBytes(of: &extra) { try readSome($0) }
    guard count == 0 else {
      throw DataError.corrupt(file: path, offset: expected, reason: "the content goes on where it should end")
    }
    if case .gzip(let reader) = source { try reader.checkNothingFollows() }
    return hasher.finish()
  }

  private func readSome(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count: Int
    switch source {
    case .plain(let file):
      count = min(buffer.count, max(0, file.size - position))
      try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), at: position)
    case .gzip(let reader):
      count = try reader.read(into: buffer)
    }
    position += count
    hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    return count
  }
}

/// One gzip file through libarchive's raw format.
private final class GzipReader {
  private let path: String
  private let size: Int
  private let archive: ArchiveReader

  init(path: String, size: Int) throws {
    self.path = path
    self.size = size
    archive = try ArchiveReader(path: path, content: .gzip)
    guard try archive.nextMember() != nil else {
      throw DataError.corrupt(file: path, offset: 0, reason: "an empty gzip file")
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int { try archive.read(into: buffer) }

  /// Whether gzip's own end is the file's: libarchive stops at the last member and is content.
  func checkNothingFollows() throws {
    guard archive.compressedBytesRead == size else {
      throw DataError.corrupt(
        file: path, offset: archive.compressedBytesRead, reason: "bytes after the end of the gzip data")
    }
  }
}
