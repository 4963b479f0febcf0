import NNKernels
import NNShapes

/// The time of a call, in seconds.
struct Timing {
  let median: Double
  let best: Double
}

/// Times of the three passes of one convolution.
struct ConvolutionBenchmark {
  let forward: Timing
  let inputGradient: Timing
  let weightGradient: Timing

  /// Measures for about `seconds` a pass.
  init(_ geometry: Conv2dGeometry, _ kernels: Kernels, _ pool: ThreadPool, seconds: Double) {
    let input = randomBuffer(geometry.inputCount)
    let weight = randomBuffer(geometry.weightCount)
    let bias = randomBuffer(geometry.outputChannels)
    let output = randomBuffer(geometry.outputCount)
    let inputGradient = randomBuffer(geometry.inputCount)
    let workspace = randomBuffer(
      max(
        kernels.conv2dForwardWorkspaceCount(geometry, epilogue: .none, pool: pool),
        kernels.conv2dInputGradientWorkspaceCount(geometry, pooled: false, pool: pool),
        kernels.conv2dWeightGradientWorkspaceCount(geometry, pooled: false, pool: pool)))
    defer {
      for buffer in [input, weight, bias, output, inputGradient, workspace] { buffer.deallocate() }
    }
    forward = measure(seconds) {
      kernels.conv2dForward(
        geometry, epilogue: .none, input: input, weight: weight, bias: bias, output: output, argmax: nil,
        workspace: workspace,
        pool: pool)
    }
    self.inputGradient = measure(seconds) {
      kernels.conv2dInputGradient(
        geometry, outputGradient: ConvolutionOutputGradient(values: output, argmax: nil), weight: weight,
        inputGradient: inputGradient,
        workspace: workspace, pool: pool)
    }
    weightGradient = measure(seconds) {
      kernels.conv2dWeightGradient(
        geometry, input: input, outputGradient: ConvolutionOutputGradient(values: output, argmax: nil),
        weightGradient: weight, biasGradient: bias,
        accumulate: false, workspace: workspace, pool: pool)
    }
  }
}

/// Numbers in -0.5 ..< 0.5: none is so small that arithmetic slows down.
private func randomBuffer(_ count: Int) -> UnsafeMutablePointer<Float> {
  let buffer = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
  for index in 0..<count { buffer[index] = Float(index &* 7919 % 1009) / 1009 - 0.5 }
  return buffer
}

/// The time of a call, from calls that take `seconds` together.
private func measure(_ seconds: Double, _ body: () -> Void) -> Timing {
  body()
  let clock = ContinuousClock()
  var times: [Double] = []
  var total = 0.0
  while total < seconds || times.count < 5 {
    let time = clock.measure(body) / .seconds(1)
    times.append(time)
    total += time
  }
  times.sort()
  return Timing(median: times[times.count / 2], best: times[0])
}
