#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The folder that a run writes, and the names in it.
public struct RunFolder: Sendable, Equatable {
  public var path: String

  public init(path: String) { self.path = path }

  /// The model file with every override applied.
  public var model: String { file("model.nn") }
  /// What was run: seed, data, machine.
  public var record: String { file("run.json") }
  public var metrics: String { file("metrics.jsonl") }
  /// The weights under PyTorch's keys.
  public func weights(_ checkpoint: Checkpoint.Name) -> String { file("\(checkpoint.rawValue).safetensors") }
  /// Everything that is needed to go on.
  public func state(_ checkpoint: Checkpoint.Name) -> String { file("\(checkpoint.rawValue).state") }

  func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

  // MARK: Making

  /// Makes `PARENT/STEM-YYYYMMDD-HHMMSS`, with `-2`, `-3`, … where that name is taken. Two runs that
  /// begin in the same second get two folders.
  package static func makeNew(parent: String, stem: String, at time: time_t) throws -> RunFolder {
    try makeFolder(parent)
    let parent = RunFolder(path: parent)
    let base = "\(stem)-\(stamp(time))"
    for number in 1...10_000 {
      let path = parent.file(number == 1 ? base : "\(base)-\(number)")
      if mkdir(path, 0o777) == 0 { return RunFolder(path: path) }
      guard errno == EEXIST else {
        throw FileError(action: "make the folder", path: path, errorNumber: errno)
      }
    }
    throw FileError(action: "make the folder", path: parent.file(base), reason: "10,000 like it exist")
  }

  /// Makes the folder at `path`, or takes it where it is there and holds no run.
  package static func make(at path: String) throws -> RunFolder {
    try makeFolder(path)
    let folder = RunFolder(path: path)
    for taken in [folder.state(.last), folder.metrics, folder.record, folder.model] where exists(taken) {
      throw RunFolderError.taken(path)
    }
    return folder
  }

  /// `mkdir -p`.
  private static func makeFolder(_ path: String) throws {
    var status = stat()
    if mkdir(path, 0o777) == 0 || path.isEmpty { return }
    let number = errno
    if number == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    guard number == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
      throw FileError(action: "make the folder", path: path, errorNumber: number)
    }
    try makeFolder(String(path[..<slash]))
    if path[slash...].count > 1 { try makeFolder(path) }
  }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0
  }

  /// `20250131-235959`, in the machine's time zone.
  static func stamp(_ time: time_t) -> String {
    var time = time
    var parts = tm()
    localtime_r(&time, &parts)
    func digits(_ value: Int32, _ count: Int) -> String {
      let text = "\(value)"
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2) + "-"
      + digits(parts.tm_hour, 2) + digits(parts.tm_min, 2) + digits(parts.tm_sec, 2)
  }

  // MARK: Finding

  /// The newest run of `stem` in `parent` that has a checkpoint, or nil.
  package static func newest(of stem: String, in parent: String) -> RunFolder? {
    guard let folder = opendir(parent) else { return nil }
    defer { closedir(folder) }
    var newest: (key: (String, Int), folder: RunFolder)?
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let key = sortKey(of: name, stem: stem) else { continue }
      let candidate = RunFolder(path: RunFolder(path: parent).file(name))
      guard exists(candidate.state(.last)) else { continue }
      if newest.map({ $0.key < key }) ?? true { newest = (key, candidate) }
    }
    return newest?.folder
  }

  /// The time stamp and the number of `STEM-YYYYMMDD-HHMMSS[-N]`, or nil for another name.
  package static func sortKey(of name: String, stem: String) -> (String, Int)? {
    guard name.hasPrefix(stem + "-") else { return nil }
    let parts = name.dropFirst(stem.count + 1).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, parts[0].count == 8, parts[1].count == 6,
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    guard parts.count == 3 else { return ("\(parts[0])\(parts[1])", 1) }
    guard let number = Int(parts[2]) else { return nil }
    return ("\(parts[0])\(parts[1])", number)
  }
}

/// A run folder that cannot be used.
public enum RunFolderError: RunFailure, Equatable {
  /// `--run-dir` names a folder with a run in it.
  case taken(String)

  public var description: String {
    switch self {
    case .taken(let path): "\(path) already holds a run"
    }
  }

  public var help: String? {
    switch self {
    case .taken(let path): "--resume=\(path) continues that run; a new one needs another folder"
    }
  }
}
