import NNKernels
import NNShapes

/// Times of the three passes of one layer.
struct LayerBenchmark {
  let forward: Timing
  let inputGradient: Timing
  let weightGradient: Timing

  /// Measures for about `seconds` a pass.
  init(_ shape: LayerShape, _ kernels: Kernels, _ pool: ThreadPool, seconds: Double) {
    switch shape {
    case .conv2d(let geometry, let epilogue):
      self.init(geometry, epilogue, kernels, pool, seconds: seconds)
    case .linear(let rows, let inFeatures, let outFeatures):
      self.init(
        rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, kernels, pool, seconds: seconds)
    }
  }

  private init(
    _ geometry: Conv2dGeometry, _ epilogue: ConvolutionEpilogue, _ kernels: Kernels, _ pool: ThreadPool,
    seconds: Double
  ) {
    let pooled = epilogue.pooling
    let input = randomBuffer(geometry.inputCount)
    let weight = randomBuffer(geometry.weightCount)
    let bias = randomBuffer(geometry.outputChannels)
    let output = randomBuffer(pooled ? geometry.pooledCount : geometry.outputCount)
    let inputGradient = randomBuffer(geometry.inputCount)
    let weightGradient = randomBuffer(geometry.weightCount)
    let biasGradient = randomBuffer(geometry.outputChannels)
    let workspace = randomBuffer(
      max(
        kernels.conv2dForwardWorkspaceCount(geometry, epilogue: epilogue, pool: pool),
        kernels.conv2dInputGradientWorkspaceCount(geometry, pooled: pooled, pool: pool),
        kernels.conv2dWeightGradientWorkspaceCount(geometry, pooled: pooled, pool: pool)))
    let argmax = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, geometry.pooledCount))
    argmax.initialize(repeating: 0, count: max(1, geometry.pooledCount))
    defer {
      for buffer in [input, weight, bias, output, inputGradient, weightGradient, biasGradient, workspace] {
        buffer.deallocate()
      }
      argmax.deallocate()
    }
    forward = Timing(seconds: seconds) {
      kernels.conv2dForward(
        geometry, epilogue: epilogue, input: input, weight: weight, bias: bias, output: output,
        argmax: pooled ? argmax : nil, workspace: workspace, pool: pool)
    }
    // As after the forward pass: the argmax is that of real maxima.
    let gradient = ConvolutionOutputGradient(values: output, argmax: pooled ? UnsafePointer(argmax) : nil)
    self.inputGradient = Timing(seconds: seconds) {
      kernels.conv2dInputGradient(
        geometry, outputGradient: gradient, weight: weight, inputGradient: inputGradient,
        workspace: workspace, pool: pool)
    }
    self.weightGradient = Timing(seconds: seconds) {
      kernels.conv2dWeightGradient(
        geometry, input: input, outputGradient: gradient, weightGradient: weightGradient,
        biasGradient: biasGradient, accumulate: false, workspace: workspace, pool: pool)
    }
  }

  private init(
    rows: Int, inFeatures: Int, outFeatures: Int, _ kernels: Kernels, _ pool: ThreadPool, seconds: Double
  ) {
    let input = randomBuffer(rows * inFeatures)
    let weight = randomBuffer(outFeatures * inFeatures)
    let bias = randomBuffer(outFeatures)
    let output = randomBuffer(rows * outFeatures)
    let inputGradient = randomBuffer(rows * inFeatures)
    let weightGradient = randomBuffer(outFeatures * inFeatures)
    let biasGradient = randomBuffer(outFeatures)
    let workspace = randomBuffer(
      max(
        kernels.linearForwardWorkspaceCount(
          rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, pool: pool),
        kernels.linearInputGradientWorkspaceCount(
          rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, pool: pool),
        kernels.linearWeightGradientWorkspaceCount(
          rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, pool: pool)))
    defer {
      for buffer in [input, weight, bias, output, inputGradient, weightGradient, biasGradient, workspace] {
        buffer.deallocate()
      }
    }
    forward = Timing(seconds: seconds) {
      kernels.linearForward(
        rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, relu: false, input: input,
        weight: weight, bias: bias, output: output, workspace: workspace, pool: pool)
    }
    self.inputGradient = Timing(seconds: seconds) {
      kernels.linearInputGradient(
        rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, outputGradient: output,
        weight: weight, inputGradient: inputGradient, workspace: workspace, pool: pool)
    }
    self.weightGradient = Timing(seconds: seconds) {
      kernels.linearWeightGradient(
        rows: rows, inFeatures: inFeatures, outFeatures: outFeatures, input: input,
        outputGradient: output, weightGradient: weightGradient, biasGradient: biasGradient,
        accumulate: false, workspace: workspace, pool: pool)
    }
  }
}

/// Numbers in -0.5 ..< 0.5: none is so small that arithmetic slows down.
private func randomBuffer(_ count: Int) -> UnsafeMutablePointer<Float> {
  let buffer = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
  for index in 0..<max(1, count) { buffer[index] = Float(index &* 7919 % 1009) / 1009 - 0.5 }
  return buffer
}
