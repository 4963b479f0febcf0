import NNKernels

extension Tape {
  /// y = f(x) on each element. The gradient is dy · f'(x).
  public func elementwise(_ function: ElementwiseFunction, _ input: Variable) -> Variable {
    let x = tensor(input)
    let output = pool.makeTensor(x.shape, x.format)
    kernels.elementwise(
      function, count: x.count, input: x.pointer, output: output.pointer, pool: threads)
    return record(.elementwise(function), Node.Inputs(first: input.index), output)
  }

  func elementwiseBackward(_ function: ElementwiseFunction, _ node: Node, _ outputGradient: Tensor) {
    let x = values[node.inputs.first].tensor
    let inputGradient = pool.makeTensor(x.shape, x.format)
    kernels.elementwiseBackward(
      function, count: x.count, input: x.pointer, outputGradient: outputGradient.pointer,
      inputGradient: inputGradient.pointer, pool: threads)
    addGradient(inputGradient, to: node.inputs.first)
  }
}
