import FoundationEssentials
import NNData
import Synchronization
import Testing

/// Transfers from a server on the loopback interface.
struct DownloadTests {
  private let folder: TemporaryFolder
  private let content = patternBytes(200_000)

  init() throws { folder = try TemporaryFolder() }

  private func item(_ url: String) -> Downloadable {
    Downloadable(url: url, name: "file.bin", size: content.count, digest: .of(content, .sha256))
  }

  /// A server that gives `content` under every path, ranges included.
  private func server() throws -> LoopbackServer {
    let content = content
    return try LoopbackServer { LoopbackServer.file(content, for: $0) }
  }

  @Test func wholeFile() throws {
    let server = try server()
    defer { server.stop() }
    let seen = Mutex<[Int]>([])
    let sink = Sink { received in seen.withLock { $0.append(received) } }
    let monitor = DownloadMonitor(progress: { _, received, _ in sink.call(received) })
    // Folders are made as needed.
    try item(server.url("a")).fetch(into: folder("x/y"), monitor: monitor)
    #expect(folder.read("x/y/file.bin") == content)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("x/y")) == ["file.bin"])
    #expect(server.requests.map(\.rangeStart) == [nil])
    let amounts = seen.withLock { $0 }
    #expect(amounts == amounts.sorted() && amounts.last == content.count)
  }

  @Test func aFileThatIsThereIsLeftAlone() throws {
    let server = try server()
    defer { server.stop() }
    try folder.write([1, 2, 3], to: "file.bin")
    try item(server.url("a")).fetch(into: folder.path)
    #expect(folder.read("file.bin") == [1, 2, 3])
    #expect(server.requests.isEmpty)
  }

  @Test(arguments: [301, 302, 307, 308])
  func redirect(status: Int) throws {
    let content = content
    let server = try LoopbackServer { request in
      request.path == "old"
        ? LoopbackServer.Response(status: status, headers: ["Location: /new"])
        : LoopbackServer.file(content, for: request)
    }
    defer { server.stop() }
    try item(server.url("old")).fetch(into: folder.path)
    #expect(folder.read("file.bin") == content)
    #expect(server.requests.map(\.path) == ["old", "new"])
  }

  @Test(arguments: ["file:///etc/hostname", "ftp://127.0.0.1/file.bin"])
  func redirectOrAddressOfAnotherKind(target: String) throws {
    let server = try LoopbackServer { _ in
      LoopbackServer.Response(status: 302, headers: ["Location: \(target)"])
    }
    defer { server.stop() }
    for url in [server.url("a"), target] {
      let error = try dataError { try item(url).fetch(into: folder.path) }
      #expect(error?.allowsElse == true, "\(String(describing: error))")
    }
    #expect(folder.read("file.bin") == nil)
  }

  @Test func endlessRedirect() throws {
    let server = try LoopbackServer { _ in LoopbackServer.Response(status: 302, headers: ["Location: /a"]) }
    defer { server.stop() }
    let error = try dataError { try item(server.url("a")).fetch(into: folder.path) }
    #expect(error?.allowsElse == true)
    #expect(server.requests.count == 11)
  }

  /// A transfer that breaks off keeps its part, is no reason for an `else`, and is gone on with.
  @Test func truncatedThenResumed() throws {
    let content = content
    let cut = try LoopbackServer { _ in
      LoopbackServer.Response(body: Array(content.prefix(120_000)), declaredLength: content.count)
    }
    let error = try dataError { try item(cut.url("a")).fetch(into: folder.path) }
    cut.stop()
    guard case .brokenOff(_, 120_000, 200_000, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.allowsElse == false)
    #expect(folder.names == ["file.bin.part"])

    let server = try server()
    defer { server.stop() }
    try item(server.url("a")).fetch(into: folder.path)
    #expect(server.requests.map(\.rangeStart) == [120_000])
    #expect(folder.read("file.bin") == content)
    #expect(folder.names == ["file.bin"])
  }

