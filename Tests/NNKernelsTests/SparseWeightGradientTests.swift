import NNKernels
import NNShapes
import Testing

/// The weight gradient of one convolution from the gradient of its pooled output.
struct SparseRun {
  let weightGradient: Buffer
  let biasGradient: Buffer
  let staysInside: Bool

  init(_ g: Conv2dGeometry, _ kernels: Kernels, _ pool: ThreadPool, accumulate: Bool = false) {
    let operands = PooledOperands(g)
    let weightGradient = accumulate ? Buffer(g.weightCount, seed: 5) : Buffer(g.weightCount)
    let biasGradient = accumulate ? Buffer(g.outputChannels, seed: 6) : Buffer(g.outputChannels)
    let workspace = Buffer(kernels.conv2dWeightGradientWorkspaceCount(g, pooled: true, pool: pool))
    operands.argmax.withUnsafeBufferPointer { argmax in
      kernels.conv2dWeightGradient(
        g, input: operands.input.pointer,
        outputGradient: ConvolutionOutputGradient(
          values: operands.gradient.pointer, argmax: argmax.baseAddress),
        weightGradient: weightGradient.pointer, biasGradient: biasGradient.pointer,
        accumulate: accumulate, workspace: workspace.pointer, pool: pool)
    }
    (self.weightGradient, self.biasGradient) = (weightGradient, biasGradient)
    staysInside = [workspace, weightGradient, biasGradient].allSatisfy(\.guardIsIntact)
  }

  /// By definition, from the gradient with its zeros.
  init(reference g: Conv2dGeometry, accumulate: Bool = false) {
    let operands = PooledOperands(g)
    let weightGradient = accumulate ? Buffer(g.weightCount, seed: 5) : Buffer(g.weightCount)
    let biasGradient = accumulate ? Buffer(g.outputChannels, seed: 6) : Buffer(g.outputChannels)
    let expanded = Buffer(g.outputCount)
    operands.argmax.withUnsafeBufferPointer { argmax in
      guard let cells = argmax.baseAddress else { return }
      ReferencePooling.expand(
        g, gradient: operands.gradient.pointer, argmax: cells, into: expanded.pointer)
    }
    ReferenceConvolution.weightGradient(
      g, input: operands.input.pointer, outputGradient: expanded.pointer,
      weightGradient: weightGradient.pointer, biasGradient: biasGradient.pointer,
      accumulate: accumulate)
    (self.weightGradient, self.biasGradient) = (weightGradient, biasGradient)
    staysInside = true
  }

  var results: [(name: String, buffer: Buffer)] {
    [("weight gradient", weightGradient), ("bias gradient", biasGradient)]
  }
}

/// Random operands: an input, a pooled gradient and the cells that it belongs to.
private struct PooledOperands {
  let input: Buffer
  let gradient: Buffer
  /// One more than there are pooled values, so that there is an address to pass.
  let argmax: [UInt8]

  init(_ g: Conv2dGeometry) {
    input = Buffer(g.inputCount, seed: 1)
    gradient = Buffer(g.pooledCount, seed: 2)
    var generator = TestGenerator(seed: 3)
    argmax = (0...g.pooledCount).map { _ in UInt8((generator.next() + 1) * 2) }
  }
}

