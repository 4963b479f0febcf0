/// Takes known files out of a `.tar.gz`.
enum TarUnpacker {
  /// A file to take out: the member's whole name, and what it must be.
  struct Wanted {
    var member: String
    var size: Int
    var digest: Digest?
    var destination: String
  }

  /// Writes each wanted file to its destination, which must not exist. All other members are passed
  /// over, whatever they are; a wanted one must be a regular file of the right size and digest.
  ///
  /// Names decide nothing but which destination of ours is written, so a member called `../x` or an
  /// absolute one leads nowhere. Throws ``DataError``.
  static func unpack(_ path: String, _ wanted: [Wanted], isCancelled: () -> Bool) throws {
    let archive = try ArchiveReader(path: path, content: .tarGzip)
    var missing = wanted
    while !missing.isEmpty, let member = try archive.nextMember() {
      guard let index = missing.firstIndex(where: { $0.member == member.name }) else { continue }
      let file = missing.remove(at: index)
      guard member.isRegularFile, member.size == file.size else {
        throw DataError.corrupt(
          file: path, offset: nil, reason: "\(member.name) is not a regular file of \(file.size) bytes")
      }
      try unpack(file, from: archive, of: path, isCancelled: isCancelled)
    }
    if let first = missing.first {
      throw DataError.corrupt(file: path, offset: nil, reason: "the archive has no \(first.member)")
    }
  }

  private static func unpack(
    _ file: Wanted, from archive: ArchiveReader, of path: String, isCancelled: () -> Bool
  ) throws {
    try AtomicFile.write(to: file.destination, existing: .refuse) { output in
      let hasher = Digest.Hasher(file.digest?.algorithm ?? .md5)
      var chunk = [UInt8](repeating: 0, count: 1 << 18)
      var left = file.size
      while left > 0 {
        if isCancelled() { throw DataError.interrupted(url: path) }
        let count = try chunk.withUnsafeMutableBytes { buffer in
          let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(left, buffer.count)])
          let count = try archive.read(into: target)
          hasher.update(UnsafeRawBufferPointer(rebasing: target[..<count]))
          try output.append(UnsafeRawBufferPointer(rebasing: target[..<count]))
          return count
        }
        guard count > 0 else {
          throw DataError.corrupt(file: path, offset: nil, reason: "\(file.member) ends \(left) bytes early")
        }
        left -= count
      }
      try file.digest?.check(hasher.finish(), of: "\(path): \(file.member)")
    }
  }
}
