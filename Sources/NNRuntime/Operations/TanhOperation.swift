import NNKernels

extension Tape {
  /// y = tanh(x) on each element. The gradient is dy · (1 - y²).
  public func tanh(_ input: Variable) -> Variable {
    let x = tensor(input)
    let output = pool.makeTensor(x.shape, x.format)
    kernels.tanh(count: x.count, input: x.pointer, output: output.pointer, pool: threads)
    return record(.tanh, Node.Inputs(first: input.index), output)
  }

  func tanhBackward(_ node: Node, _ outputGradient: Tensor) {
    let y = values[node.output].tensor
    let inputGradient = pool.makeTensor(y.shape, y.format)
    kernels.tanhBackward(
      count: y.count, output: y.pointer, outputGradient: outputGradient.pointer,
      inputGradient: inputGradient.pointer, pool: threads)
    addGradient(inputGradient, to: node.inputs.first)
  }
}
