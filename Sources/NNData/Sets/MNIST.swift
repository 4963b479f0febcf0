import NNShapes

/// MNIST and the sets made in its form: 10 classes of 1×28×28 images, 60,000 to train and 10,000 to
/// test, as IDX files with or without `.gz`.
public struct MNIST: Sendable {
  /// The images and the labels of one split.
  public struct Split: Hashable, Sendable {
    /// Of the name without `.gz`, and of the content without compression.
    public var imagesName: String
    public var imagesMD5: Digest
    public var labelsName: String
    public var labelsMD5: Digest
    public var count: Int
    /// The packed files on the server.
    public var downloads: [Downloadable]

    public init(
      imagesName: String, imagesMD5: Digest, labelsName: String, labelsMD5: Digest, count: Int,
      downloads: [Downloadable]
    ) {
      self.imagesName = imagesName
      self.imagesMD5 = imagesMD5
      self.labelsName = labelsName
      self.labelsMD5 = labelsMD5
      self.count = count
      self.downloads = downloads
    }
  }

  /// The set's name: that of its folder in torchvision's root, `NAME/raw`.
  public var name: String
  public var classNames: [String]
  /// H and W.
  public var imageSize: Int
  public var train: Split
  public var test: Split
  /// Folders of the system that may hold the set.
  public var systemFolders: [String]

  public init(
    name: String, classNames: [String], imageSize: Int, train: Split, test: Split,
    systemFolders: [String] = []
  ) {
    self.name = name
    self.classNames = classNames
    self.imageSize = imageSize
    self.train = train
    self.test = test
    self.systemFolders = systemFolders
  }

  /// (1, H, W).
  public var sampleShape: Shape { [1, imageSize, imageSize] }

  /// Reads a split.
  ///
  /// - Parameters:
  ///   - root: torchvision's root, which holds `NAME/raw`, or the folder of the files itself.
  ///   - train: the training split, or the test split.
  ///   - download: fetches the packed files where one is missing; nil to touch no network.
  ///
  /// Magic number, sizes, labels and the md5 of the unpacked content are checked. Throws ``DataError``.
  public func load(root: String, train isTrain: Bool, download: DownloadMonitor? = nil) throws -> Dataset {
    let split = isTrain ? train : test
    if let download { try fetch(split, root: root, monitor: download) }
    let (imagesPath, labelsPath) = try locate(split, root: root)
    let help = "It was there a moment ago."
    let labels = try IDX.read(labelsPath, sizes: [split.count], md5: split.labelsMD5, help: help) {
      labels, offset in
      if let bad = labels.firstIndex(where: { $0 >= classNames.count }) {
        throw DataError.corrupt(
          file: labelsPath, offset: offset + bad,
          reason: "label \(labels[bad]) of sample \(bad), expected 0 to \(classNames.count - 1)")
      }
    }
    let pixels = try IDX.read(
      imagesPath, sizes: [split.count, imageSize, imageSize], md5: split.imagesMD5, help: help)
    return Dataset(
      name: name, sampleShape: sampleShape, pixels: pixels, labels: labels, classNames: classNames,
      provenance: "\(name) from \(imagesPath), \(labelsPath)")
  }

  /// Throws ``DataError/missing(path:help:)`` unless both files of the split are on disk. Reads
  /// nothing and fetches nothing: for checking a model file.
  public func check(root: String, train isTrain: Bool) throws {
    _ = try locate(isTrain ? train : test, root: root)
  }

  // MARK: Finding

  /// The folder that torchvision makes.
  private func rawFolder(root: String) -> String { joined(joined(root, name), "raw") }

  /// The two files in the first folder that has both.
  private func locate(_ split: Split, root: String) throws -> (images: String, labels: String) {
    for folder in [rawFolder(root: root), root] + systemFolders {
      if let images = find(split.imagesName, in: folder), let labels = find(split.labelsName, in: folder) {
        return (images, labels)
      }
    }
    let names = [split.imagesName, split.labelsName].filter { find($0, in: root) == nil }
    throw DataError.missing(
      path: joined(rawFolder(root: root), "\(names[0]).gz"), help: "download=True fetches it.\(systemHelp)")
  }

  private var systemHelp: String {
    systemFolders.isEmpty ? "" : " Debian has it as the package dataset-fashion-mnist."
  }

  /// `name` in `folder`, unpacked or packed.
  private func find(_ name: String, in folder: String) -> String? {
    [name, name + ".gz"].map { joined(folder, $0) }.first(where: exists)
  }

  // MARK: Fetching

  private func fetch(_ split: Split, root: String, monitor: DownloadMonitor) throws {
    do {
      _ = try locate(split, root: root)
    } catch DataError.missing {
      for item in split.downloads { try item.fetch(into: rawFolder(root: root), monitor: monitor) }
    }
  }
}
