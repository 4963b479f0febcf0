import NNDiagnostics
import NNShapes

// What a checked file means: every name resolved, every default filled in, every shape known.
// The trainer builds running things from it and asks no further question of the file.

/// A checked model file.
public struct ExperimentPlan: Sendable {
  /// The seed of the generator; 0 where the file has none.
  public var seed: UInt64
  /// False where the file has no `seed`: the run says that 0 is used.
  public var seedIsWritten: Bool
  /// `input = …`; nil where the sample's shape comes from `data`.
  public var input: InputPlan?
  /// The splits in file order.
  public var data: [DataPlan]
  /// The models in file order, which is the order their weights are drawn in.
  public var models: [ModelPlan]
  /// The model that is trained and that tools take unless told otherwise: an index of `models`.
  public var mainModel: Int
  public var loss: LossPlan?
  public var optimizer: OptimizerPlan?
  public var schedule: SchedulePlan?
  public var train: TrainPlan?
}

/// `input = …`.
public enum InputPlan: Sendable {
  /// The shape of one sample, without the batch.
  case shape(Shape)
  /// Values with the batch included, row-major.
  case values(Shape, [Float])
  /// Standard normal values with the batch included, drawn after the models' weights.
  case randn(Shape)
}

/// One split: where its samples come from and how they are put into batches.
public struct DataPlan: Sendable {
  /// `train`, `val`, `test`, or another name of the user's.
  public var name: String
  /// At least one; the rest are the `else` branches in order.
  public var sources: [DataSourcePlan]
  /// (C, H, W) of one sample after the transforms: the same for every source. Of `train` it is what is
  /// trained on; of the others, and of what `split` sets aside, random transforms are left out.
  public var sampleShape: Shape
  /// (C, H, W) of one sample where the split is evaluated, random transforms left out; nil where the
  /// others do not go without them. Where a split is evaluated it is ``sampleShape``.
  public var evaluationShape: Shape?
  /// The number of classes: the same for every source.
  public var classCount: Int
  public var batchSize: Int
  public var shuffle: Bool
  public var dropLast: Bool
  /// `split=0.9`: this share, taken by a seeded permutation, is `train`; the rest is `val`.
  public var split: Double?
  public var span: Span
}

/// One data set as named in the file.
public struct DataSourcePlan: Sendable {
  /// Whose transforms a data set without any takes.
  public enum Inheritance: Sendable {
    /// Those of the source that it stands in for.
    case first
    /// Those of the split `train`.
    case train
  }

  public enum Kind: Sendable {
    /// `batches` nil: all five of `train`, or the test batch.
    case cifar10(root: String, train: Bool, download: Bool, batches: [Int]?)
    case mnist(root: String, train: Bool, download: Bool)
    case fashionMNIST(root: String, train: Bool, download: Bool)
    case shapes10(count: Int, size: Int, channels: Int, seed: UInt64, train: Bool)
  }

  public var kind: Kind
  /// How many samples it has.
  public var sampleCount: Int
  /// (C, H, W) of its images before the transforms.
  public var imageShape: Shape
  /// In order, a `ToTensor` that is implied included; empty where the file has none.
  public var transforms: [TransformPlan]
  /// Why they are not written in the data set itself.
  public var inheritance: Inheritance?
  public var span: Span
}

/// `train(…)`.
public struct TrainPlan: Sendable {
  /// A length of training.
  public enum Interval: Sendable, Hashable {
    case epochs(Int)
    case steps(Int)
    case seconds(Double)
  }

  public var epochs: Int
  /// The split that is evaluated after each epoch.
  public var validate: String?
  /// The largest norm of all gradients together.
  public var clipGradNorm: Double?
  /// The largest absolute value of a gradient element.
  public var clipGradValue: Double?
  /// Batches whose gradients are averaged before a step; 1 for none.
  public var accumulate: Int
  /// Stop after this many epochs without a better `best`.
  public var earlyStop: Int?
  /// How often `last` is written besides at the end of an epoch.
  public var saveEvery: Interval?
  /// Stop, saved, after this long.
  public var timeLimit: Interval?
  public var span: Span
}
