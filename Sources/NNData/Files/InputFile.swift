#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A regular file open for reading, with its size and bounds-checked reads at any offset.
final class InputFile {
  /// The path as the user gave it.
  let path: String
  /// Bytes of the file when it was opened.
  let size: Int
  private let descriptor: Int32

  /// Opens `path`. Throws ``DataError/missing(path:help:)`` with this `help` where there is nothing,
  /// ``DataError/unreadable(file:reason:)`` where it cannot be opened or is not a regular file.
  init(path: String, helpIfMissing help: String) throws {
    // A pipe without a writer must not block the open.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let number = errno
      if number == ENOENT || number == ENOTDIR { throw DataError.missing(path: path, help: help) }
      throw DataError.unreadable(file: path, reason: systemMessage(number))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let number = errno
      close(descriptor)
      throw DataError.unreadable(file: path, reason: systemMessage(number))
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let what = status.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : "it is not a regular file"
      throw DataError.unreadable(file: path, reason: what)
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fills `buffer` with the bytes from `offset` on. Throws where the file ends before.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        throw DataError.corrupt(
          file: path, offset: offset + done, reason: "the file ends here, \(buffer.count - done) bytes early")
      } else if errno != EINTR {
        throw DataError.unreadable(file: path, reason: systemMessage(errno))
      }
    }
  }

  /// `count` values of a trivial type, from the bytes at `offset`, as they lie in the file.
  ///
  /// Throws where the file is too short, before anything of that size is allocated.
  func readArray<Value: BitwiseCopyable>(at offset: Int, count: Int) throws -> [Value] {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Value>.stride)
    guard offset >= 0, count >= 0, !overflow, offset <= size, bytes <= size - offset else {
      throw DataError.corrupt(
        file: path, offset: size, reason: "the file ends here; \(count) values from byte \(offset) do not fit"
      )
    }
    return try [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      try read(
        into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<bytes]),
        at: offset)
      initialized = count
    }
  }
}

/// The whole of a regular file, refused where it has more than `limit` bytes.
public func readFile(_ path: String, limit: Int) throws -> [UInt8] {
  let file = try InputFile(path: path, helpIfMissing: "Check the path.")
  guard file.size <= limit else {
    throw DataError.unreadable(file: path, reason: "it has \(file.size) bytes, at most \(limit) are read")
  }
  return try file.readArray(at: 0, count: file.size)
}

/// What the system says about an error number: `Permission denied`.
func systemMessage(_ number: Int32) -> String { String(cString: strerror(number)) }
