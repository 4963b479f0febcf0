import NNKernels
import NNShapes

/// One forward pass with its epilogue.
struct FusedForward {
  let output: Buffer
  /// Empty where there is no pooling; 255 where nothing was written.
  let argmax: [UInt8]
  /// The pass wrote neither outside its buffers nor outside its workspace.
  let staysInside: Bool

  init(
    _ g: Conv2dGeometry, _ epilogue: ConvolutionEpilogue, _ operands: Operands, _ kernels: Kernels,
    _ pool: ThreadPool, wantsArgmax: Bool = true
  ) {
    let output = Buffer(epilogue.pooling ? g.pooledCount : g.outputCount)
    let workspace = Buffer(kernels.conv2dForwardWorkspaceCount(g, epilogue: epilogue, pool: pool))
    let guardCount = 64
    let count = epilogue.pooling ? g.pooledCount : 0
    var cells = [UInt8](repeating: 255, count: count + guardCount)
    cells.withUnsafeMutableBufferPointer { cells in
      kernels.conv2dForward(
        g, epilogue: epilogue, input: operands.input.pointer, weight: operands.weight.pointer,
        bias: operands.bias.pointer, output: output.pointer,
        argmax: epilogue.pooling && wantsArgmax ? cells.baseAddress : nil,
        workspace: workspace.pointer, pool: pool)
    }
    self.output = output
    staysInside =
      output.guardIsIntact && workspace.guardIsIntact && cells[count...].allSatisfy { $0 == 255 }
    argmax = Array(cells[..<count])
  }

  /// The convolution alone, then the reference's pooling, then a ReLU.
  init(
    stepwise g: Conv2dGeometry, _ epilogue: ConvolutionEpilogue, _ operands: Operands,
    _ kernels: Kernels
  ) {
    let convolved = FusedForward(g, .none, operands, kernels, Pools.one).output
    var cells: [UInt8] = []
    if epilogue.pooling {
      cells = [UInt8](repeating: 255, count: g.pooledCount)
      output = Buffer(g.pooledCount)
      ReferencePooling.forward(
        g, input: convolved.pointer, output: output.pointer, argmax: &cells)
    } else {
      output = convolved
    }
    argmax = cells
    if epilogue.relu {
      for index in 0..<output.count where output.pointer[index] < 0 { output.pointer[index] = 0 }
    }
    staysInside = true
  }
}

/// A random gradient of a pooled output, with the cells that its values belong to.
struct PooledGradient {
  let values: Buffer
  let argmax: [UInt8]

  init(_ g: Conv2dGeometry) {
    values = Buffer(g.pooledCount, seed: 6)
    var generator = TestGenerator(seed: 7)
    argmax = (0..<g.pooledCount).map { _ in UInt8((generator.next() + 1) * 2) & 3 }
  }
}

/// All gradients of a convolution whose output was pooled.
struct Gradients {
  let input: Buffer
  let weight: Buffer
  let bias: Buffer
  let staysInside: Bool

  var results: [(name: String, buffer: Buffer)] {
    [("input gradient", input), ("weight gradient", weight), ("bias gradient", bias)]
  }

  init(_ g: Conv2dGeometry, _ pooled: PooledGradient, _ kernels: Kernels, _ pool: ThreadPool) {
    let operands = Operands(g)
    let input = Buffer(g.inputCount)
    let weight = Buffer(g.weightCount)
    let bias = Buffer(g.outputChannels)
    let inputSpace = Buffer(kernels.conv2dInputGradientWorkspaceCount(g, pooled: true, pool: pool))
    let weightSpace = Buffer(kernels.conv2dWeightGradientWorkspaceCount(g, pooled: true, pool: pool))
    // An empty array has no address, and a nil argmax would mean that nothing was pooled.
    let cells = pooled.argmax + [255]
    cells.withUnsafeBufferPointer { cells in
      let gradient = ConvolutionOutputGradient(
        values: UnsafePointer(pooled.values.pointer), argmax: cells.baseAddress)
      kernels.conv2dInputGradient(
        g, outputGradient: gradient, weight: operands.weight.pointer, inputGradient: input.pointer,
        workspace: inputSpace.pointer, pool: pool)
      kernels.conv2dWeightGradient(
        g, input: operands.input.pointer, outputGradient: gradient, weightGradient: weight.pointer,
        biasGradient: bias.pointer, accumulate: false, workspace: weightSpace.pointer, pool: pool)
    }
    (self.input, self.weight, self.bias) = (input, weight, bias)
    staysInside = [input, weight, bias, inputSpace, weightSpace].allSatisfy(\.guardIsIntact)
  }

  /// By definition, from the gradient with its zeros.
  init(reference g: Conv2dGeometry, _ pooled: PooledGradient) {
    let operands = Operands(g)
    let gradient = Buffer(g.outputCount)
    input = Buffer(g.inputCount)
    weight = Buffer(g.weightCount)
    bias = Buffer(g.outputChannels)
    ReferencePooling.expand(
      g, gradient: pooled.values.pointer, argmax: pooled.argmax, into: gradient.pointer)
    ReferenceConvolution.inputGradient(
      g, outputGradient: gradient.pointer, weight: operands.weight.pointer,
      inputGradient: input.pointer)
    ReferenceConvolution.weightGradient(
      g, input: operands.input.pointer, outputGradient: gradient.pointer,
      weightGradient: weight.pointer, biasGradient: bias.pointer, accumulate: false)
    staysInside = true
  }
}
