import NNTraining
import Testing

@Suite("Run folders")
struct RunFolderTests {
  @Test("Runs that begin in the same second get folders of their own")
  func collisions() throws {
    let place = try TemporaryFolder()
    let parent = place.file("a/runs")
    let folders = try (1...3).map { _ in
      try RunFolder.makeNew(parent: parent, stem: "tudui", at: 1_700_000_000)
    }
    let names = folders.map { String($0.path.dropFirst(parent.count + 1)) }
    let base = try #require(names.first)
    #expect(base.wholeMatch(of: /tudui-\d{8}-\d{6}/) != nil)
    #expect(names == [base, base + "-2", base + "-3"])
  }

  @Test("The newest run with a checkpoint is found, by time and then by number")
  func newest() throws {
    let place = try TemporaryFolder()
    for name in [
      "tudui-20250101-000000", "tudui-20250102-000000", "tudui-20250102-000000-2",
      "tudui-20250102-000000-10", "tudui-2-20260101-000000", "tudui-20250301-000000x",
      "other-20270101-000000",
    ] {
      _ = try RunFolder.make(at: place.file(name))
      try place.write("", to: name + "/last.state")
    }
    _ = try RunFolder.make(at: place.file("tudui-20280101-000000"))
    #expect(
      RunFolder.newest(of: "tudui", in: place.path)?.path == place.file("tudui-20250102-000000-10"))
    #expect(RunFolder.newest(of: "tud", in: place.path) == nil)
    #expect(RunFolder.newest(of: "tudui", in: place.file("none")) == nil)
  }

  @Test("A folder with a run in it is not written over; an empty one is taken")
  func taken() throws {
    let place = try TemporaryFolder()
    let folder = try RunFolder.make(at: place.file("mine"))
    _ = try RunFolder.make(at: place.file("mine/"))
    try place.write("{}", to: "mine/metrics.jsonl")
    #expect(throws: RunFolderError.taken(folder.path)) { try RunFolder.make(at: folder.path) }
  }

  @Test("A folder that cannot be made is an error that names it")
  func unwritable() throws {
    let place = try TemporaryFolder()
    try place.write("", to: "file")
    let path = place.file("file/runs")
    let error = #expect(throws: FileError.self) {
      try RunFolder.makeNew(parent: path, stem: "tudui", at: 0)
    }
    #expect(error?.description == "cannot make the folder \(path): Not a directory")
  }

  @Test("A growing file is cut back to what a checkpoint counted, and grows on")
  func growth() throws {
    let place = try TemporaryFolder()
    let file = try GrowingFile(path: place.file("metrics.jsonl"))
    try file.append(Array("one\n".utf8))
    let length = file.length
    try file.append(Array("two\n".utf8))
    let again = try GrowingFile(path: file.path, keeping: length)
    try again.append(Array("TWO\n".utf8))
    #expect(try place.text("metrics.jsonl") == "one\nTWO\n")
    #expect(again.length == 8)
    #expect(try GrowingFile(path: file.path, keeping: 100).length == 8)
  }

  @Test("JSON lines")
  func json() {
    let value = JSONValue.object([
      ("epoch", .integer(0)), ("loss", .number(18704.882)), ("nan", .number(.nan)), ("lr", .number(1e-5)),
      ("text", .string("a\"\\\n\u{1}é")), ("list", .array([.boolean(true), .null])),
    ])
    #expect(
      value.text
        == #"{"epoch": 0, "loss": 18704.882, "nan": null, "lr": 1e-05, "text": "a\"\\\n\u0001é", "list": [true, null]}"#
    )
  }
}
