import NNKernels
import NNShapes

/// The numbers of a recorded average pooling.
struct AvgPool2dOperation {
  let geometry: Pool2dGeometry
  let countIncludePad: Bool
  let divisorOverride: Int?
}

extension Tape {
  /// The sum of each window, per channel, over a divisor: `divisorOverride` where there is one; else the
  /// window's cells inside the padded input, or inside the input itself without `countIncludePad`.
  ///
  /// `input` (N, C, H, W) or (C, H, W), the output likewise with H' and W'.
  public func avgPool2d(
    _ input: Variable, vertical: WindowGeometry, horizontal: WindowGeometry, countIncludePad: Bool,
    divisorOverride: Int?
  ) -> Variable {
    let input = stored(input, as: .channelsLast)
    let x = tensor(input)
    let geometry = poolGeometry("AvgPool2d", x.shape, vertical, horizontal)
    let output = pool.makeTensor(pooledShape(x.shape, geometry), .channelsLast)
    kernels.avgPool2dForward(
      geometry, countIncludePad: countIncludePad, divisorOverride: divisorOverride, input: x.pointer,
      output: output.pointer, pool: threads)
    let operation = AvgPool2dOperation(
      geometry: geometry, countIncludePad: countIncludePad, divisorOverride: divisorOverride)
    return record(.avgPool2d(operation), Node.Inputs(first: input.index), output)
  }

  func avgPool2dBackward(_ operation: AvgPool2dOperation, _ node: Node, _ outputGradient: Tensor) {
    let inputGradient = pool.makeTensor(values[node.inputs.first].tensor.shape, .channelsLast)
    kernels.avgPool2dBackward(
      operation.geometry, countIncludePad: operation.countIncludePad,
      divisorOverride: operation.divisorOverride, outputGradient: outputGradient.pointer,
      inputGradient: inputGradient.pointer, pool: threads)
    addGradient(inputGradient, to: node.inputs.first)
  }
}
