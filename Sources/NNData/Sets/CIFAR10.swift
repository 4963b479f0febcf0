import NNShapes

/// CIFAR-10: 10 classes of 3×32×32 photographs, five training batches and a test batch of 10,000.
///
/// Read from the official binary version: records of one label byte and 3,072 pixel bytes, planes
/// R, G, B, rows from the top. Source: https://www.cs.toronto.edu/~kriz/cifar.html.
public enum CIFAR10 {
  public static let sampleShape: Shape = [3, 32, 32]
  public static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
  /// The folder inside torchvision's root.
  static let folderName = "cifar-10-batches-bin"
  static let recordSize = 1 + 3 * 32 * 32

  /// The files of one edition and where the archive of them is.
  public struct Manifest: Sendable {
    /// A batch: its name, its number of records, the md5 of the file.
    public struct Batch: Hashable, Sendable {
      public var name: String
      public var records: Int
      public var md5: Digest

      public init(name: String, records: Int, md5: Digest) {
        self.name = name
        self.records = records
        self.md5 = md5
      }

      var size: Int { records * recordSize }
    }

    public var archive: Downloadable
    /// `data_batch_1.bin` and on, in order.
    public var train: [Batch]
    public var test: Batch

    public init(archive: Downloadable, train: [Batch], test: Batch) {
      self.archive = archive
      self.train = train
      self.test = test
    }

    /// The published files.
    public static let official = Manifest(
      archive: Downloadable(
        url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", name: "cifar-10-binary.tar.gz",
        size: 170_052_171,
        digest: .sha256("c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")),
      train: [
        "5dd7e06a14cb22eb9f671a540d1b7c25", "5ea93a67294ea407fff1d09f752e9692",
        "942cd6a4bcdd0dd3c604fbe906cb4421", "ae636b3ba5c66a11e91e8cb52e771fcb",
        "53f37980c15c3d472c316c40844f3f0d",
      ].enumerated().map { index, md5 in
        Batch(name: "data_batch_\(index + 1).bin", records: 10_000, md5: .md5(md5))
      },
      test: Batch(name: "test_batch.bin", records: 10_000, md5: .md5("803d5f7f4d78ea53de84dbe85f74fb6d")))
  }

  /// Reads a split.
  ///
  /// - Parameters:
  ///   - root: the folder that holds `cifar-10-batches-bin`, as in torchvision, or that folder itself.
  ///   - train: the training batches, or the test batch.
  ///   - batches: which training batches, counted from 1; nil for all.
  ///   - download: fetches and unpacks the archive where a file is missing; nil to touch no network.
  ///
  /// Every file must have its size, labels of 0 to 9 and its published md5. Throws ``DataError``.
  public static func load(
    root: String, train: Bool, batches: [Int]? = nil, download: DownloadMonitor? = nil,
    manifest: Manifest = .official
  ) throws -> Dataset {
    let wanted = try select(train: train, batches: batches, manifest: manifest)
    if let download { try fetch(wanted, root: root, monitor: download, manifest: manifest) }
    let paths = try locate(wanted, root: root, manifest: manifest)
    let total = wanted.reduce(0) { $0 + $1.records }
    var labels: [UInt8] = []
    labels.reserveCapacity(total)
    let imageSize = recordSize - 1
    let pixels = try [UInt8](unsafeUninitializedCapacity: total * imageSize) { buffer, initialized in
      for (batch, path) in zip(wanted, paths) {
        let images = UnsafeMutableRawBufferPointer(buffer)[(labels.count * imageSize)...]
        try read(batch, path: path, images: UnsafeMutableRawBufferPointer(rebasing: images), labels: &labels)
      }
      initialized = total * imageSize
    }
    return Dataset(
      name: "CIFAR10", sampleShape: sampleShape, pixels: pixels, labels: labels, classNames: classNames,
      provenance: "CIFAR10 from \(paths.joined(separator: ", "))")
  }

  /// Throws ``DataError/missing(path:help:)`` unless every file of the split is on disk. Reads
  /// nothing and fetches nothing: for checking a model file.
  public static func check(
    root: String, train: Bool, batches: [Int]? = nil, manifest: Manifest = .official
  ) throws {
    _ = try locate(
      select(train: train, batches: batches, manifest: manifest), root: root, manifest: manifest)
  }

  // MARK: Finding

