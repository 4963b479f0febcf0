import NNKernels

/// How convolutions are computed: by the method that takes least time, or directly.
public typealias ConvolutionMethod = NNKernels.ConvolutionMethod

/// What the command line adds to a model file for one training run.
public struct TrainingOptions: Sendable {
  /// Where the run folder goes.
  public enum Folder: Sendable, Equatable {
    /// A new folder `STEM-YYYYMMDD-HHMMSS` in this one.
    case new(parent: String)
    /// This folder, made where it is missing; one that already holds a run is refused.
    case at(String)
    /// Nothing is written (`--no-run-dir`).
    case none
  }

  /// Whether an earlier run is continued.
  public enum Resume: Sendable, Equatable {
    case no
    /// The newest run of this file in the folder's parent.
    case newest
    /// The run in this folder.
    case folder(String)
  }

  /// The file's name without folder and extension, `tudui`: the run folder begins with it.
  public var stem: String
  /// The model file with every override applied, as `.nn` text, for the run folder.
  public var resolvedModel: String
  public var folder: Folder
  public var resume: Resume
  /// `--epochs`: how many epochs in all, a resumed run's earlier ones included; nil takes the file's.
  public var epochs: Int?
  /// `--steps`: stop, saved, when the optimizer has made this many steps in all.
  public var steps: Int?
  /// `--threads`; nil takes every core.
  public var threads: Int?
  /// `--convolution`
  public var convolution = ConvolutionMethod.automatic
  /// `--log-every N`: a line in `metrics.jsonl` every N steps.
  public var logEvery: Int?
  /// `--weights`: a safetensors file to start from.
  public var weights: String?
  /// `--partial`: take from `weights` what fits, and list the rest.
  public var partialWeights: Bool

  public init(
    stem: String, resolvedModel: String, folder: Folder = .new(parent: "runs"), resume: Resume = .no,
    epochs: Int? = nil, steps: Int? = nil, threads: Int? = nil, logEvery: Int? = nil,
    weights: String? = nil, partialWeights: Bool = false
  ) {
    self.stem = stem
    self.resolvedModel = resolvedModel
    self.folder = folder
    self.resume = resume
    self.epochs = epochs
    self.steps = steps
    self.threads = threads
    self.logEvery = logEvery
    self.weights = weights
    self.partialWeights = partialWeights
  }
}
