import NNShapes

// Shapes10(n=10000, size=32, channels=3, seed=0, train=True, transform=None): ten kinds of drawn shapes, made from a
// seed, channels × size × size. `train=False` draws other images of the same kinds.

extension DataSetEntry {
  static let shapes10 = DataSetEntry(
    schema: CallSchema(
      .dataSet, "Shapes10",
      [
        Parameter("n", .integer(1...100_000_000), default: .integer(10_000), "how many images"),
        Parameter("size", .integer(8...4096), default: .integer(32), "height and width"),
        Parameter("channels", .integer(1...64), default: .integer(3), "3 for colour, 1 for grey"),
        Parameter("seed", .integer(0...Int.max), default: .integer(0), "another seed, other images"),
        Parameter("train", .boolean, default: .boolean(true), "the training images, else the test images"),
        .keywordOnly(.transform), .transforms,
      ],
      "a built-in set of drawn shapes, ten classes",
      .training(
        "drawn from the seed by a generator of its own",
        shapes: "images (channels, size, size), classes 0 to 9",
        data: "DataLoader(Shapes10(n=2000, size=16), batch_size=64)")),
    configure: { bound, _ in
      guard let count = bound.integer("n"), let size = bound.integer("size"),
        let channels = bound.integer("channels"), let seed = bound.integer("seed"),
        let train = bound.boolean("train")
      else { return nil }
      return Contents(
        source: .shapes10(count: count, size: size, channels: channels, seed: UInt64(seed), train: train),
        sampleShape: [channels, size, size], classCount: 10, sampleCount: count)
    })
}
