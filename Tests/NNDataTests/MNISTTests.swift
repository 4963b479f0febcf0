import NNData
import NNShapes
import NNTestSupport
import Testing

struct MNISTTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: A small set

  private static let images = idx(sizes: [3, 2, 2], patternBytes(12))
  private static let labels = idx(sizes: [3], [1, 0, 2])

  /// Three images of 2×2 in each split, whose sums are those of `images` and `labels`.
  private func small(
    images: [UInt8] = images, labels: [UInt8] = labels, systemFolders: [String] = [],
    url: String = "http://127.0.0.1:1/"
  ) -> MNIST {
    func split(_ prefix: String) -> MNIST.Split {
      let contents = [("\(prefix)-images-idx3-ubyte", images), ("\(prefix)-labels-idx1-ubyte", labels)]
      return MNIST.Split(
        imagesName: contents[0].0, imagesMD5: .of(images, .md5), labelsName: contents[1].0,
        labelsMD5: .of(labels, .md5), count: 3,
        downloads: contents.map { name, content in
          let packed = gzip(content)
          return Downloadable(
            url: "\(url)\(name).gz", name: "\(name).gz", size: packed.count, digest: .of(packed, .md5))
        })
    }
    return MNIST(
      name: "SmallMNIST", classNames: ["a", "b", "c"], imageSize: 2, train: split("train"),
      test: split("t10k"),
      systemFolders: systemFolders)
  }

  private func install(
    images: [UInt8] = images, labels: [UInt8] = labels, under path: String = "SmallMNIST/raw"
  ) throws {
    try folder.write(gzip(images), to: "\(path)/train-images-idx3-ubyte.gz")
    try folder.write(gzip(labels), to: "\(path)/train-labels-idx1-ubyte.gz")
  }

  private func load(_ set: MNIST) throws -> Dataset { try set.load(root: folder.path, train: true) }

  @Test(arguments: ["SmallMNIST/raw", "."])
  func torchvisionsFolderOrTheFilesInRoot(path: String) throws {
    try install(under: path)
    let set = try load(small())
    #expect(set.labels == [1, 0, 2])
    #expect(set.pixels == patternBytes(12))
    #expect(set.sampleShape == [1, 2, 2])
  }

  @Test func unpackedFiles() throws {
    try folder.write(Self.images, to: "train-images-idx3-ubyte")
    try folder.write(Self.labels, to: "train-labels-idx1-ubyte")
    #expect(try load(small()).count == 3)
  }

  @Test func aSystemFolder() throws {
    try install(under: "usr/share")
    #expect(throws: DataError.self) { try load(small()) }
    #expect(try load(small(systemFolders: [folder("usr/share")])).count == 3)
  }

  @Test func aMissingFileIsNamed() throws {
    try folder.write(gzip(Self.images), to: "train-images-idx3-ubyte.gz")
    let error = try dataError { _ = try load(small()) }
    #expect(error?.allowsElse == true)
    #expect(error?.description.contains("SmallMNIST/raw/train-labels-idx1-ubyte.gz: not found.") == true)
  }

  // MARK: Damage

  /// What is wrong, how the images or labels are changed, which file and byte is named.
  private static let damage: [(what: String, images: [UInt8], labels: [UInt8], inLabels: Bool, offset: Int)] =
    [
      ("magic number", [0, 0, 9, 3] + images.dropFirst(4), labels, false, 0),
      ("one dimension too few", [0, 0, 8, 2] + images.dropFirst(4), labels, false, 0),
      ("count", images.replacing(at: 7, with: 4), labels, false, 4),
      ("huge count", images.replacing(at: 4, with: 0xFF), labels, false, 4),
      ("height", images.replacing(at: 11, with: 3), labels, false, 8),
      ("width", images.replacing(at: 15, with: 1), labels, false, 12),
      ("pixels cut off", images.dropLast(2), labels, false, 26),
      ("a byte too many", images + [0], labels, false, 28),
      ("header cut off", Array(images.prefix(6)), labels, false, 6),
      ("bad label", images, labels.replacing(at: 9, with: 3), true, 9),
      ("labels of images", images, images, true, 0),
    ]

  @Test(arguments: damage.indices)
  func damageIsNamedWithFileAndByte(index: Int) throws {
    let (what, images, labels, inLabels, offset) = Self.damage[index]
    try install(images: images, labels: labels)
    // The published sums are those of the damaged files: the sum is not what finds it.
    let error = try dataError { _ = try load(small(images: images, labels: labels)) }
    let file = folder("SmallMNIST/raw/train-\(inLabels ? "labels-idx1" : "images-idx3")-ubyte.gz")
    guard case .corrupt(file, offset, _) = error else {
      Issue.record("\(what): \(String(describing: error))")
      return
    }
  }

  @Test func aChangedPixelShowsInTheMD5() throws {
    try install(images: Self.images.replacing(at: 20, with: Self.images[20] ^ 1))
    let error = try dataError { _ = try load(small()) }
    guard case .wrongDigest = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: [0, 5, 17, 30])
  func truncatedGzip(length: Int) throws {
    try install()
    try folder.write(Array(gzip(Self.images).prefix(length)), to: "SmallMNIST/raw/train-images-idx3-ubyte.gz")
    let error = try dataError { _ = try load(small()) }
    guard case .corrupt = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func bytesAfterTheGzipData() throws {
    try install()
    let packed = gzip(Self.images)
    try folder.write(packed + [1, 2, 3], to: "SmallMNIST/raw/train-images-idx3-ubyte.gz")
    let error = try dataError { _ = try load(small()) }
    guard case .corrupt(_, packed.count, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func aPlainFileUnderAPackedName() throws {
    try install()
    try folder.write(Self.images, to: "SmallMNIST/raw/train-images-idx3-ubyte.gz")
    let error = try dataError { _ = try load(small()) }
    guard case .corrupt = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  // MARK: The published files

  @Test(
    .enabled(if: TestPaths.shared("data/mnist") != nil, "needs ../shared/data"), arguments: [true, false])
  func theOfficialFiles(train: Bool) throws {
    let root = try #require(TestPaths.shared("data/mnist"))
    let set = try MNIST.mnist.load(root: root, train: train)
    #expect(set.count == (train ? 60_000 : 10_000))
    #expect(set.sampleShape == [1, 28, 28])
    #expect(Array(set.labels.prefix(5)) == (train ? [5, 0, 4, 1, 9] : [7, 2, 1, 0, 4]))
    // Another set's files under the right names.
    guard case .wrongDigest = try dataError({ _ = try MNIST.fashionMNIST.load(root: root, train: train) })
    else {
      Issue.record("MNIST's files were taken for FashionMNIST's")
      return
    }
  }

  private static let debianFolder = "/usr/share/datasets/fashion-mnist"

  @Test(
    .enabled(
      if: MNISTTests.hasDebianPackage, "needs Debian's dataset-fashion-mnist"))
  func debiansPackage() throws {
    let set = try MNIST.fashionMNIST.load(root: folder.path, train: false)
    #expect(set.count == 10_000)
    #expect(Array(set.labels.prefix(5)) == [9, 2, 1, 1, 6])
    #expect(set.provenance.contains(Self.debianFolder))
  }

  private static var hasDebianPackage: Bool {
    (try? MNIST.fashionMNIST.check(root: debianFolder, train: false)) != nil
  }
}

extension [UInt8] {
  fileprivate func replacing(at index: Int, with byte: UInt8) -> [UInt8] {
    var copy = self
    copy[index] = byte
    return copy
  }
}
