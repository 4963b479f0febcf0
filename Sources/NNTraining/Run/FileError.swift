#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The system refused something with a file or a folder of the run.
public struct FileError: RunFailure, Equatable {
  /// What was tried: `make the folder`, `write`.
  public var action: String
  public var path: String
  /// The system's words: `Permission denied`.
  public var reason: String

  public init(action: String, path: String, reason: String) {
    self.action = action
    self.path = path
    self.reason = reason
  }

  /// With the system's text for an error number.
  init(action: String, path: String, errorNumber: Int32) {
    self.init(action: action, path: path, reason: String(cString: strerror(errorNumber)))
  }

  public var description: String { "cannot \(action) \(path): \(reason)" }
}
