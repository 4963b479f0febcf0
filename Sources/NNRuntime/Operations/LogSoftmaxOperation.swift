import NNKernels
import NNShapes

extension Tape {
  /// y = x - max - log Σ exp(x - max) along dimension `dim`, which may count from the end. The
  /// gradient is dy - exp(y) · Σ dy. A line of -∞ gives NaN.
  public func logSoftmax(_ input: Variable, dim: Int) -> Variable {
    let input = stored(input, as: .contiguous)
    let x = tensor(input)
    let layout = AxisLayout(x.shape, dim: dim, "LogSoftmax")
    let output = pool.makeTensor(x.shape)
    kernels.logSoftmax(
      outer: layout.outer, axis: layout.axis, inner: layout.inner, input: x.pointer,
      output: output.pointer, pool: threads)
    return record(.logSoftmax(layout), Node.Inputs(first: input.index), output)
  }

  func logSoftmaxBackward(_ layout: AxisLayout, _ node: Node, _ outputGradient: Tensor) {
    let y = values[node.output].tensor
    let inputGradient = pool.makeTensor(y.shape)
    kernels.logSoftmaxBackward(
      outer: layout.outer, axis: layout.axis, inner: layout.inner, output: y.pointer,
      outputGradient: outputGradient.pointer, inputGradient: inputGradient.pointer, pool: threads)
    addGradient(inputGradient, to: node.inputs.first)
  }
}
