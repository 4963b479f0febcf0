import NNData
import NNShapes
import NNTestSupport
import Testing

struct CIFAR10Tests {
  private let folder: TemporaryFolder
  private let small = SmallCIFAR10()

  init() throws { folder = try TemporaryFolder() }

  private func load(root: String? = nil, train: Bool, batches: [Int]? = nil) throws -> Dataset {
    try CIFAR10.load(root: root ?? folder.path, train: train, batches: batches, manifest: small.manifest)
  }

  @Test(arguments: [false, true])
  func rootIsTorchvisionsOrTheFolderItself(isFolderItself: Bool) throws {
    try small.install(in: folder)
    let root = isFolderItself ? folder(SmallCIFAR10.folder) : folder.path
    let test = try load(root: root, train: false)
    #expect(test.labels == [2, 3, 4, 5, 6])
    #expect(test.sampleShape == [3, 32, 32])
    #expect(test.classNames[9] == "truck")
    let record = small.files["test_batch.bin"]?[3073..<6146]
    #expect(record.map { Array($0.dropFirst()) } == Array(test.pixels[3072..<6144]))
  }

  /// The batch files may lie in a folder of any name.
  @Test func rootThatHoldsBatches() throws {
    try small.install(in: folder, under: "elsewhere")
    #expect(try load(root: folder("elsewhere"), train: true).count == 7)
  }

  @Test func batchesAreCountedFromOneAndKeepTheirOrder() throws {
    try small.install(in: folder)
    #expect(try load(train: true).labels == [0, 1, 2, 1, 2, 3, 4])
    #expect(try load(train: true, batches: [2]).labels == [1, 2, 3, 4])
    #expect(try load(train: true, batches: [2, 1]).labels == [1, 2, 3, 4, 0, 1, 2])
  }

  @Test(arguments: [([0], true), ([3], true), ([1, 1], true), ([], true), ([1], false)])
  func impossibleBatches(batches: [Int], train: Bool) throws {
    try small.install(in: folder)
    let error = try dataError { _ = try load(train: train, batches: batches) }
    guard case .invalidRequest = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func aMissingFileIsNamed() throws {
    let error = try dataError { _ = try load(train: false) }
    #expect(error?.allowsElse == true)
    let text =
      "\(folder.path)/cifar-10-batches-bin/test_batch.bin: not found. download=True fetches it, or "
      + "unpack http://127.0.0.1:1/cifar.tar.gz in \(folder.path)."
    #expect(error?.description == text)
    #expect(try dataError { try CIFAR10.check(root: folder.path, train: false) }?.allowsElse == true)
  }

  @Test func thePythonVersionIsExplained() throws {
    try folder.write([1], to: "cifar-10-batches-py/test_batch")
    for root in [folder.path, folder("cifar-10-batches-py")] {
      let error = try dataError { _ = try load(root: root, train: false) }
      #expect(error?.description.contains("nnrun reads the binary version") == true)
      #expect(error?.allowsElse == true)
    }
  }

  @Test func aBadLabelIsNamedWithItsByte() throws {
    try small.install(in: folder)
    var bytes = try #require(small.files["data_batch_2.bin"])
    bytes[2 * 3073] = 10
    let path = try folder.write(bytes, to: "\(SmallCIFAR10.folder)/data_batch_2.bin")
    #expect(
      try dataError { _ = try load(train: true) }
        == .corrupt(file: path, offset: 6146, reason: "label 10 in record 2, expected 0 to 9"))
    // The other batch is not touched by it.
    #expect(try load(train: true, batches: [1]).count == 3)
  }

  @Test(arguments: [-1, -3073, 1, 3073])
  func aWrongLengthIsNamedWithItsByte(difference: Int) throws {
    try small.install(in: folder)
    var bytes = try #require(small.files["test_batch.bin"])
    let size = bytes.count
    if difference < 0 { bytes.removeLast(-difference) } else { bytes += patternBytes(difference) }
    let path = try folder.write(bytes, to: "\(SmallCIFAR10.folder)/test_batch.bin")
    let error = try dataError { _ = try load(train: false) }
    guard case .corrupt(path, let offset, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(offset == min(size, size + difference))
    #expect(
      reason.contains("\(size + difference) bytes") && reason.contains("expected \(size), 5 records of 3073"))
  }

  @Test func aChangedPixelShowsInTheMD5() throws {
    try small.install(in: folder)
    var bytes = try #require(small.files["test_batch.bin"])
    bytes[100] ^= 1
    let path = try folder.write(bytes, to: "\(SmallCIFAR10.folder)/test_batch.bin")
    #expect(
      try dataError { _ = try load(train: false) }
        == .wrongDigest(
          file: path, algorithm: "md5", expected: small.manifest.test.md5.hexadecimal,
          found: Digest.of(bytes, .md5).hexadecimal))
  }

  @Test func aFolderInPlaceOfAFile() throws {
    try small.install(in: folder)
    try folder.write([], to: "other/test_batch.bin/inside")
    let error = try dataError { _ = try load(root: folder("other"), train: false) }
    #expect(error == .unreadable(file: folder("other/test_batch.bin"), reason: "it is a folder"))
  }

  @Test(.enabled(if: TestPaths.shared("data/cifar-10-batches-bin") != nil, "needs ../shared/data"))
  func theOfficialFiles() throws {
    let root = try #require(TestPaths.shared("data"))
    let test = try CIFAR10.load(root: root, train: false)
    #expect(test.count == 10_000)
    #expect(test.pixels.count == 30_720_000)
    #expect(Array(test.labels.prefix(10)) == [3, 8, 8, 0, 6, 6, 1, 6, 3, 1])
    #expect((0..<10).allSatisfy { label in test.labels.count { $0 == label } == 1000 })
    #expect(try CIFAR10.load(root: root, train: true, batches: [1, 2]).count == 20_000)
    let error = try dataError { try CIFAR10.check(root: root, train: true) }
    #expect(error?.description.hasPrefix("\(root)/cifar-10-batches-bin/data_batch_3.bin: not found.") == true)
  }
}
