import NNShapes

// MNIST and FashionMNIST(root, train=True, transform=None, target_transform=None, download=False):
// 1×28×28, ten classes, 60,000 images to train on and 10,000 to test on.

extension DataSetEntry {
  static let mnist = grey("MNIST", "70,000 handwritten digits, 1×28×28") {
    .mnist(root: $0, train: $1, download: $2)
  }

  static let fashionMNIST = grey("FashionMNIST", "70,000 photographs of clothes, 1×28×28") {
    .fashionMNIST(root: $0, train: $1, download: $2)
  }

  private static func grey(
    _ name: String, _ summary: String,
    _ source: @escaping @Sendable (String, Bool, Bool) -> DataSourcePlan.Kind
  ) -> DataSetEntry {
    DataSetEntry(
      schema: CallSchema(
        .dataSet, name, Parameter.torchvision, summary,
        .training(
          "bytes of the published files, read as x / 255", shapes: "images (1, 28, 28), classes 0 to 9",
          data:
            "DataLoader(\(name)(\"data\", download=True) else Shapes10(size=28, channels=1), batch_size=64)")),
      configure: { bound, _ in
        guard let root = bound.text("root"), let train = bound.boolean("train"),
          let download = bound.boolean("download")
        else { return nil }
        return Contents(
          source: source(root, train, download), sampleShape: [1, 28, 28], classCount: 10,
          sampleCount: train ? 60_000 : 10_000)
      })
  }
}
