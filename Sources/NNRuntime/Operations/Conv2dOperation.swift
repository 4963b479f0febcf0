import NNKernels
import NNShapes

/// The numbers of a recorded convolution.
struct Conv2dOperation {
  let geometry: Conv2dGeometry
}

extension Tape {
  /// Cross-correlation: y[n, o, i, j] = bias[o] + Σ x[n, c, i·s + u·d - p, j·s + v·d - p] · w[o, c, u, v].
  ///
  /// `input` (N, C, H, W) or (C, H, W), `weight` (O, C/groups, kH, kW), `bias` (O); the output is
  /// (N, O, H', W') or (O, H', W'), channels-last. Traps on other shapes and on windows that do not fit.
  public func conv2d(
    _ input: Variable, weight: Variable, bias: Variable?, vertical: WindowGeometry,
    horizontal: WindowGeometry, groups: Int
  ) -> Variable {
    let (input, weight) = (stored(input, as: .channelsLast), stored(weight, as: .channelsLast))
    let (x, w) = (tensor(input), tensor(weight))
    let rank = x.shape.rank
    precondition(
      (rank == 3 || rank == 4) && w.shape.rank == 4
        && x.shape[rank - 3] == w.shape[1] * groups && w.shape[2] == vertical.kernel
        && w.shape[3] == horizontal.kernel,
      "Conv2d: weight \(w.shape) with \(groups) groups on input \(x.shape)")
    let geometry = Conv2dGeometry(
      batch: rank == 4 ? x.shape[0] : 1, inputChannels: x.shape[rank - 3],
      inputHeight: x.shape[rank - 2], inputWidth: x.shape[rank - 1], outputChannels: w.shape[0],
      groups: groups, vertical: vertical, horizontal: horizontal)
    let outputShape = x.shape.replacing(rank - 3, with: geometry.outputChannels)
      .replacing(rank - 2, with: geometry.outputHeight).replacing(rank - 1, with: geometry.outputWidth)
    let output = pool.makeTensor(outputShape, .channelsLast)
    let workspace = makeWorkspace(
      kernels.conv2dForwardWorkspaceCount(geometry, epilogue: .none, pool: threads))
    kernels.conv2dForward(
      geometry, epilogue: .none, input: x.pointer, weight: w.pointer,
      bias: bias.map { UnsafePointer(tensor($0).pointer) }, output: output.pointer,
      argmax: nil, workspace: workspace.pointer, pool: threads)
    return record(
      .conv2d(Conv2dOperation(geometry: geometry)),
      Node.Inputs(first: input.index, second: weight.index, third: bias?.index ?? -1), output)
  }

  func conv2dBackward(_ operation: Conv2dOperation, _ node: Node, _ outputGradient: Tensor) {
    let (geometry, inputs) = (operation.geometry, node.inputs)
    let (x, w) = (values[inputs.first].tensor, values[inputs.second].tensor)
    let gradient = ConvolutionOutputGradient(values: outputGradient.pointer, argmax: nil)
    if wantsGradient(inputs.first) {
      let inputGradient = pool.makeTensor(x.shape, .channelsLast)
      let workspace = makeWorkspace(
        kernels.conv2dInputGradientWorkspaceCount(geometry, pooled: false, pool: threads))
      kernels.conv2dInputGradient(
        geometry, outputGradient: gradient, weight: w.pointer,
        inputGradient: inputGradient.pointer, workspace: workspace.pointer, pool: threads)
      addGradient(inputGradient, to: inputs.first)
    }
    writeWeightGradients(of: node) { weightGradient, biasGradient, accumulate in
      let workspace = makeWorkspace(
        kernels.conv2dWeightGradientWorkspaceCount(geometry, pooled: false, pool: threads))
      kernels.conv2dWeightGradient(
        geometry, input: x.pointer, outputGradient: gradient,
        weightGradient: weightGradient, biasGradient: biasGradient, accumulate: accumulate,
        workspace: workspace.pointer, pool: threads)
    }
  }
}
