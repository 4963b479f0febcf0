import NNKernels
import NNShapes

/// The numbers of a recorded max pooling; the node keeps the indices.
struct MaxPool2dOperation {
  let geometry: Pool2dGeometry
}

extension Tape {
  /// The largest value of each window, per channel. Padding counts as -∞, the first of equal maxima
  /// wins, NaN wins over all.
  ///
  /// `input` (N, C, H, W) or (C, H, W), the output likewise with H' and W'. With `returnIndices` the
  /// second output, h·W + w of each maximum in the unpadded plane, is ``indices(_:)`` of the result.
  public func maxPool2d(
    _ input: Variable, vertical: WindowGeometry, horizontal: WindowGeometry, returnIndices: Bool
  ) -> Variable {
    let input = stored(input, as: .channelsLast)
    let x = tensor(input)
    let geometry = poolGeometry("MaxPool2d", x.shape, vertical, horizontal)
    let output = pool.makeTensor(pooledShape(x.shape, geometry), .channelsLast)
    let inputs = Node.Inputs(first: input.index)
    let keepsIndices = returnIndices || needsGradient(inputs)
    let indices =
      keepsIndices ? pool.take(byteCount: output.count * MemoryLayout<Int32>.stride) : nil
    kernels.maxPool2dForward(
      geometry, input: x.pointer, output: output.pointer, indices: indices?.int32s, pool: threads)
    let variable = record(
      .maxPool2d(MaxPool2dOperation(geometry: geometry)), inputs, output, saved: indices)
    if returnIndices, let indices { setIndices(contiguousIndices(indices, output.shape), of: variable) }
    return variable
  }

  func maxPool2dBackward(_ operation: MaxPool2dOperation, _ node: Node, _ outputGradient: Tensor) {
    guard let indices = node.saved else { return }
    let inputGradient = pool.makeTensor(values[node.inputs.first].tensor.shape, .channelsLast)
    kernels.maxPool2dBackward(
      operation.geometry, outputGradient: outputGradient.pointer, indices: indices.int32s,
      inputGradient: inputGradient.pointer, pool: threads)
    addGradient(inputGradient, to: node.inputs.first)
  }

  /// Channels-last 32-bit indices as PyTorch shows them.
  func contiguousIndices(_ indices: Storage, _ shape: Shape) -> IndexTensor {
    let result = pool.makeIndexTensor(shape)
    var position = 0
    ChannelLayout(shape).forEachChannelsLastOffset { offset in
      result.pointer[position] = Int64(indices.int32s[offset])
      position += 1
    }
    return result
  }

  /// The geometry of a pooling of `shape`, (N, C, H, W) or (C, H, W). Traps on other ranks, and where a
  /// plane is too large for 32-bit indices.
  func poolGeometry(
    _ name: StaticString, _ shape: Shape, _ vertical: WindowGeometry, _ horizontal: WindowGeometry
  ) -> Pool2dGeometry {
    let rank = shape.rank
    precondition(rank == 3 || rank == 4, "\(name): input \(shape) is neither (C, H, W) nor (N, C, H, W)")
    precondition(
      shape[rank - 2] * shape[rank - 1] <= Int(Int32.max), "\(name): the planes of \(shape) are too large")
    return Pool2dGeometry(
      batch: rank == 4 ? shape[0] : 1, channels: shape[rank - 3], inputHeight: shape[rank - 2],
      inputWidth: shape[rank - 1], vertical: vertical, horizontal: horizontal)
  }

  func pooledShape(_ shape: Shape, _ geometry: Pool2dGeometry) -> Shape {
    shape.replacing(shape.rank - 2, with: geometry.outputHeight)
      .replacing(shape.rank - 1, with: geometry.outputWidth)
  }
}
