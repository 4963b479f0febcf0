import NNData
import NNModel
import NNRuntime
import NNShapes

/// A split that was opened: a data set in memory, the samples of it that belong to the split, and how
/// they are put into batches.
package struct Split {
  /// `train`, `val`, …
  package var name: String
  package var dataset: Dataset
  /// The samples of a split that shares its data set, in this order; nil for all of them.
  package var members: [Int]?
  package var batchSize: Int
  package var shuffle: Bool
  package var dropLast: Bool
  /// What is done to its images where they are trained on, and where they are evaluated.
  package var transforms: [TransformPlan]
  package var evaluationTransforms: [TransformPlan] { transforms.deterministic }

  package init(
    name: String, dataset: Dataset, members: [Int]?, batchSize: Int, shuffle: Bool, dropLast: Bool,
    transforms: [TransformPlan] = []
  ) {
    self.transforms = transforms
    self.name = name
    self.dataset = dataset
    self.members = members
    self.batchSize = batchSize
    self.shuffle = shuffle
    self.dropLast = dropLast
  }

  /// The number of samples.
  package var count: Int { members?.count ?? dataset.count }

  /// The batches of one pass: ⌈N/batch⌉, or ⌊N/batch⌋ with `drop_last`.
  package var batchCount: Int {
    DataPlan.batchCount(of: count, batchSize: batchSize, dropLast: dropLast)
  }

  /// The samples of a pass, those that `drop_last` leaves out not counted.
  package var samplesPerPass: Int { dropLast ? batchCount * batchSize : count }

  /// The positions in `order` that batch `index` takes.
  package func range(ofBatch index: Int) -> Range<Int> {
    index * batchSize..<min((index + 1) * batchSize, count)
  }

  /// The samples of one pass in the order of a `DataLoader`, as indices of ``dataset``. Draws from
  /// `generator` what PyTorch's loader draws.
  package func order(drawnFrom generator: Generator) -> [Int] {
    let order = generator.sampleOrder(count: count, shuffle: shuffle)
    guard let members else { return order }
    return order.map { members[$0] }
  }

  /// Cuts a data set in two as `random_split(dataset, …, generator=manual_seed(seed))` of PyTorch
  /// does: a permutation drawn by a generator of its own, whose first part is `train`.
  package static func cut(_ data: DataPlan, count: Int, seed: UInt64) -> (train: [Int], val: [Int]) {
    let order = Generator(seed: seed).randperm(count)
    let sizes = data.splitCounts(of: count)
    return (Array(order.prefix(sizes.train)), Array(order.suffix(sizes.val)))
  }
}
