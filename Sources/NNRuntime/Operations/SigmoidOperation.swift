import NNKernels

extension Tape {
  /// y = 1 / (1 + exp(-x)) on each element. The gradient is dy · y · (1 - y).
  public func sigmoid(_ input: Variable) -> Variable {
    let x = tensor(input)
    let output = pool.makeTensor(x.shape, x.format)
    kernels.sigmoid(count: x.count, input: x.pointer, output: output.pointer, pool: threads)
    return record(.sigmoid, Node.Inputs(first: input.index), output)
  }

  func sigmoidBackward(_ node: Node, _ outputGradient: Tensor) {
    let y = values[node.output].tensor
    let inputGradient = pool.makeTensor(y.shape, y.format)
    kernels.sigmoidBackward(
      count: y.count, output: y.pointer, outputGradient: outputGradient.pointer,
      inputGradient: inputGradient.pointer, pool: threads)
    addGradient(inputGradient, to: node.inputs.first)
  }
}
