#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Downloadable {
  /// Brings the file into `folder`, under its name, with its size and checksum verified. Does nothing
  /// where the name is taken: what is there is never overwritten.
  ///
  /// The bytes gather in `NAME.part`, which a later call goes on with, and which takes the name only
  /// when it is whole and right. Folder and part are made before a connection is: without room to
  /// write there is no transfer. Throws ``DataError``.
  public func fetch(into folder: String, monitor: DownloadMonitor = DownloadMonitor()) throws {
    try fetch(into: folder, monitor: monitor, limits: Transfer.Limits())
  }

  func fetch(into folder: String, monitor: DownloadMonitor, limits: Transfer.Limits) throws {
    let path = joined(folder, name)
    if exists(path) { return }
    try makeFolders(folder)
    let part = path + ".part"
    do {
      try fetchPart(part, monitor: monitor, limits: limits)
    } catch let error as StalePart {
      // The old part was of something else, or the server took no range of it: once more, whole.
      guard unlink(part) == 0 else { throw error.cause }
      try fetchPart(part, monitor: monitor, limits: limits)
    }
    // Only where the name is still free.
    guard link(part, path) == 0 || (!exists(path) && rename(part, path) == 0) else {
      throw DataError.unwritable(file: path, reason: systemMessage(errno))
    }
    unlink(part)
  }

  /// A transfer failed that had built on an older part.
  private struct StalePart: Error { var cause: DataError }

  private func fetchPart(_ part: String, monitor: DownloadMonitor, limits: Transfer.Limits) throws {
    let descriptor = open(part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw DataError.unwritable(file: part, reason: systemMessage(errno)) }
    defer { close(descriptor) }
    var received = Int(lseek(descriptor, 0, SEEK_END))
    if received > size {
      guard ftruncate(descriptor, 0) == 0 else {
        throw DataError.unwritable(file: part, reason: systemMessage(errno))
      }
      lseek(descriptor, 0, SEEK_SET)
      received = 0
    }
    var isResumed = received > 0
    do {
      if received < size {
        let transfer = try Transfer(
          self, path: part, descriptor: descriptor, received: received, monitor: monitor, limits: limits)
        try transfer.run()
        isResumed = transfer.isResumed
      }
      guard fsync(descriptor) == 0 else {
        throw DataError.unwritable(file: part, reason: systemMessage(errno))
      }
      try verify(part)
    } catch let error as DataError {
      switch error {
      case .corrupt, .wrongDigest:
        if isResumed { throw StalePart(cause: error) }
        // Nothing to go on from.
        unlink(part)
      default: break
      }
      throw error
    }
  }

  private func verify(_ part: String) throws {
    let file = try InputFile(path: part, helpIfMissing: "Something removed it.")
    let hasher = Digest.Hasher(digest.algorithm)
    var offset = 0
    while offset < file.size {
      let chunk: [UInt8] = try file.readArray(at: offset, count: min(1 << 20, file.size - offset))
      chunk.withUnsafeBytes { hasher.update($0) }
      offset += chunk.count
    }
    try digest.check(hasher.finish(), of: url)
  }
}
