/// A file on a server whose size and checksum are known beforehand.
public struct Downloadable: Hashable, Sendable {
  /// Where it is; http or https.
  public var url: String
  /// Its name on disk.
  public var name: String
  /// Bytes.
  public var size: Int
  public var digest: Digest

  public init(url: String, name: String, size: Int, digest: Digest) {
    self.url = url
    self.name = name
    self.size = size
    self.digest = digest
  }
}

/// What a transfer tells the one who waits for it, and asks.
public struct DownloadMonitor: Sendable {
  /// Called now and then with the address, the bytes that are there and the bytes there will be.
  public var progress: @Sendable (_ url: String, _ received: Int, _ total: Int) -> Void
  /// Asked now and then; true ends the transfer with ``DataError/interrupted(url:)``.
  public var isCancelled: @Sendable () -> Bool

  public init(
    progress: @escaping @Sendable (_ url: String, _ received: Int, _ total: Int) -> Void = { _, _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.progress = progress
    self.isCancelled = isCancelled
  }
}
