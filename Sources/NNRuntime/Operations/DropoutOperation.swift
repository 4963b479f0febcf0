import NNKernels
import NNShapes

/// The numbers of a recorded dropout; the node keeps the mask.
struct DropoutOperation {
  /// 1 / (1 - p).
  let factor: Float
}

extension Tape {
  /// In training mode, each element kept with probability 1 - p and divided by 1 - p, else 0 · x; the
  /// input itself in evaluation mode and for p = 0.
  ///
  /// The masks are PyTorch's: one 53-bit draw an element, in PyTorch's order of elements; none where
  /// p is 0 or 1. `p` is in 0 ... 1.
  public func dropout(_ input: Variable, p: Double) -> Variable {
    precondition(p >= 0 && p <= 1, "Dropout: p = \(p)")
    let x = tensor(input)
    guard isTraining && p > 0 && x.count > 0 else { return input }
    let mask = pool.take(byteCount: x.count)
    if p == 1 {
      mask.bytes.update(repeating: 0, count: x.count)
    } else {
      x.forEachOffset { mask.bytes[$0] = generator.uniformDouble() < 1 - p ? 1 : 0 }
    }
    let operation = DropoutOperation(factor: p == 1 ? 0 : 1 / Float(1 - p))
    let output = pool.makeTensor(x.shape, x.format)
    applyMask(operation, mask, x, output)
    return record(.dropout(operation), Node.Inputs(first: input.index), output, saved: mask)
  }

  func dropoutBackward(_ operation: DropoutOperation, _ node: Node, _ outputGradient: Tensor) {
    guard let mask = node.saved else { return }
    let inputGradient = pool.makeTensor(outputGradient.shape, outputGradient.format)
    applyMask(operation, mask, outputGradient, inputGradient)
    addGradient(inputGradient, to: node.inputs.first)
  }

  private func applyMask(
    _ operation: DropoutOperation, _ mask: Storage, _ input: Tensor, _ output: Tensor
  ) {
    kernels.applyMask(
      count: input.count, factor: operation.factor, mask: mask.bytes, input: input.pointer,
      output: output.pointer, pool: threads)
  }
}
