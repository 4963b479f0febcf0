#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Places that tests read from.
public enum TestPaths {
  /// The folder of the package, found from this file.
  public static let packageRoot: String = {
    var parts = #filePath.split(separator: "/")
    parts.removeLast(3)
    return "/" + parts.joined(separator: "/")
  }()

  /// The folder of reference cases and data beside the package, or nil where it is absent:
  /// `NNRUN_SHARED`, else `../shared`. Tests that need it are skipped then.
  public static let shared: String? = {
    let path = ProcessInfo.processInfo.environment["NNRUN_SHARED"] ?? packageRoot + "/../shared"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  /// `name` below ``shared``, or nil where there is none.
  public static func shared(_ name: String) -> String? {
    guard let path = shared.map({ $0 + "/" + name }), FileManager.default.fileExists(atPath: path)
    else { return nil }
    return path
  }
}
