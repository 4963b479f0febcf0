#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that only grows, `metrics.jsonl` or an event file. Every append is one write at once, so
/// that others can follow it.
///
/// A checkpoint records ``length``; a resumed run cuts the file back to it, and what was written
/// between the checkpoint and the end of that run is written again, not twice.
package final class GrowingFile {
  package let path: String
  /// Bytes in the file.
  package private(set) var length: Int
  private let descriptor: Int32

  /// Opens or makes the file, empty.
  package convenience init(path: String) throws { try self.init(path: path, keeping: 0) }

  /// Opens the file and cuts off what comes after its first `count` bytes. Where it has fewer, because
  /// someone has shortened or removed it, it goes on from its end, and ``length`` tells.
  package init(path: String, keeping count: Int) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0o666)
    guard descriptor >= 0 else { throw FileError(action: "write", path: path, errorNumber: errno) }
    var status = stat()
    let size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    let kept = min(size, count)
    if size > kept, ftruncate(descriptor, off_t(kept)) != 0 {
      let number = errno
      close(descriptor)
      throw FileError(action: "shorten", path: path, errorNumber: number)
    }
    self.path = path
    self.descriptor = descriptor
    length = kept
  }

  deinit { close(descriptor) }

  package func append(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw FileError(action: "write", path: path, errorNumber: errno)
      }
    }
    length += done
  }

  /// Waits until the disk has everything, so that a checkpoint never counts bytes that a crash of the
  /// machine could lose. A file system that cannot do it is not an error.
  package func synchronize() { fsync(descriptor) }
}
