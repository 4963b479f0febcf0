import NNKernels
import NNShapes

extension Tape {
  /// y[n, o, i·s + u·d - p, …] += x[n, c, i, …] · w[c, o, u, …]: the input gradient of the convolution with
  /// weight w, whose output is x.
  ///
  /// `input` (N, C, H, W) or (C, H, W), `weight` (C, O/groups, kH, kW), `bias` (O); the output has the sizes of
  /// ``TransposedWindow/outputSize(of:)``, channels-last. Traps on other shapes.
  public func convTranspose2d(
    _ input: Variable, weight: Variable, bias: Variable?, vertical: TransposedWindow,
    horizontal: TransposedWindow, groups: Int
  ) -> Variable {
    let (input, weight) = (stored(input, as: .channelsLast), stored(weight, as: .channelsLast))
    let (x, w) = (tensor(input), tensor(weight))
    let geometry = Conv2dGeometry(
      transposedInput: x.shape, weight: w.shape, vertical: vertical, horizontal: horizontal, groups: groups)
    let rank = x.shape.rank
    let output = pool.makeTensor(
      x.shape.replacing(rank - 3, with: geometry.inputChannels)
        .replacing(rank - 2, with: geometry.inputHeight).replacing(rank - 1, with: geometry.inputWidth),
      .channelsLast)
    let workspace = makeWorkspace(
      kernels.conv2dInputGradientWorkspaceCount(geometry, pooled: false, pool: threads))
    kernels.conv2dInputGradient(
      geometry, outputGradient: ConvolutionOutputGradient(values: x.pointer, argmax: nil), weight: w.pointer,
      inputGradient: output.pointer, workspace: workspace.pointer, pool: threads)
    if let bias {
      let b = tensor(bias).pointer
      let channels = geometry.inputChannels
      threads.run(tasks: geometry.batch * geometry.inputHeight) { row, _ in
        for column in 0..<geometry.inputWidth {
          let pixel = output.pointer + (row * geometry.inputWidth + column) * channels
          for channel in 0..<channels { pixel[channel] += b[channel] }
        }
      }
    }
    return record(
      .convTranspose2d(geometry),
      Node.Inputs(first: input.index, second: weight.index, third: bias?.index ?? -1), output)
  }

  /// dx is the convolution of dy; dw its weight gradient, with x for the output's gradient; db = Σ dy.
  func convTranspose2dBackward(_ geometry: Conv2dGeometry, _ node: Node, _ outputGradient: Tensor) {
    let (x, w) = (values[node.inputs.first].tensor, values[node.inputs.second].tensor)
    if wantsGradient(node.inputs.first) {
      let inputGradient = pool.makeTensor(x.shape, .channelsLast)
      let workspace = makeWorkspace(
        kernels.conv2dForwardWorkspaceCount(geometry, epilogue: .none, pool: threads))
      kernels.conv2dForward(
        geometry, epilogue: .none, input: outputGradient.pointer, weight: w.pointer, bias: nil,
        output: inputGradient.pointer, argmax: nil, workspace: workspace.pointer, pool: threads)
      addGradient(inputGradient, to: node.inputs.first)
    }
    if wantsGradient(node.inputs.second) {
      let weightGradient = pool.makeTensor(w.shape, .channelsLast)
      let workspace = makeWorkspace(
        kernels.conv2dWeightGradientWorkspaceCount(geometry, pooled: false, pool: threads))
      kernels.conv2dWeightGradient(
        geometry, input: outputGradient.pointer,
        outputGradient: ConvolutionOutputGradient(values: x.pointer, argmax: nil),
        weightGradient: weightGradient.pointer, biasGradient: nil, accumulate: false,
        workspace: workspace.pointer, pool: threads)
      addGradient(weightGradient, to: node.inputs.second)
    }
    if wantsGradient(node.inputs.third) {
      let channels = geometry.inputChannels
      let biasGradient = pool.makeTensor(Shape(channels))
      let rows = outputGradient.count / max(channels, 1)
      kernels.channelSums(
        rows: rows, channels: channels, input: outputGradient.pointer, output: biasGradient.pointer,
        workspace: makeWorkspace(kernels.channelSumsWorkspaceCount(rows: rows, channels: channels)).pointer,
        pool: threads)
      addGradient(biasGradient, to: node.inputs.third)
    }
  }
}

extension Conv2dGeometry {
  /// The convolution whose input gradient maps (N, C, H, W) or (C, H, W) by a weight (C, O/groups, kH, kW).
  /// Traps where they do not go together.
  init(
    transposedInput x: Shape, weight w: Shape, vertical: TransposedWindow, horizontal: TransposedWindow,
    groups: Int
  ) {
    let rank = x.rank
    guard rank == 3 || rank == 4, w.rank == 4, x[rank - 3] == w[0], w[2] == vertical.kernel,
      w[3] == horizontal.kernel, let height = vertical.outputSize(of: x[rank - 2]),
      let width = horizontal.outputSize(of: x[rank - 1])
    else { preconditionFailure("ConvTranspose2d: weight \(w) with \(groups) groups on input \(x)") }
    self.init(
      batch: rank == 4 ? x[0] : 1, inputChannels: w[1] * groups, inputHeight: height, inputWidth: width,
      outputChannels: w[0], groups: groups,
      vertical: vertical.convolution(over: height, windows: x[rank - 2]),
      horizontal: horizontal.convolution(over: width, windows: x[rank - 1]))
  }
}
