#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that appears under its name whole or not at all.
///
/// Bytes go to a temporary file beside it, which is flushed to the disk and then takes the name: a
/// crash, a full disk or an interrupt at any moment leaves either the old file or the new one.
public final class AtomicFile {
  /// What to do with a file that already has the name.
  public enum Existing: Sendable {
    case replace
    /// Leave it alone and throw.
    case refuse
  }

  private let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  private var isCommitted = false

  /// Makes the file at `path` of what `body` writes. Where `body` throws, nothing is left behind.
  ///
  /// Throws what `body` throws, or ``DataError/unwritable(file:reason:)``.
  public static func write(
    to path: String, existing: Existing = .replace, _ body: (AtomicFile) throws -> Void
  ) throws {
    let file = try AtomicFile(path: path)
    try body(file)
    try file.commit(existing)
  }

  /// The same of bytes.
  public static func write(_ bytes: [UInt8], to path: String, existing: Existing = .replace) throws {
    try write(to: path, existing: existing) { file in
      try bytes.withUnsafeBytes { try file.append($0) }
    }
  }

  private init(path: String) throws {
    self.path = path
    temporaryPath = "\(path).tmp-\(getpid())"
    // A leftover of a run that crashed and had the same number.
    unlink(temporaryPath)
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw DataError.unwritable(file: path, reason: systemMessage(errno))
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if !isCommitted { unlink(temporaryPath) }
  }

  /// Adds bytes at the end.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    try writeAll(bytes, to: descriptor, named: path)
  }

  private func commit(_ existing: Existing) throws {
    guard fsync(descriptor) == 0 else {
      throw DataError.unwritable(file: path, reason: systemMessage(errno))
    }
    switch existing {
    case .replace:
      guard rename(temporaryPath, path) == 0 else {
        throw DataError.unwritable(file: path, reason: systemMessage(errno))
      }
    case .refuse:
      try takeFreeName()
    }
    isCommitted = true
    synchronizeFolder()
  }

  /// Gives the temporary file its name unless something has it: a link is made only where there is
  /// nothing, a rename would replace.
  private func takeFreeName() throws {
    if link(temporaryPath, path) == 0 {
      unlink(temporaryPath)
      return
    }
    let number = errno
    var status = stat()
    // File systems without links: look, then rename.
    if number == EPERM || number == ENOTSUP, lstat(path, &status) != 0, rename(temporaryPath, path) == 0 {
      return
    }
    throw DataError.unwritable(
      file: path, reason: systemMessage(number == EPERM || number == ENOTSUP ? EEXIST : number))
  }

  /// Makes the new name itself durable. Not every file system allows it, and the file is whole
  /// either way.
  private func synchronizeFolder() {
    let folder = open(folderName(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }
}

/// Writes all of `bytes`, however many calls it takes.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, named path: String) throws {
  var done = 0
  while done < bytes.count {
    let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
    let count = write(descriptor, rest.baseAddress, rest.count)
    if count >= 0 {
      done += count
    } else if errno != EINTR {
      throw DataError.unwritable(file: path, reason: systemMessage(errno))
    }
  }
}