@Suite struct SparseWeightGradientTests {
  /// Compares every build with the reference, and two pools with one another bit by bit.
  private func check(_ g: Conv2dGeometry, accumulate: Bool = false) {
    let expected = SparseRun(reference: g, accumulate: accumulate)
    let terms = Float(g.batch * (g.outputHeight / 2) * (g.outputWidth / 2))
    let tolerance = 2e-7 * (4 + 4 * terms.squareRoot())
    for build in TestBuild.all {
      let run = SparseRun(g, build.kernels, Pools.one, accumulate: accumulate)
      let shared = SparseRun(g, build.kernels, Pools.three, accumulate: accumulate)
      #expect(run.staysInside && shared.staysInside, "\(build.testDescription): \(describe(g))")
      for ((got, same), want) in zip(zip(run.results, shared.results), expected.results) {
        let error = got.buffer.error(against: want.buffer)
        #expect(error <= tolerance, "\(build.testDescription) \(got.name): \(describe(g))")
        #expect(
          got.buffer.bits == same.buffer.bits,
          "\(build.testDescription) \(got.name) differs with 3 threads: \(describe(g))")
      }
    }
  }

  /// Output channels around the transposed blocks, the slices and the lists.
  @Test(arguments: [1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65])
  func outputChannelTails(outputs: Int) {
    check(conv(2, 3, 6, 6, outputs, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(3, 17, 4, 5, outputs, kernel: (1, 1)))
  }

  /// Input channels around the vectors of all builds: 4, 8, 16; with rows of taps expanded and not.
  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 64, 100])
  func inputChannelTails(inputs: Int) {
    check(conv(2, inputs, 6, 5, 6, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(1, inputs, 4, 7, 10, kernel: (5, 5), padding: (2, 2, 2, 2)))
    check(conv(2, inputs, 5, 6, 9, kernel: (1, 1)))
    check(conv(2, inputs, 4, 4, 3, kernel: (2, 2)))
  }

  /// Pooled pixels a region: a tile's two chains end on an even and an odd one.
  @Test(arguments: [1, 2, 3, 4, 5, 8, 11, 16, 17, 24, 25])
  func pixelTails(width: Int) {
    check(conv(1, 4, 3, width + 1, 5, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(3, 8, 2, 2 * width, 9, kernel: (1, 1)))
    check(conv(1, 2, 2 * width + 1, 2, 3, kernel: (2, 1), padding: (1, 0, 0, 0)))
  }

  /// Tiles of every number of rows and vectors, and kernels wider than any.
  @Test(arguments: 1...14)
  func kernelSizes(kernel: Int) {
    let half = kernel / 2
    for inputs in [1, 3, 8, 20] {
      check(conv(1, inputs, 5, 6, 9, kernel: (kernel, kernel), padding: (half, half, half, half)))
      check(conv(2, inputs, 5, 6, 4, kernel: (1, kernel), padding: (0, 0, half, half)))
      check(conv(2, inputs, 5, 6, 4, kernel: (kernel, 1), padding: (half, half, 0, 0)))
    }
  }

  @Test(arguments: [1, 2, 3, 5], [1, 2, 3])
  func stridesAndDilations(kernel: Int, stride: Int) {
    for dilation in 1...3 {
      for padding in [0, kernel / 2, kernel] {
        for (size, inputs) in [(9, 3), (14, 10)] where size + 2 * padding > dilation * (kernel - 1) {
          check(
            conv(
              2, inputs, size, size + 1, 5, kernel: (kernel, kernel), stride: (stride, stride),
              padding: (padding, padding, padding, padding), dilation: (dilation, dilation)))
        }
      }
    }
  }

  @Test func asymmetricWindows() {
    check(conv(2, 3, 9, 6, 4, kernel: (4, 2), padding: (1, 2, 0, 1)))
    check(conv(2, 9, 6, 9, 4, kernel: (1, 5), stride: (2, 1), padding: (0, 0, 2, 2)))
    check(conv(1, 3, 9, 9, 4, kernel: (3, 2), stride: (1, 3), padding: (3, 0, 0, 4), dilation: (2, 3)))
    check(conv(1, 2, 2, 2, 3, kernel: (3, 3), stride: (5, 5), padding: (4, 4, 4, 4)))
    check(conv(1, 8, 11, 11, 2, kernel: (3, 3), stride: (4, 6), padding: (1, 1, 1, 1), dilation: (2, 4)))
  }

  @Test(arguments: [1, 2, 3, 6], [1, 2])
  func groups(groups: Int, dilation: Int) {
    for outputs in [6, 12, 54] {
      check(
        conv(
          2, 6, 6, 7, outputs, kernel: (3, 3), padding: (1, 1, 1, 1), dilation: (dilation, dilation),
          groups: groups))
      check(
        conv(
          1, 60, 5, 5, outputs, kernel: (3, 3), padding: (1, 1, 1, 1), dilation: (dilation, dilation),
          groups: groups))
    }
    check(conv(2, 40, 7, 6, 40, kernel: (3, 3), padding: (1, 1, 1, 1), groups: 40))
  }

  /// Shapes that are cut into several regions, partial sums and slices, with their own and shared copies.
  @Test func manyRegions() {
    check(conv(64, 3, 32, 32, 8, kernel: (5, 5), padding: (2, 2, 2, 2)))
    check(conv(20, 8, 16, 16, 12, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(1, 3, 50, 60, 8, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(1, 16, 40, 48, 40, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(1, 1, 4, 300, 3, kernel: (5, 5), padding: (2, 2, 2, 2)))
    check(conv(9, 48, 4, 4, 130, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(70, 32, 8, 8, 34, kernel: (5, 5), padding: (2, 2, 2, 2)))
  }

  /// What is there is added to, with padded sums and without, with one partial sum and with several.
  @Test func accumulates() {
    check(conv(3, 5, 6, 6, 7, kernel: (3, 3), padding: (1, 1, 1, 1)), accumulate: true)
    check(conv(2, 16, 6, 6, 9, kernel: (3, 3), padding: (1, 1, 1, 1)), accumulate: true)
    check(conv(64, 3, 12, 12, 8, kernel: (5, 5), padding: (2, 2, 2, 2)), accumulate: true)
  }

  /// An output of one row has no windows, and no batch has no images: the gradients are zeros.
  @Test func withoutWindows() {
    for g in [conv(2, 3, 3, 5, 4, kernel: (3, 3)), conv(0, 3, 6, 6, 4, kernel: (3, 3))] {
      for accumulate in [false, true] { check(g, accumulate: accumulate) }
    }
  }

  @Test(arguments: TestBuild.all)
  func anyNumberOfThreadsGivesTheSameBits(build: TestBuild) {
    for g in [
      conv(17, 5, 12, 12, 20, kernel: (5, 5), padding: (2, 2, 2, 2)),
      conv(1, 32, 16, 16, 32, kernel: (5, 5), padding: (2, 2, 2, 2)),
    ] {
      let alone = SparseRun(g, build.kernels, Pools.one)
      for threads in [2, 4, 7] {
        let shared = SparseRun(g, build.kernels, ThreadPool(threads: threads))
        for (a, b) in zip(alone.results, shared.results) {
          #expect(a.buffer.bits == b.buffer.bits, "\(a.name) with \(threads) threads: \(describe(g))")
        }
      }
    }
  }
}
