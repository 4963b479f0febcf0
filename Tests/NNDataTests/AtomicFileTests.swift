import NNData
import Testing

struct AtomicFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func writesAndReplaces() throws {
    try AtomicFile.write([1, 2, 3], to: folder("a"))
    try AtomicFile.write([4], to: folder("a"))
    #expect(folder.read("a") == [4])
    #expect(folder.names == ["a"])
  }

  @Test func refusesAnExistingFile() throws {
    try AtomicFile.write([1], to: folder("a"), existing: .refuse)
    let error = try dataError { try AtomicFile.write([2], to: folder("a"), existing: .refuse) }
    #expect(error == .unwritable(file: folder("a"), reason: "File exists"))
    #expect(folder.read("a") == [1])
    #expect(folder.names == ["a"])
  }

  @Test func anErrorOnTheWayLeavesTheOldFile() throws {
    struct Stop: Error {}
    try AtomicFile.write([1], to: folder("a"))
    #expect(throws: Stop.self) {
      try AtomicFile.write(to: folder("a")) { file in
        try [UInt8](repeating: 2, count: 100_000).withUnsafeBytes { try file.append($0) }
        throw Stop()
      }
    }
    #expect(folder.read("a") == [1])
    #expect(folder.names == ["a"])
  }

  @Test func noSuchFolder() throws {
    let error = try dataError { try AtomicFile.write([1], to: folder("none/a")) }
    #expect(error == .unwritable(file: folder("none/a"), reason: "No such file or directory"))
  }

  @Test func readingIsBounded() throws {
    try folder.write(patternBytes(100), to: "a")
    #expect(try readFile(folder("a"), limit: 100) == patternBytes(100))
    #expect(
      try dataError { _ = try readFile(folder("a"), limit: 99) }
        == .unreadable(file: folder("a"), reason: "it has 100 bytes, at most 99 are read"))
  }

  @Test func onlyRegularFilesAreRead() throws {
    #expect(try dataError { _ = try readFile(folder("none"), limit: 1) }?.allowsElse == true)
    #expect(
      try dataError { _ = try readFile(folder.path, limit: 1) }
        == .unreadable(file: folder.path, reason: "it is a folder"))
    #expect(
      try dataError { _ = try readFile("/dev/null", limit: 1) }
        == .unreadable(file: "/dev/null", reason: "it is not a regular file"))
  }
}
