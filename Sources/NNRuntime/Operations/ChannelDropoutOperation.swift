import NNShapes

/// The numbers of a recorded channel dropout; the node keeps a byte a channel.
struct ChannelDropoutOperation {
  /// The values of a channel.
  let channelSize: Int
  /// 1 / (1 - p).
  let factor: Float
}

extension Tape {
  /// In training mode, each channel kept with probability 1 - p and divided by 1 - p, else 0 · x; the input
  /// itself in evaluation mode and for p = 0. A channel is what lies behind the first `channelRank`
  /// dimensions.
  ///
  /// One 53-bit draw a channel, as PyTorch's `Dropout2d`; none where p is 0 or 1.
  public func channelDropout(_ input: Variable, p: Double, channelRank: Int) -> Variable {
    precondition(p >= 0 && p <= 1, "channel dropout: p = \(p)")
    guard isTraining && p > 0 && tensor(input).count > 0 else { return input }
    let input = stored(input, as: .contiguous)
    let x = tensor(input)
    precondition(channelRank <= x.shape.rank, "channel dropout: \(channelRank) dimensions of \(x.shape)")
    let channels = x.shape.elementCount(from: 0, to: channelRank)
    let mask = pool.take(byteCount: channels)
    for channel in 0..<channels {
      mask.bytes[channel] = p < 1 && generator.uniformDouble() < 1 - p ? 1 : 0
    }
    let operation = ChannelDropoutOperation(
      channelSize: x.count / channels, factor: p == 1 ? 0 : 1 / Float(1 - p))
    return record(
      .channelDropout(operation), Node.Inputs(first: input.index), masked(x, mask, operation), saved: mask)
  }

  func channelDropoutBackward(_ operation: ChannelDropoutOperation, _ node: Node, _ outputGradient: Tensor) {
    guard let mask = node.saved else { return }
    addGradient(masked(outputGradient, mask, operation), to: node.inputs.first)
  }

  private func masked(_ input: Tensor, _ mask: Storage, _ operation: ChannelDropoutOperation) -> Tensor {
    let output = pool.makeTensor(input.shape)
    for channel in 0..<input.count / operation.channelSize {
      let (start, size) = (channel * operation.channelSize, operation.channelSize)
      kernels.scale(
        count: size, factor: mask.bytes[channel] == 0 ? 0 : operation.factor, input: input.pointer + start,
        output: output.pointer + start, pool: threads)
    }
    return output
  }
}
