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
    addGradient(reluMasked(outputGradient, by: values[node.output].tensor), to: node.inputs.first)
  }

  /// The gradient before a ReLU whose output was `output`: dy where y > 0 or is NaN, else 0.
  func reluMasked(_ outputGradient: Tensor, by output: Tensor) -> Tensor {
    let inputGradient = pool.makeTensor(output.shape, output.format)
    kernels.reluBackward(
      count: output.count, output: output.pointer, outputGradient: outputGradient.pointer,
      inputGradient: inputGradient.pointer, pool: threads)
    return inputGradient
  }
}
