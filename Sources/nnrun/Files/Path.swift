/// Parts of a path, as text.
enum Path {
  /// `tudui.nn` of `models/tudui.nn`.
  static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// `models` of `models/tudui.nn`, `.` of `tudui.nn`, `/` of `/tudui.nn`.
  static func folder(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// `nn` of `models/tudui.nn`; empty where there is none.
  static func fileExtension(_ path: String) -> String {
    let name = lastComponent(path)
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "" }
    return String(name[name.index(after: dot)...])
  }

  /// `tudui` of `models/tudui.nn`.
  static func stem(_ path: String) -> String {
    let ending = fileExtension(path)
    let name = lastComponent(path)
    return ending.isEmpty ? name : String(name.dropLast(ending.count + 1))
  }
}
