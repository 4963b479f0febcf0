// The published editions. The checksums of packed files are those of torchvision; those of the
// content were computed from files with these.

extension MNIST {
  /// Handwritten digits (LeCun, Cortes, Burges), from the mirror that torchvision uses.
  public static let mnist = MNIST(
    name: "MNIST",
    classNames: [
      "0 - zero", "1 - one", "2 - two", "3 - three", "4 - four", "5 - five", "6 - six", "7 - seven",
      "8 - eight", "9 - nine",
    ],
    imageSize: 28,
    train: .published(
      at: "https://ossci-datasets.s3.amazonaws.com/mnist/", prefix: "train", count: 60_000,
      images: Published(
        packedSize: 9_912_422, packedMD5: "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        contentMD5: "6bbc9ace898e44ae57da46a324031adb"),
      labels: Published(
        packedSize: 28_881, packedMD5: "d53e105ee54ea40749a09fcbcd1e9432",
        contentMD5: "a25bea736e30d166cdddb491f175f624")),
    test: .published(
      at: "https://ossci-datasets.s3.amazonaws.com/mnist/", prefix: "t10k", count: 10_000,
      images: Published(
        packedSize: 1_648_877, packedMD5: "9fb629c4189551a2d022fa330f9573f3",
        contentMD5: "2646ac647ad5339dbf082846283269ea"),
      labels: Published(
        packedSize: 4_542, packedMD5: "ec29112dd5afa0611ce80d1b7f02629c",
        contentMD5: "27ae3e4e09519cfbb04c329615203637")))

  /// Articles of clothing (Xiao, Rasul, Vollgraf; Zalando Research). Debian's package
  /// `dataset-fashion-mnist` packs the same contents anew.
  public static let fashionMNIST = MNIST(
    name: "FashionMNIST",
    classNames: [
      "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
      "Ankle boot",
    ],
    imageSize: 28,
    train: .published(
      at: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", prefix: "train", count: 60_000,
      images: Published(
        packedSize: 26_421_880, packedMD5: "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        contentMD5: "f4a8712d7a061bf5bd6d2ca38dc4d50a"),
      labels: Published(
        packedSize: 29_515, packedMD5: "25c81989df183df01b3e8a0aad5dffbe",
        contentMD5: "9018921c3c673c538a1fc5bad174d6f9")),
    test: .published(
      at: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", prefix: "t10k", count: 10_000,
      images: Published(
        packedSize: 4_422_102, packedMD5: "bef4ecab320f06d8554ea6380940ec79",
        contentMD5: "8181f5470baa50b63fa0f6fddb340f0a"),
      labels: Published(
        packedSize: 5_148, packedMD5: "bb300cfdad3c16e7a12a480ee83cd310",
        contentMD5: "15d484375f8d13e6eb1aabb0c3f46965")),
    systemFolders: ["/usr/share/datasets/fashion-mnist"])
}

/// The figures of one packed file.
private struct Published {
  var packedSize: Int
  var packedMD5: String
  var contentMD5: String
}

extension MNIST.Split {
  fileprivate static func published(
    at address: String, prefix: String, count: Int, images: Published, labels: Published
  ) -> MNIST.Split {
    let imagesName = "\(prefix)-images-idx3-ubyte"
    let labelsName = "\(prefix)-labels-idx1-ubyte"
    return MNIST.Split(
      imagesName: imagesName, imagesMD5: .md5(images.contentMD5), labelsName: labelsName,
      labelsMD5: .md5(labels.contentMD5), count: count,
      downloads: [(imagesName, images), (labelsName, labels)].map { name, file in
        Downloadable(
          url: "\(address)\(name).gz", name: "\(name).gz", size: file.packedSize,
          digest: .md5(file.packedMD5))
      })
  }
}
