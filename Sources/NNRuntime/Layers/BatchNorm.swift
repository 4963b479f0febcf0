import NNShapes

/// The weight and the bias of a normalisation layer by channel, and its running statistics.
public final class NormParameters {
  /// (C), 1 at first; nil without `affine`.
  public let weight: Parameter?
  /// (C), 0 at first.
  public let bias: Parameter?
  /// (C), 0 and 1 at first; nil without `track_running_stats`.
  public let runningMean: Tensor?
  public let runningVar: Tensor?
  /// The training steps seen, one value.
  public let batchesTracked: IndexTensor?
  /// The share of a batch; nil for the mean of all.
  public let momentum: Double?

  public init(features: Int, affine: Bool, bias: Bool, tracks: Bool, momentum: Double?) {
    weight = affine ? Parameter(Shape(features)) : nil
    weight?.value.setValues([Float](repeating: 1, count: features))
    self.bias = bias ? Parameter(Shape(features)) : nil
    runningMean = tracks ? Tensor(zeros: Shape(features)) : nil
    runningVar = tracks ? Tensor([Float](repeating: 1, count: features), Shape(features)) : nil
    batchesTracked = tracks ? IndexTensor([0], .scalar) : nil
    self.momentum = momentum
  }

  var parameters: [NamedParameter] {
    (weight.map { [NamedParameter(name: "weight", $0)] } ?? [])
      + (bias.map { [NamedParameter(name: "bias", $0)] } ?? [])
  }

  var buffers: [NamedBuffer] {
    guard let runningMean, let runningVar, let batchesTracked else { return [] }
    return [
      NamedBuffer(name: "running_mean", .floats(runningMean)),
      NamedBuffer(name: "running_var", .floats(runningVar)),
      NamedBuffer(name: "num_batches_tracked", .integers(batchesTracked)),
    ]
  }

  var running: Tape.RunningStatistics? {
    guard let runningMean, let runningVar else { return nil }
    return Tape.RunningStatistics(mean: runningMean, variance: runningVar)
  }

  /// Counts a training step, and gives the share that its statistics have in the running ones.
  func nextShare() -> Float {
    guard let batchesTracked else { return 0 }
    batchesTracked.pointer[0] += 1
    return Float(momentum ?? 1 / Double(batchesTracked.pointer[0]))
  }

  /// running = (1 - share) · running + share · observed, the variance of one channel made unbiased first.
  func track(channel: Int, mean: Float, variance: Float, share: Float, samples: Int) {
    guard let runningMean, let runningVar else { return }
    let unbiased = variance * (Float(samples) / Float(samples - 1))
    runningMean.pointer[channel] = (1 - share) * runningMean.pointer[channel] + share * mean
    runningVar.pointer[channel] = (1 - share) * runningVar.pointer[channel] + share * unbiased
  }
}

/// Channels brought to mean 0 and variance 1 over the batch, PyTorch's `BatchNorm1d` and `BatchNorm2d`; see
/// ``Tape/batchNorm(_:weight:bias:eps:running:observe:)``. In evaluation mode the running statistics are
/// taken, where it has any.
///
/// Input (N, C), (N, C, L) or (N, C, H, W).
public final class BatchNorm: Layer {
  public let norm: NormParameters
  public let eps: Float

  public init(_ norm: NormParameters, eps: Float) {
    self.norm = norm
    self.eps = eps
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable { forward(input, tape, relu: false) }

  /// The normalisation, and a ReLU in the same pass.
  func forward(_ input: Variable, _ tape: Tape, relu: Bool) -> Variable {
    let isSequence = tape.shape(input).rank == 3
    let output = normalize(isSequence ? tape.asImage(input) : input, tape, relu)
    return isSequence ? tape.asSequence(output) : output
  }

  private func normalize(_ input: Variable, _ tape: Tape, _ relu: Bool) -> Variable {
    let shape = tape.shape(input)
    let share = tape.isTraining ? norm.nextShare() : 0
    // A batch without samples has no statistics and changes none.
    let hasValues = shape.elementCount > 0
    let running = tape.isTraining && hasValues ? nil : norm.running
    guard hasValues || running != nil else { return input }
    let samples = shape.elementCount / max(shape[1], 1)
    return tape.batchNorm(
      input, weight: norm.weight.map { tape.variable($0) }, bias: norm.bias.map { tape.variable($0) },
      eps: eps,
      running: running, relu: relu
    ) { mean, variance in
      guard tape.isTraining else { return }
      for channel in 0..<shape[1] {
        norm.track(
          channel: channel, mean: mean[channel], variance: variance[channel], share: share, samples: samples)
      }
    }
  }

  public var ownParameters: [NamedParameter] { norm.parameters }
  public var ownBuffers: [NamedBuffer] { norm.buffers }
}

/// Channels of each image brought to mean 0 and variance 1, PyTorch's `InstanceNorm2d`; see
/// ``Tape/rowNorm(_:weight:bias:rows:isCentered:eps:weightStride:weightCount:observe:)``. With running
/// statistics, which are means over the batch, evaluation takes those.
///
/// Input (N, C, H, W) or (C, H, W).
public final class InstanceNorm2d: Layer {
  public let norm: NormParameters
  public let eps: Float

  public init(_ norm: NormParameters, eps: Float) {
    self.norm = norm
    self.eps = eps
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    let shape = tape.shape(input)
    let (weight, bias) = (norm.weight.map { tape.variable($0) }, norm.bias.map { tape.variable($0) })
    if !tape.isTraining, let running = norm.running {
      return tape.batchNorm(input, weight: weight, bias: bias, eps: eps, running: running, relu: false)
    }
    let channels = shape[shape.rank - 3]
    let plane = shape[shape.rank - 2] * shape[shape.rank - 1]
    let batch = shape.rank == 4 ? shape[0] : 1
    let tracks = tape.isTraining && norm.running != nil && batch > 0
    let (means, variances) = tracks ? (makeSums(tape, channels), makeSums(tape, channels)) : (nil, nil)
    let output = tape.rowNorm(
      input, weight: weight, bias: bias, rows: batch * channels, isCentered: true, eps: eps,
      weightStride: plane,
      weightCount: channels
    ) { row, mean, variance in
      means?.pointer[row % channels] += Float(mean / Double(batch))
      variances?.pointer[row % channels] += Float(variance / Double(batch))
    }
    if let means, let variances {
      // PyTorch counts no batches here, so that a `momentum` of None is 0.
      let share = Float(norm.momentum ?? 0)
      for channel in 0..<channels {
        norm.track(
          channel: channel, mean: means.pointer[channel], variance: variances.pointer[channel], share: share,
          samples: plane)
      }
    }
    return output
  }

  private func makeSums(_ tape: Tape, _ channels: Int) -> Tensor { tape.makeZeros(Shape(channels)) }

  public var ownParameters: [NamedParameter] { norm.parameters }
  public var ownBuffers: [NamedBuffer] { norm.buffers }
}
