/// What `nnrun bench` is asked for.
public struct BenchmarkRequest: Sendable {
  /// `--batch 1,64`
  public var batches: [Int]
  /// `--threads 1,2`
  public var threads: [Int]
  /// About how long each batch size and thread count is measured, in seconds.
  public var seconds: Double
  /// `--convolution`
  public var convolution = ConvolutionMethod.automatic

  public init(batches: [Int] = [1, 64], threads: [Int], seconds: Double = 2) {
    self.batches = batches
    self.threads = threads
    self.seconds = seconds
  }
}

/// The figures of `nnrun bench`, all medians unless the name says otherwise. A multiply-add is 2 FLOP,
/// counted for the direct method. Keys of the JSON are the names in snake case, `step_ms`.
public struct BenchmarkReport: Sendable, Equatable {
  /// The rate of independent fused multiply-adds on one core, in GFLOP/s, measured in the same run.
  public var peakGflops: Double
  /// `baseline`, `avx2`, `avx512`, `neon`.
  public var instructionSet: String
  /// How convolutions were computed.
  public var convolution: ConvolutionMethod
  /// True where the file has a loss and an optimizer: a step is forward, loss, backward and update.
  /// Else a step is a forward pass.
  public var trains: Bool
  public var results: [Result]

  /// One batch size and thread count.
  public struct Result: Sendable, Equatable {
    public var batch: Int
    public var threads: Int
    /// A whole training step, in milliseconds.
    public var stepMs: Double
    /// The fastest one.
    public var stepMsMin: Double
    /// A forward pass without a tape.
    public var forwardMs: Double
    /// `batch` divided by the step.
    public var imagesPerS: Double
    /// The step's direct multiply-adds a second.
    public var gflops: Double
    /// The share of the peak that the arithmetic really done reaches: `threads` times one core's peak.
    public var peakShare: Double
    /// `gflops / (peak × threads)`: the same with the direct method's count, which is larger where a
    /// convolution is computed with less arithmetic.
    public var effectivePeakShare: Double
    public var layers: [Layer]
  }

  /// One layer by itself, in milliseconds a batch; nil where there is nothing to compute.
  public struct Layer: Sendable, Equatable {
    /// The path in the model, `3.0`.
    public var name: String
    /// `Conv2d`.
    public var layer: String
    /// The path of the layer whose pass computes this one too: its times are those of both, and this
    /// layer's are 0 and nil.
    public var fusedInto: String?
    public var forwardMs: Double
    public var inputGradMs: Double?
    public var weightGradMs: Double?
    /// Of all three together; nil for a layer that multiplies nothing.
    public var gflops: Double?
    /// What each of the three computes, in GFLOP as the direct method counts; nil as ``gflops``.
    public var directionGflop: Double?
  }
}