  private static func select(train: Bool, batches: [Int]?, manifest: Manifest) throws -> [Manifest.Batch] {
    guard let batches else { return train ? manifest.train : [manifest.test] }
    guard train else {
      throw DataError.invalidRequest(
        reason: "CIFAR10: batches=… chooses training batches, and train is False")
    }
    guard !batches.isEmpty, Set(batches).count == batches.count,
      batches.allSatisfy({ (1...manifest.train.count).contains($0) })
    else {
      throw DataError.invalidRequest(
        reason: "CIFAR10: batches=\(batches), expected different numbers of 1 to \(manifest.train.count)")
    }
    return batches.map { manifest.train[$0 - 1] }
  }

  /// Where the batch files are, or would be: `root` itself where it is called so or holds one.
  private static func folder(root: String, manifest: Manifest) -> String {
    let nested = joined(root, folderName)
    if exists(nested) { return nested }
    let holdsBatch = (manifest.train + [manifest.test]).contains { exists(joined(root, $0.name)) }
    return holdsBatch || lastComponent(of: root) == folderName ? root : nested
  }

  private static func locate(_ batches: [Manifest.Batch], root: String, manifest: Manifest) throws
    -> [String]
  {
    let folder = folder(root: root, manifest: manifest)
    return try batches.map { batch in
      let path = joined(folder, batch.name)
      guard exists(path) else {
        throw DataError.missing(path: path, help: help(root: root, manifest: manifest))
      }
      return path
    }
  }

  private static func help(root: String, manifest: Manifest) -> String {
    let advice =
      "download=True fetches it, or unpack \(manifest.archive.url) in \(root.isEmpty ? "." : root)."
    let isPythonVersion =
      exists(joined(root, "cifar-10-batches-py")) || lastComponent(of: root) == "cifar-10-batches-py"
    return isPythonVersion
      ? "cifar-10-batches-py is the version for Python, which pickles its images; nnrun reads the binary "
        + "version: \(advice)"
      : advice
  }

  // MARK: Reading

  /// Reads one batch file into the front of `images` and the end of `labels`.
  ///
  /// A wrong length and a bad label are found before the md5, which could only say that something
  /// is wrong somewhere.
  private static func read(
    _ batch: Manifest.Batch, path: String, images: UnsafeMutableRawBufferPointer, labels: inout [UInt8]
  ) throws {
    let file = try InputFile(path: path, helpIfMissing: "It was there a moment ago.")
    guard file.size == batch.size else {
      throw DataError.corrupt(
        file: path, offset: min(file.size, batch.size),
        reason: "the file has \(file.size) bytes, \(file.size / recordSize) whole records; expected "
          + "\(batch.size), \(batch.records) records of \(recordSize)")
    }
    let hasher = Digest.Hasher(.md5)
    let imageSize = recordSize - 1
    let recordsAtOnce = 64
    for first in stride(from: 0, to: batch.records, by: recordsAtOnce) {
      let records = first..<min(first + recordsAtOnce, batch.records)
      let bytes: [UInt8] = try file.readArray(at: first * recordSize, count: records.count * recordSize)
      try bytes.withUnsafeBytes { bytes in
        hasher.update(bytes)
        for record in records {
          let start = (record - first) * recordSize
          let label = bytes[start]
          guard label < classNames.count else {
            throw DataError.corrupt(
              file: path, offset: record * recordSize,
              reason: "label \(label) in record \(record), expected 0 to \(classNames.count - 1)")
          }
          labels.append(label)
          UnsafeMutableRawBufferPointer(rebasing: images[(record * imageSize)...])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[(start + 1)..<(start + recordSize)]))
        }
      }
    }
    try batch.md5.check(hasher.finish(), of: path)
  }

  // MARK: Fetching

  private static func fetch(
    _ batches: [Manifest.Batch], root: String, monitor: DownloadMonitor, manifest: Manifest
  ) throws {
    let folder = folder(root: root, manifest: manifest)
    let missing = batches.filter { !exists(joined(folder, $0.name)) }
    guard !missing.isEmpty else { return }
    try manifest.archive.fetch(into: root, monitor: monitor)
    try makeFolders(folder)
    // All of the edition that is not there: the next run may want the other split.
    let wanted = (manifest.train + [manifest.test]).compactMap { batch -> TarUnpacker.Wanted? in
      let destination = joined(folder, batch.name)
      guard !exists(destination) else { return nil }
      return TarUnpacker.Wanted(
        member: joined(folderName, batch.name), size: batch.size, digest: batch.md5, destination: destination)
    }
    try TarUnpacker.unpack(joined(root, manifest.archive.name), wanted, isCancelled: monitor.isCancelled)
  }
}
