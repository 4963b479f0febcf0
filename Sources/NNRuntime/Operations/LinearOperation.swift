import NNKernels
import NNShapes

/// The numbers of a recorded linear map.
struct LinearOperation {
  /// The product of all dimensions but the last.
  let rows: Int
  let inFeatures: Int
  let outFeatures: Int
  /// Whether max(y, 0) follows.
  let relu: Bool
}

extension Tape {
  /// y = x · Wᵀ + b on the last dimension; with `relu` max(y, 0).
  ///
  /// `input` (…, in) of rank 1 or more, `weight` (out, in), `bias` (out); the output is (…, out). Traps
  /// on other shapes.
  public func linear(
    _ input: Variable, weight: Variable, bias: Variable?, relu: Bool = false
  ) -> Variable {
    let input = stored(input, as: .contiguous)
    let (x, w) = (tensor(input), tensor(weight))
    let last = x.shape.rank - 1
    precondition(
      last >= 0 && w.shape.rank == 2 && x.shape[last] == w.shape[1],
      "Linear: weight \(w.shape) on input \(x.shape)")
    let operation = LinearOperation(
      rows: x.shape.elementCount(from: 0, to: last), inFeatures: w.shape[1], outFeatures: w.shape[0],
      relu: relu)
    let (rows, inFeatures, outFeatures) = (operation.rows, w.shape[1], w.shape[0])
    let output = pool.makeTensor(x.shape.replacing(last, with: outFeatures))
    let workspace = makeWorkspace(
      kernels.linearForwardWorkspaceCount(
        rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, pool: threads))
    kernels.linearForward(
      rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, relu: relu, input: x.pointer,
      weight: w.pointer, bias: bias.map { UnsafePointer(tensor($0).pointer) }, output: output.pointer,
      workspace: workspace.pointer, pool: threads)
    return record(
      .linear(operation),
      Node.Inputs(first: input.index, second: weight.index, third: bias?.index ?? -1), output)
  }

  func linearBackward(_ operation: LinearOperation, _ node: Node, _ outputGradient: Tensor) {
    let outputGradient =
      operation.relu ? reluMasked(outputGradient, by: values[node.output].tensor) : outputGradient
    let (rows, inFeatures, outFeatures) = (operation.rows, operation.inFeatures, operation.outFeatures)
    let (x, w) = (values[node.inputs.first].tensor, values[node.inputs.second].tensor)
    if wantsGradient(node.inputs.first) {
      let inputGradient = pool.makeTensor(x.shape)
      let workspace = makeWorkspace(
        kernels.linearInputGradientWorkspaceCount(
          rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, pool: threads))
      kernels.linearInputGradient(
        rows: rows, inFeatures: inFeatures, outFeatures: outFeatures,
        outputGradient: outputGradient.pointer, weight: w.pointer,
        inputGradient: inputGradient.pointer, workspace: workspace.pointer, pool: threads)
      addGradient(inputGradient, to: node.inputs.first)
    }
    writeWeightGradients(of: node) { weightGradient, biasGradient, accumulate in
      let workspace = makeWorkspace(
        kernels.linearWeightGradientWorkspaceCount(
          rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, pool: threads))
      kernels.linearWeightGradient(
        rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, input: x.pointer,
        outputGradient: outputGradient.pointer, weightGradient: weightGradient,
        biasGradient: biasGradient, accumulate: accumulate, workspace: workspace.pointer, pool: threads)
    }
  }
}
