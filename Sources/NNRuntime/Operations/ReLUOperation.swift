import NNKernels

extension Tape {
  /// y = max(x, 0) on each element; NaN stays. The gradient is dy where y > 0, 0 at 0.
  public func relu(_ input: Variable) -> Variable {
    let x = tensor(input)
    let output = pool.makeTensor(x.shape, x.format)
    kernels.relu(count: x.count, input: x.pointer, output: output.pointer, pool: threads)
    return record(.relu, Node.Inputs(first: input.index), output)
  }

  func reluBackward(_ node: Node, _ outputGradient: Tensor) {
    let y = values[node.output].tensor
    let inputGradient = pool.makeTensor(y.shape, y.format)
    kernels.reluBackward(
      count: y.count, output: y.pointer, outputGradient: outputGradient.pointer,
      inputGradient: inputGradient.pointer, pool: threads)
    addGradient(inputGradient, to: node.inputs.first)
  }
}
