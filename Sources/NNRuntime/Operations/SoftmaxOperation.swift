import NNKernels
import NNShapes

extension Tape {
  /// y = exp(x - max) / Σ exp(x - max) along dimension `dim`, which may count from the end. The
  /// gradient is y · (dy - Σ dy · y). A line of -∞ gives NaN.
  public func softmax(_ input: Variable, dim: Int) -> Variable {
    let input = stored(input, as: .contiguous)
    let x = tensor(input)
    let layout = AxisLayout(x.shape, dim: dim, "Softmax")
    let output = pool.makeTensor(x.shape)
    kernels.softmax(
      outer: layout.outer, axis: layout.axis, inner: layout.inner, input: x.pointer,
      output: output.pointer, pool: threads)
    return record(.softmax(layout), Node.Inputs(first: input.index), output)
  }

  func softmaxBackward(_ layout: AxisLayout, _ node: Node, _ outputGradient: Tensor) {
    let y = values[node.output].tensor
    let inputGradient = pool.makeTensor(y.shape)
    kernels.softmaxBackward(
      outer: layout.outer, axis: layout.axis, inner: layout.inner, output: y.pointer,
      outputGradient: outputGradient.pointer, inputGradient: inputGradient.pointer, pool: threads)
    addGradient(inputGradient, to: node.inputs.first)
  }
}
