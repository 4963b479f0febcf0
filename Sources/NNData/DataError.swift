/// What goes wrong with data, as far as the machine and the files are to blame.
///
/// Every file is named by the path that the user gave, and every bad byte by its offset from 0.
public enum DataError: Error, Hashable, Sendable {
  /// The data is not on disk; `help` says how to get it.
  case missing(path: String, help: String)
  /// The data is not on disk and cannot be fetched either: no network, no such host, no answer
  /// within the connect limit, a status that is not success.
  case unreachable(url: String, reason: String)
  /// A transfer that had begun broke off. What has arrived is kept, and the next one goes on from it.
  case brokenOff(url: String, received: Int, expected: Int, reason: String)
  /// The contents are not what they must be. `offset` is the first byte that shows it.
  case corrupt(file: String, offset: Int?, reason: String)
  /// A checksum differs from the published one. `algorithm` is `md5` or `sha256`.
  case wrongDigest(file: String, algorithm: String, expected: String, found: String)
  /// A well-formed file that holds something nnrun does not read.
  case unsupported(file: String, reason: String)
  /// The system refused to open or to read a file that is there.
  case unreadable(file: String, reason: String)
  /// The system refused to write a file.
  case unwritable(file: String, reason: String)
  /// The set that was asked for cannot be had, whatever is on disk: a size out of range, or more
  /// memory than the machine has.
  case invalidRequest(reason: String)
  /// The user stopped a transfer.
  case interrupted(url: String)

  /// Whether a source that follows `else` may take this one's place: only where the data is neither
  /// on disk nor to be fetched. What is there and wrong is never passed over, nor an interrupt.
  public var allowsElse: Bool {
    switch self {
    case .missing, .unreachable: true
    case .brokenOff, .corrupt, .wrongDigest, .unsupported, .unreadable, .unwritable, .invalidRequest,
      .interrupted:
      false
    }
  }
}

extension DataError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .missing(let path, let help):
      "\(path): not found. \(help)"
    case .unreachable(let url, let reason):
      "\(url): cannot be fetched: \(reason)"
    case .brokenOff(let url, let received, let expected, let reason):
      "\(url): the transfer broke off after \(received) of \(expected) bytes (\(reason)). "
        + "The part is kept; run again to go on from there."
    case .corrupt(let file, let offset, let reason):
      offset.map { "\(file): byte \($0): \(reason)" } ?? "\(file): \(reason)"
    case .wrongDigest(let file, let algorithm, let expected, let found):
      "\(file): \(algorithm) is \(found), the published one is \(expected): the file is damaged or "
        + "another one. Delete it and get it again."
    case .unsupported(let file, let reason):
      "\(file): \(reason)"
    case .unreadable(let file, let reason):
      "\(file): cannot be read: \(reason)"
    case .unwritable(let file, let reason):
      "\(file): cannot be written: \(reason)"
    case .invalidRequest(let reason):
      reason
    case .interrupted(let url):
      "\(url): stopped before the end of the transfer; run again to go on from there."
    }
  }
}
