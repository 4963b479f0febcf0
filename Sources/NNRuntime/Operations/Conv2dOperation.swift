import NNKernels
import NNShapes

/// The numbers of a recorded convolution; with a pooling the node keeps the argmax bytes.
struct Conv2dOperation {
  let geometry: Conv2dGeometry
  let epilogue: ConvolutionEpilogue
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
    conv2d(
      input, weight: weight, bias: bias, vertical: vertical, horizontal: horizontal, groups: groups,
      epilogue: .none)
  }

  /// The same followed by what `epilogue` says, in one pass: the maxima of 2×2 windows, which halve H'
  /// and W', and max(y, 0).
  public func conv2d(
    _ input: Variable, weight: Variable, bias: Variable?, vertical: WindowGeometry,
    horizontal: WindowGeometry, groups: Int, epilogue: ConvolutionEpilogue
  ) -> Variable {
    let (input, weight) = (stored(input, as: .channelsLast), stored(weight, as: .channelsLast))
    let (x, w) = (tensor(input), tensor(weight))
    let geometry = Conv2dGeometry(
      input: x.shape, weight: w.shape, vertical: vertical, horizontal: horizontal, groups: groups)
    let inputs = Node.Inputs(first: input.index, second: weight.index, third: bias?.index ?? -1)
    let output = pool.makeTensor(outputShape(of: x.shape, geometry, epilogue), .channelsLast)
    let argmax = epilogue.pooling && needsGradient(inputs) ? pool.take(byteCount: output.count) : nil
    let workspace = makeWorkspace(
      kernels.conv2dForwardWorkspaceCount(geometry, epilogue: epilogue, pool: threads))
    kernels.conv2dForward(
      geometry, epilogue: epilogue, input: x.pointer, weight: w.pointer,
      bias: bias.map { UnsafePointer(tensor($0).pointer) }, output: output.pointer,
      argmax: argmax?.bytes, workspace: workspace.pointer, pool: threads)
    return record(
      .conv2d(Conv2dOperation(geometry: geometry, epilogue: epilogue)), inputs, output, saved: argmax)
  }

  func conv2dBackward(_ operation: Conv2dOperation, _ node: Node, _ outputGradient: Tensor) {
    let (geometry, epilogue, inputs) = (operation.geometry, operation.epilogue, node.inputs)
    let (x, w) = (values[inputs.first].tensor, values[inputs.second].tensor)
    let masked = epilogue.relu ? reluMasked(outputGradient, by: values[node.output].tensor) : outputGradient
    let gradient = ConvolutionOutputGradient(
      values: masked.pointer, argmax: node.saved.map { UnsafePointer($0.bytes) })
    if wantsGradient(inputs.first) {
      let inputGradient = pool.makeTensor(x.shape, .channelsLast)
      let workspace = makeWorkspace(
        kernels.conv2dInputGradientWorkspaceCount(geometry, pooled: epilogue.pooling, pool: threads))
      kernels.conv2dInputGradient(
        geometry, outputGradient: gradient, weight: w.pointer,
        inputGradient: inputGradient.pointer, workspace: workspace.pointer, pool: threads)
      addGradient(inputGradient, to: inputs.first)
    }
    writeWeightGradients(of: node) { weightGradient, biasGradient, accumulate in
      let workspace = makeWorkspace(
        kernels.conv2dWeightGradientWorkspaceCount(geometry, pooled: epilogue.pooling, pool: threads))
      kernels.conv2dWeightGradient(
        geometry, input: x.pointer, outputGradient: gradient,
        weightGradient: weightGradient, biasGradient: biasGradient, accumulate: accumulate,
        workspace: workspace.pointer, pool: threads)
    }
  }

  private func outputShape(
    of input: Shape, _ geometry: Conv2dGeometry, _ epilogue: ConvolutionEpilogue
  ) -> Shape {
    let divisor = epilogue.pooling ? 2 : 1
    let (height, width) = (geometry.outputHeight / divisor, geometry.outputWidth / divisor)
    precondition(height >= 1 && width >= 1, "MaxPool2d(2) of the convolution of \(input)")
    let rank = input.rank
    return input.replacing(rank - 3, with: geometry.outputChannels).replacing(rank - 2, with: height)
      .replacing(rank - 1, with: width)
  }
}

extension Conv2dGeometry {
  /// That of a weight (O, C/groups, kH, kW) on an input (N, C, H, W) or (C, H, W). Traps where they do
  /// not go together.
  init(
    input x: Shape, weight w: Shape, vertical: WindowGeometry, horizontal: WindowGeometry, groups: Int
  ) {
    let rank = x.rank
    precondition(
      (rank == 3 || rank == 4) && w.rank == 4 && x[rank - 3] == w[1] * groups
        && w[2] == vertical.kernel && w[3] == horizontal.kernel,
      "Conv2d: weight \(w) with \(groups) groups on input \(x)")
    self.init(
      batch: rank == 4 ? x[0] : 1, inputChannels: x[rank - 3], inputHeight: x[rank - 2],
      inputWidth: x[rank - 1], outputChannels: w[0], groups: groups, vertical: vertical,
      horizontal: horizontal)
  }
}
