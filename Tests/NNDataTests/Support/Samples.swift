import NNData

/// Bytes that look random and are the same each time.
func patternBytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var random = TestGenerator(seed: seed)
  return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 32) }
}

/// A linear congruential generator (Knuth's MMIX), for repeatable tests.
struct TestGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}

/// What `body` throws; nil where it throws nothing.
func dataError(_ body: () throws -> Void) throws -> DataError? {
  do {
    try body()
    return nil
  } catch let error as DataError {
    return error
  }
}

/// A small CIFAR-10: batches of a few records, and an archive of them.
struct SmallCIFAR10 {
  /// The batch files by name.
  var files: [String: [UInt8]]
  var archive: [UInt8]
  var manifest: CIFAR10.Manifest

  static let folder = "cifar-10-batches-bin"

  init(url: String = "http://127.0.0.1:1/cifar.tar.gz", extraMembers: [TarMember] = []) {
    let names = ["data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"]
    var contents: [String: [UInt8]] = [:]
    for (index, name) in names.enumerated() {
      // Record r of batch b has label (r + b) % 10.
      var bytes: [UInt8] = []
      for record in 0..<(3 + index) {
        bytes.append(UInt8((record + index) % 10))
        bytes += patternBytes(3072, seed: UInt64(10 * index + record))
      }
      contents[name] = bytes
    }
    let members = names.map { TarMember(name: "\(SmallCIFAR10.folder)/\($0)", content: contents[$0] ?? []) }
    archive = gzip(
      tar([TarMember(name: SmallCIFAR10.folder + "/", type: "5")] + extraMembers + members))
    files = contents
    let batches = names.map { name in
      let bytes = contents[name] ?? []
      return CIFAR10.Manifest.Batch(name: name, records: bytes.count / 3073, md5: .of(bytes, .md5))
    }
    manifest = CIFAR10.Manifest(
      archive: Downloadable(
        url: url, name: "cifar.tar.gz", size: archive.count, digest: .of(archive, .sha256)),
      train: Array(batches[..<2]), test: batches[2])
  }

  /// Puts the batch files below `folder`.
  func install(in folder: TemporaryFolder, under name: String = SmallCIFAR10.folder) throws {
    for (file, bytes) in files { try folder.write(bytes, to: "\(name)/\(file)") }
  }
}
