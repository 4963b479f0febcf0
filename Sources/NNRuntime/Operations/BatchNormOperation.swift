import NNKernels
import NNShapes

/// The numbers of a recorded batch normalisation; the node keeps a ``ChannelStatisticsBlock``.
struct BatchNormOperation {
  /// N·H·W.
  let rows: Int
  /// C.
  let channels: Int
  /// The statistics are the batch's own, and so depend on x.
  let usesBatch: Bool
  /// A ReLU follows in the same pass.
  let relu: Bool
}

extension Tape {
  /// Running statistics of a normalisation, (C) each.
  public struct RunningStatistics {
    public let mean: Tensor
    public let variance: Tensor

    public init(mean: Tensor, variance: Tensor) {
      self.mean = mean
      self.variance = variance
    }
  }

  /// y = (x - mean) / √(var + eps) · weight + bias for each channel, with the mean and the biased variance of
  /// the batch, or in `running` those from elsewhere.
  ///
  /// `input` (N, C), (N, C, H, W) or (C, H, W), `weight` and `bias` (C). With `relu` negative values become 0,
  /// in the same pass. `observe` is given the mean and the
  /// variance of the batch. Traps on a batch without values where its own statistics are wanted.
  public func batchNorm(
    _ input: Variable, weight: Variable?, bias: Variable?, eps: Float, running: RunningStatistics?,
    relu: Bool,
    observe: (_ mean: UnsafePointer<Float>, _ variance: UnsafePointer<Float>) -> Void = { _, _ in }
  ) -> Variable {
    let input = stored(input, as: tensor(input).shape.rank > 2 ? .channelsLast : .contiguous)
    let x = tensor(input)
    let channels = x.shape.rank == 3 ? x.shape[0] : x.shape[1]
    let operation = BatchNormOperation(
      rows: x.count / max(channels, 1), channels: channels, usesBatch: running == nil,
      relu: relu)
    let block = ChannelStatisticsBlock(
      pool.take(byteCount: ChannelStatisticsBlock.byteCount(channels)), channels)
    if let running {
      block.mean.update(from: running.mean.pointer, count: channels)
      block.shift.update(from: running.variance.pointer, count: channels)
    } else {
      let workspace = makeWorkspace(
        kernels.channelSumsWorkspaceCount(rows: operation.rows, channels: channels))
      kernels.channelStatistics(
        rows: operation.rows, channels: channels, input: x.pointer, mean: block.mean, variance: block.shift,
        workspace: workspace.pointer, pool: threads)
      observe(block.mean, block.shift)
    }
    block.finish(
      eps: eps, weight: weight.map { UnsafePointer(tensor($0).pointer) },
      bias: bias.map { UnsafePointer(tensor($0).pointer) })
    let output = pool.makeTensor(x.shape, x.format)
    kernels.channelNormalize(
      rows: operation.rows, channels: channels, map: block.map, relu: relu, input: x.pointer,
      output: output.pointer,
      pool: threads)
    return record(
      .batchNorm(operation),
      Node.Inputs(first: input.index, second: weight?.index ?? -1, third: bias?.index ?? -1), output,
      saved: block.storage)
  }

  /// With x̂ = (x - mean) / σ: dx = weight/σ · (dy - mean(dy) - x̂ · mean(dy · x̂)), the two means left out where
  /// the statistics are not the batch's; dweight = Σ dy · x̂, dbias = Σ dy.
  func batchNormBackward(_ operation: BatchNormOperation, _ node: Node, _ outputGradient: Tensor) {
    guard let storage = node.saved else { return }
    let (rows, channels) = (operation.rows, operation.channels)
    let block = ChannelStatisticsBlock(storage, channels)
    let x = values[node.inputs.first].tensor
    let own = pool.makeTensor(Shape(2 * channels))
    defer { withExtendedLifetime(own) {} }
    let (sums, products) = (own.pointer, own.pointer + channels)
    let workspace = makeWorkspace(kernels.channelSumsWorkspaceCount(rows: rows, channels: channels))
    kernels.channelProducts(
      rows: rows, channels: channels, map: block.map, relu: operation.relu, gradient: outputGradient.pointer,
      input: x.pointer, sums: sums, products: products, workspace: workspace.pointer, pool: threads)
    if wantsGradient(node.inputs.second) {
      let gradient = pool.makeTensor(Shape(channels))
      for channel in 0..<channels { gradient.pointer[channel] = products[channel] * block.inverse[channel] }
      addGradient(gradient, to: node.inputs.second)
    }
    if wantsGradient(node.inputs.third) {
      let gradient = pool.makeTensor(Shape(channels))
      gradient.pointer.update(from: sums, count: channels)
      addGradient(gradient, to: node.inputs.third)
    }
    guard wantsGradient(node.inputs.first) else { return }
    let inputGradient = pool.makeTensor(x.shape, x.format)
    guard operation.usesBatch else {
      // dx = dy · weight/σ, whatever x is.
      let masked =
        operation.relu ? reluMasked(outputGradient, by: values[node.output].tensor) : outputGradient
      sums.update(repeating: 0, count: channels)
      kernels.channelNormalize(
        rows: rows, channels: channels, map: ChannelMap(mean: sums, scale: block.scale, shift: sums),
        relu: false,
        input: masked.pointer, output: inputGradient.pointer, pool: threads)
      addGradient(inputGradient, to: node.inputs.first)
      return
    }
    let share = 1 / Float(max(rows, 1))
    for channel in 0..<channels {
      products[channel] *= -share * block.inverse[channel] * block.inverse[channel]
      sums[channel] *= share
    }
    kernels.channelNormalizeBackward(
      rows: rows, channels: channels, map: block.map, relu: operation.relu, factor: products, offset: sums,
      gradient: outputGradient.pointer, input: x.pointer, inputGradient: inputGradient.pointer, pool: threads)
    addGradient(inputGradient, to: node.inputs.first)
  }
}

/// What a batch normalisation keeps of each channel: mean, 1/σ, weight/σ and bias, four rows of C.
struct ChannelStatisticsBlock {
  let storage: Storage
  let channels: Int

  init(_ storage: Storage, _ channels: Int) {
    self.storage = storage
    self.channels = channels
  }

  static func byteCount(_ channels: Int) -> Int { 4 * channels * MemoryLayout<Float>.stride }

  var mean: UnsafeMutablePointer<Float> { storage.floats }
  /// 1/σ.
  var inverse: UnsafeMutablePointer<Float> { storage.floats + channels }
  /// weight/σ.
  var scale: UnsafeMutablePointer<Float> { storage.floats + 2 * channels }
  /// The bias; before ``finish(eps:weight:bias:)`` the variance.
  var shift: UnsafeMutablePointer<Float> { storage.floats + 3 * channels }

  var map: ChannelMap { ChannelMap(mean: mean, scale: scale, shift: shift) }

  func finish(eps: Float, weight: UnsafePointer<Float>?, bias: UnsafePointer<Float>?) {
    for channel in 0..<channels {
      inverse[channel] = Float(1 / (Double(shift[channel]) + Double(eps)).squareRoot())
      scale[channel] = inverse[channel] * (weight?[channel] ?? 1)
      shift[channel] = bias?[channel] ?? 0
    }
  }
}
