import NNData
import NNShapes
import Testing

/// Files with random damage: every one is read or refused with a ``DataError``, never a trap.
struct MutationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// `original` with a few bytes changed, cut out, doubled, or cut off.
  private func mutated(_ original: [UInt8], _ random: inout TestGenerator) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let position = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.removeSubrange(position..<min(bytes.count, position + 5))
      case 3: bytes.insert(contentsOf: bytes[position..<min(bytes.count, position + 9)], at: position)
      case 4: bytes.removeLast(bytes.count - position)
      case 5:
        bytes[position] = [0, 0x7F, 0x80, 0xFF, 0x39, 0x2D, 0x22, 0x5B].randomElement(using: &random) ?? 0
      default: bytes.insert(contentsOf: Array("99999999999".utf8), at: position)
      }
    }
    return bytes
  }

  /// How many of `count` mutants `read` accepts; the rest must throw ``DataError``.
  private func accepted(
    of count: Int, _ original: [UInt8], name: String, _ read: (String) throws -> Void
  ) throws -> Int {
    var random = TestGenerator(seed: 20_240)
    var accepted = 0
    for _ in 0..<count {
      let path = try folder.write(mutated(original, &random), to: name)
      if try dataError({ try read(path) }) == nil { accepted += 1 }
    }
    return accepted
  }

  @Test func npy() throws {
    try Npy.write(NumericArray(shape: [2, 3, 4], (0..<24).map { Float($0) }), to: folder("a.npy"))
    let original = try #require(folder.read("a.npy"))
    let count = try accepted(of: 3000, original, name: "b.npy") { path in
      let array = try Npy.read(path)
      #expect(array.storage.count == array.shape.elementCount)
    }
    // A changed element or blank is no damage that shows; a changed header mostly is.
    #expect((100..<2900).contains(count))
  }

  @Test func safetensors() throws {
    let contents = Safetensors(
      entries: [
        .init(key: "0.weight", array: NumericArray(shape: [2, 2], [1, 2, 3, 4])),
        .init(key: "0.bias", array: NumericArray(shape: [2], storage: .int64([1, 2]))),
      ], metadata: ["format": "pt"])
    try contents.write(to: folder("a.safetensors"))
    let original = try #require(folder.read("a.safetensors"))
    let count = try accepted(of: 3000, original, name: "b.safetensors") { path in
      for entry in try Safetensors.read(path).entries {
        #expect(entry.array.storage.count == entry.array.shape.elementCount)
      }
    }
    #expect((10..<2900).contains(count))
  }

  /// Packed and unpacked: the checksum refuses every mutant that gets so far.
  @Test(arguments: [false, true])
  func idx(isPacked: Bool) throws {
    let images = NNDataTests.idx(sizes: [3, 2, 2], patternBytes(12))
    let labels = NNDataTests.idx(sizes: [3], [1, 0, 2])
    let split = MNIST.Split(
      imagesName: "i", imagesMD5: .of(images, .md5), labelsName: "l", labelsMD5: .of(labels, .md5), count: 3,
      downloads: [])
    let set = MNIST(name: "Tiny", classNames: ["a", "b", "c"], imageSize: 2, train: split, test: split)
    try folder.write(images, to: "i")
    let original = isPacked ? gzip(labels) : labels
    let count = try accepted(of: 1500, original, name: isPacked ? "l.gz" : "l") { _ in
      let loaded = try set.load(root: folder.path, train: true)
      #expect(loaded.labels == [1, 0, 2])
    }
    // gzip's time stamp, flags and sums may change without harm.
    #expect(isPacked ? count > 0 : count < 20)
  }

  @Test func archive() throws {
    let small = SmallCIFAR10()
    var random = TestGenerator(seed: 5)
    for round in 0..<60 {
      let bytes = mutated(small.archive, &random)
      var manifest = small.manifest
      manifest.archive.size = bytes.count
      manifest.archive.digest = .of(bytes, .sha256)
      try folder.write(bytes, to: "\(round)/cifar.tar.gz")
      let error = try dataError {
        let set = try CIFAR10.load(
          root: folder("\(round)"), train: false, download: DownloadMonitor(), manifest: manifest)
        #expect(set.labels == [2, 3, 4, 5, 6])
      }
      #expect(error?.allowsElse != true, "\(String(describing: error))")
    }
  }
}