  /// A whole answer that is shorter than the file: more may come another time.
  @Test func shortAnswer() throws {
    let content = content
    let server = try LoopbackServer { _ in LoopbackServer.Response(body: Array(content.prefix(5000))) }
    defer { server.stop() }
    let error = try dataError { try item(server.url("a")).fetch(into: folder.path) }
    guard case .brokenOff(_, 5000, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func aServerThatKnowsNoRanges() throws {
    let content = content
    try folder.write(Array(content.prefix(1000)), to: "file.bin.part")
    let server = try LoopbackServer { _ in LoopbackServer.Response(body: content) }
    defer { server.stop() }
    try item(server.url("a")).fetch(into: folder.path)
    #expect(folder.read("file.bin") == content)
    #expect(server.requests.count == 1)
  }

  @Test(arguments: [1000, 200_000, 300_000])
  func aPartOfSomethingElseIsDropped(length: Int) throws {
    try folder.write(patternBytes(length, seed: 9), to: "file.bin.part")
    let server = try server()
    defer { server.stop() }
    try item(server.url("a")).fetch(into: folder.path)
    #expect(folder.read("file.bin") == content)
    #expect(server.requests.last?.rangeStart == nil)
  }

  /// A part that was whole before the last run stopped needs no server.
  @Test func aWholePart() throws {
    try folder.write(content, to: "file.bin.part")
    try item("http://127.0.0.1:1/a").fetch(into: folder.path)
    #expect(folder.names == ["file.bin"])
  }

  @Test func wrongContent() throws {
    let wrong = patternBytes(200_000, seed: 7)
    let server = try LoopbackServer { LoopbackServer.file(wrong, for: $0) }
    defer { server.stop() }
    let item = item(server.url("a"))
    let error = try dataError { try item.fetch(into: folder.path) }
    #expect(
      error
        == .wrongDigest(
          file: server.url("a"), algorithm: "sha256", expected: item.digest.hexadecimal,
          found: Digest.of(wrong, .sha256).hexadecimal))
    #expect(error?.allowsElse == false)
    #expect(folder.names.isEmpty)
  }

  @Test func moreThanTheFile() throws {
    let long = content + [0]
    let server = try LoopbackServer { LoopbackServer.file(long, for: $0) }
    defer { server.stop() }
    let error = try dataError { try item(server.url("a")).fetch(into: folder.path) }
    guard case .corrupt = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(folder.names.isEmpty)
  }

  @Test(arguments: [403, 404, 500, 503])
  func aStatusThatIsNotSuccess(status: Int) throws {
    let server = try LoopbackServer { _ in LoopbackServer.Response(status: status, body: [1, 2, 3]) }
    defer { server.stop() }
    let url = server.url("a")
    let error = try dataError { try item(url).fetch(into: folder.path) }
    #expect(error == .unreachable(url: url, reason: "the server answers with status \(status)"))
    #expect(folder.read("file.bin") == nil)
  }

  @Test func refusedConnection() throws {
    let server = try server()
    let url = server.url("a")
    server.stop()
    // The thread closes the socket a moment later; until then the connection hangs or is refused.
    let error = try dataError { try item(url).fetch(into: folder.path) }
    guard case .unreachable(url, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func noSuchHost() throws {
    let error = try dataError { try item("http://no-such-host.invalid/a").fetch(into: folder.path) }
    #expect(error?.allowsElse == true)
  }

  @Test func interrupt() throws {
    let server = try server()
    defer { server.stop() }
    let monitor = DownloadMonitor(isCancelled: { true })
    let url = server.url("a")
    let error = try dataError { try item(url).fetch(into: folder.path, monitor: monitor) }
    #expect(error == .interrupted(url: url))
    #expect(folder.read("file.bin") == nil)
  }

  /// Where nothing can be written the server is not asked.
  @Test func noPlaceToWrite() throws {
    let server = try server()
    defer { server.stop() }
    try folder.write([], to: "plain")
    let error = try dataError { try item(server.url("a")).fetch(into: folder("plain/sub")) }
    guard case .unwritable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.allowsElse == false)
    #expect(server.requests.isEmpty)
  }

  /// A link in place of the part would lead the writing elsewhere.
  @Test func aLinkInPlaceOfThePart() throws {
    let victim = try folder.write([1], to: "victim")
    try FileManager.default.createSymbolicLink(atPath: folder("file.bin.part"), withDestinationPath: victim)
    let error = try dataError { try item("http://127.0.0.1:1/a").fetch(into: folder.path) }
    guard case .unwritable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(folder.read("victim") == [1])
  }
}

/// A closure that may be shared.
private final class Sink: Sendable {
  let call: @Sendable (Int) -> Void
  init(_ call: @escaping @Sendable (Int) -> Void) { self.call = call }
}
