#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `name` inside `folder`, both as they are written: `data/test_batch.bin`.
func joined(_ folder: String, _ name: String) -> String {
  folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
}

/// The folder part of a path: `.` where there is none.
func folderName(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The last part of a path; a slash at the end does not count.
func lastComponent(of path: String) -> Substring {
  path.split(separator: "/").last ?? ""
}

/// Whether there is anything at `path`.
func exists(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0
}

/// Makes a folder and those above it, as far as they are not there.
func makeFolders(_ path: String) throws {
  var current = path.hasPrefix("/") ? "/" : ""
  for part in path.split(separator: "/") {
    current = joined(current, String(part))
    if mkdir(current, 0o777) != 0, errno != EEXIST {
      throw DataError.unwritable(file: current, reason: systemMessage(errno))
    }
  }
}
