import NNData
import Testing

/// Sets that are fetched from a server on the loopback interface.
struct DatasetDownloadTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func server(_ small: SmallCIFAR10) throws -> LoopbackServer {
    try LoopbackServer { LoopbackServer.file(small.archive, for: $0) }
  }

  private func load(_ small: SmallCIFAR10, _ server: LoopbackServer, train: Bool = false) throws -> Dataset {
    var manifest = small.manifest
    manifest.archive.url = server.url("cifar.tar.gz")
    return try CIFAR10.load(
      root: folder("data"), train: train, download: DownloadMonitor(), manifest: manifest)
  }

  @Test func cifar10IsFetchedOnceAndUnpacked() throws {
    let small = SmallCIFAR10()
    let server = try server(small)
    defer { server.stop() }
    #expect(try load(small, server).labels == [2, 3, 4, 5, 6])
    #expect(try load(small, server, train: true).count == 7)
    #expect(server.requests.count == 1)
    #expect(folder.read("data/cifar-10-batches-bin/test_batch.bin") == small.files["test_batch.bin"])
    // Without permission to download it is found again.
    #expect(try CIFAR10.load(root: folder("data"), train: false, manifest: small.manifest).count == 5)
  }

  /// An archive that somebody has put there is unpacked, and what is unpacked already is left alone.
  @Test func anArchiveOnDiskNeedsNoServer() throws {
    let small = SmallCIFAR10()
    try folder.write(small.archive, to: "data/cifar.tar.gz")
    try folder.write(small.files["test_batch.bin"] ?? [], to: "data/cifar-10-batches-bin/test_batch.bin")
    let set = try CIFAR10.load(
      root: folder("data"), train: true, download: DownloadMonitor(), manifest: small.manifest)
    #expect(set.count == 7)
  }

  @Test func aDamagedFileIsNeverFetchedAnew() throws {
    let small = SmallCIFAR10()
    let server = try server(small)
    defer { server.stop() }
    try folder.write([1, 2, 3], to: "data/cifar-10-batches-bin/test_batch.bin")
    let error = try dataError { _ = try load(small, server) }
    #expect(error?.allowsElse == false)
    #expect(server.requests.isEmpty)
    #expect(folder.read("data/cifar-10-batches-bin/test_batch.bin") == [1, 2, 3])
  }

  /// Members that lead elsewhere, or are not asked for, are passed over.
  @Test func hostileMembersAreNotUnpacked() throws {
    let small = SmallCIFAR10(extraMembers: [
      TarMember(name: "../escaped", content: [1]),
      TarMember(name: "/tmp/nnrun-absolute", content: [1]),
      TarMember(name: "cifar-10-batches-bin/../../escaped", content: [1]),
      TarMember(name: "cifar-10-batches-bin/readme.html", content: [1]),
      TarMember(name: "link", type: "2", linkTarget: "/etc/passwd"),
    ])
    let server = try server(small)
    defer { server.stop() }
    #expect(try load(small, server).count == 5)
    #expect(folder.names == ["data"])
    #expect(folder.read("data/cifar-10-batches-bin/readme.html") == nil)
    #expect(folder.read("escaped") == nil)
  }

  @Test(arguments: ["1", "2", "5"])
  func aWantedMemberMustBeAFile(type: Character) throws {
    let small = SmallCIFAR10(extraMembers: [
      TarMember(name: "cifar-10-batches-bin/data_batch_1.bin", type: type, linkTarget: "/etc/passwd")
    ])
    let server = try server(small)
    defer { server.stop() }
    let error = try dataError { _ = try load(small, server) }
    guard case .corrupt(_, _, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("data_batch_1.bin is not a regular file of 9219 bytes"))
    #expect(folder.read("data/cifar-10-batches-bin/data_batch_1.bin") == nil)
  }

  @Test func aMemberIsMissingOrDamaged() throws {
    var small = SmallCIFAR10()
    small.manifest.test.name = "other_batch.bin"
    try folder.write(small.archive, to: "data/cifar.tar.gz")
    let missing = try dataError {
      _ = try CIFAR10.load(
        root: folder("data"), train: false, download: DownloadMonitor(), manifest: small.manifest)
    }
    #expect(missing?.description.contains("the archive has no cifar-10-batches-bin/other_batch.bin") == true)

    small = SmallCIFAR10()
    small.manifest.train[1].md5 = .md5("0")
    let damaged = try dataError {
      _ = try CIFAR10.load(
        root: folder("data"), train: true, batches: [2], download: DownloadMonitor(), manifest: small.manifest
      )
    }
    guard case .wrongDigest = damaged else {
      Issue.record("\(String(describing: damaged))")
      return
    }
  }

  @Test func nothingOnDiskAndNoServerAllowsElse() throws {
    let small = SmallCIFAR10(url: "http://127.0.0.1:1/cifar.tar.gz")
    let error = try dataError {
      _ = try CIFAR10.load(
        root: folder("data"), train: false, download: DownloadMonitor(), manifest: small.manifest)
    }
    guard case .unreachable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func mnistFilesAreFetchedOneByOne() throws {
    let images: [UInt8] = idx(sizes: [2, 1, 1], [7, 9])
    let labels: [UInt8] = idx(sizes: [2], [1, 0])
    let contents = ["i": images, "l": labels].mapValues { gzip($0) }
    let server = try LoopbackServer { request in
      contents[String(request.path.prefix(1))].map { LoopbackServer.file($0, for: request) }
        ?? LoopbackServer.Response(status: 404)
    }
    defer { server.stop() }
    func download(_ name: String) -> Downloadable {
      let packed = contents[name] ?? []
      return Downloadable(
        url: server.url("\(name).gz"), name: "\(name).gz", size: packed.count, digest: .of(packed, .md5))
    }
    let split = MNIST.Split(
      imagesName: "i", imagesMD5: .of(images, .md5), labelsName: "l", labelsMD5: .of(labels, .md5), count: 2,
      downloads: [download("i"), download("l")])
    let set = MNIST(name: "Tiny", classNames: ["a", "b"], imageSize: 1, train: split, test: split)
    for _ in 1...2 {
      let loaded = try set.load(root: folder.path, train: true, download: DownloadMonitor())
      #expect(loaded.pixels == [7, 9])
      #expect(loaded.labels == [1, 0])
    }
    #expect(server.requests.map(\.path) == ["i.gz", "l.gz"])
    #expect(folder.read("Tiny/raw/i.gz") == contents["i"])
  }
}
