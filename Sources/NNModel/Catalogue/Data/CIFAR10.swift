import NNShapes

// CIFAR10(root, train=True, transform=None, target_transform=None, download=False, batches=None):
// 3×32×32, ten classes, five files of 10,000 images to train on and one to test on.

extension DataSetEntry {
  static let cifar10 = DataSetEntry(
    schema: CallSchema(
      .dataSet, "CIFAR10",
      Parameter.torchvision + [
        Parameter(
          "batches", .integers(1...5), default: ParameterValue.none, acceptsNone: true, keywordOnly: true,
          "which of the five training files")
      ],
      "60,000 colour photographs of ten kinds of things, 3×32×32",
      .training(
        "bytes of the binary version, read as x / 255", shapes: "images (3, 32, 32), classes 0 to 9",
        data: "DataLoader(CIFAR10(\"data\", download=True) else Shapes10(), batch_size=64, shuffle=True)")),
    configure: { bound, report in
      let batches = bound.integers("batches")
      if batches != nil, bound.boolean("train") == false {
        report.error(
          "batches-of-test",
          "`batches` chooses among the training files, and train=False takes the test file",
          at: bound.span("batches"), help: "delete `batches`, or write train=True")
        return nil
      }
      guard let root = bound.text("root"), let train = bound.boolean("train"),
        let download = bound.boolean("download")
      else { return nil }
      return Contents(
        source: .cifar10(root: root, train: train, download: download, batches: batches),
        sampleShape: [3, 32, 32], classCount: 10,
        sampleCount: 10_000 * (train ? batches?.count ?? 5 : 1))
    })
}
