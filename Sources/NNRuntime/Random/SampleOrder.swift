extension Generator {
  /// The order in which one pass of a `DataLoader` visits `count` samples, drawn from this generator
  /// as PyTorch draws it from the default one: a 64-bit base seed for worker processes, drawn even
  /// where there are none, then, where `shuffle` is set, the seed of the sampler, whose own generator
  /// permutes. Source: `torch/utils/data/dataloader.py`, `_BaseDataLoaderIter`; `sampler.py`,
  /// `RandomSampler`.
  public func sampleOrder(count: Int, shuffle: Bool) -> [Int] {
    _ = randomInt64()
    guard shuffle else { return Array(0..<count) }
    return shuffledOrder(count: count, samplerSeed: UInt64(randomInt64()))
  }

  /// A shuffled order of `count` samples: ``sampleOrder(count:shuffle:)`` with `shuffle` set.
  public static func shuffledOrder(count: Int, generator: Generator) -> [Int] {
    generator.sampleOrder(count: count, shuffle: true)
  }

  private func shuffledOrder(count: Int, samplerSeed: UInt64) -> [Int] {
    Generator(seed: samplerSeed).randperm(count)
  }
}
