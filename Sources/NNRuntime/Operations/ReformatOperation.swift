import NNKernels
import NNShapes

extension Tape {
  /// The same values in memory order `format`: the variable itself where they already lie so. For
  /// operations that read or write one order only.
  func stored(_ input: Variable, as format: MemoryFormat) -> Variable {
    let tensor = tensor(input)
    if tensor.isStored(as: format) { return input }
    return record(.reformat, Node.Inputs(first: input.index), stored(tensor, as: format))
  }

  /// ``addGradient(_:to:)`` puts the gradient into the input's order.
  func reformatBackward(_ node: Node, _ outputGradient: Tensor) {
    addGradient(outputGradient, to: node.inputs.first)
  }

  /// The tensor labelled with `format`: the same memory where its order is that already, else a copy.
  func stored(_ tensor: Tensor, as format: MemoryFormat) -> Tensor {
    if tensor.isStored(as: format) { return tensor.relabeled(tensor.shape, format) }
    let result = pool.makeTensor(tensor.shape, format)
    copy(tensor, into: result)
    return result
  }

  /// Copies the values of `source` to `destination`, of the same shape, whatever the formats.
  func copy(_ source: Tensor, into destination: Tensor) {
    precondition(source.shape == destination.shape, "copy \(source.shape) to \(destination.shape)")
    let layout = ChannelLayout(source.shape)
    if source.isStored(as: destination.format) {
      destination.pointer.update(from: source.pointer, count: source.count)
    } else if destination.format == .channelsLast {
      kernels.convertToChannelsLast(
        batch: layout.batch, channels: layout.channels, plane: layout.plane, input: source.pointer,
        output: destination.pointer, pool: threads)
    } else {
      kernels.convertToChannelsFirst(
        batch: layout.batch, channels: layout.channels, plane: layout.plane, input: source.pointer,
        output: destination.pointer, pool: threads)
    }
  }
}
