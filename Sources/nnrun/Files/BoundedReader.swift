#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that could not be read.
struct FileReadingError: Error, CustomStringConvertible {
  var path: String
  /// The `errno` of the failed call.
  var number: Int32

  var description: String { "cannot read \(path): \(String(cString: strerror(number)))" }
}

/// Reads whole files, pipes and standard input, but never more than is asked for.
enum BoundedReader {
  private static let chunk = 1 << 16

  /// The first `limit` bytes of a file, fewer where it is shorter; nil is standard input.
  static func read(_ path: String?, limit: Int) throws(FileReadingError) -> [UInt8] {
    let name = path ?? "standard input"
    let descriptor = path.map { open($0, O_RDONLY | O_CLOEXEC) } ?? STDIN_FILENO
    guard descriptor >= 0 else { throw FileReadingError(path: name, number: errno) }
    defer { if path != nil { close(descriptor) } }
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let room = min(chunk, limit - bytes.count)
      var failure: Int32 = 0
      let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        repeat {
          count = Glibc.read(descriptor, buffer.baseAddress, room)
        } while count < 0 && errno == EINTR
        if count < 0 {
          failure = errno
          count = 0
        }
      }
      if failure != 0 { throw FileReadingError(path: name, number: failure) }
      if piece.isEmpty { break }
      bytes += piece
    }
    return bytes
  }
}
