import NNKernels

extension Tape {
  /// y = factor · x on each element. The gradient is factor · dy.
  public func scaled(_ input: Variable, by factor: Float) -> Variable {
    let x = tensor(input)
    let output = pool.makeTensor(x.shape, x.format)
    kernels.scale(
      count: x.count, factor: factor, input: x.pointer, output: output.pointer, pool: threads)
    return record(.scale(factor), Node.Inputs(first: input.index), output)
  }

  func scaleBackward(_ factor: Float, _ node: Node, _ outputGradient: Tensor) {
    let inputGradient = pool.makeTensor(outputGradient.shape, outputGradient.format)
    kernels.scale(
      count: outputGradient.count, factor: factor, input: outputGradient.pointer,
      output: inputGradient.pointer, pool: threads)
    addGradient(inputGradient, to: node.inputs.first)
  }
}
