#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder of inputs with the expected text of each beside it: `name.nn` and `name.txt`.
///
/// A test asks for ``cases`` and ``orphans`` and reports what ``problem(with:produced:)`` says. With
/// `RECORD_GOLDENS=1` in the environment the expected texts are rewritten, and the test still fails,
/// so that recording cannot pass for testing.
public struct GoldenFolder: Sendable {
  /// One input.
  public struct Case: Sendable, CustomStringConvertible {
    /// The file name with its extension; diagnostics should print this one.
    public let name: String
    public let path: String
    public let goldenPath: String

    public var description: String { name }

    /// The bytes of the input.
    public func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
  }

  /// The folder, below the package root.
  public let path: String
  /// The extensions of inputs, without dot.
  public let extensions: Set<String>
  /// What replaces an input's extension in the name of its golden file.
  public let goldenExtension: String

  public init(_ path: String, extensions: Set<String> = ["nn"], goldenExtension: String = "txt") {
    self.path = TestPaths.packageRoot + "/" + path
    self.extensions = extensions
    self.goldenExtension = goldenExtension
  }

  /// The inputs, by name. Twins `a.nn` and `a.yaml` share one golden file.
  public var cases: [Case] {
    fileNames.filter { extensions.contains(Self.split($0).extension) }.map { name in
      Case(
        name: name, path: path + "/" + name,
        goldenPath: path + "/" + Self.split(name).stem + "." + goldenExtension)
    }
  }

  /// Golden files without an input, and files that are neither.
  public var orphans: [String] {
    let stems = Set(cases.map { Self.split($0.name).stem })
    return fileNames.filter { name in
      let (stem, kind) = Self.split(name)
      return kind == goldenExtension ? !stems.contains(stem) : !extensions.contains(kind)
    }
  }

  /// Nil where `produced` is the golden text; else what differs, and where.
  public func problem(with item: Case, produced: String) -> String? {
    let expected = try? String(contentsOfFile: item.goldenPath, encoding: .utf8)
    if expected == produced { return nil }
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
      do {
        try produced.write(toFile: item.goldenPath, atomically: true, encoding: .utf8)
        return "\(item.name): recorded; run again without RECORD_GOLDENS"
      } catch { return "\(item.name): cannot record: \(error)" }
    }
    guard let expected else { return "\(item.name): there is no \(item.goldenPath)\n\(produced)" }
    let (old, new) = (Self.lines(expected), Self.lines(produced))
    let line = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
    func text(_ lines: [Substring]) -> String { line < lines.count ? String(lines[line]) : "(nothing)" }
    return """
      \(item.name): line \(line + 1) differs (RECORD_GOLDENS=1 rewrites)
        expected: \(text(old))
        produced: \(text(new))
      """
  }

  private var fileNames: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { !$0.hasPrefix(".") }.sorted()
  }

  private static func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  private static func split(_ name: String) -> (stem: String, extension: String) {
    guard let dot = name.lastIndex(of: ".") else { return (name, "") }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }
}
