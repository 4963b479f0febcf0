import NNKernels
import NNShapes
import Testing

/// All passes of one convolution, on one build and pool.
struct ConvolutionRun {
  let output: Buffer
  let inputGradient: Buffer
  let weightGradient: Buffer
  let biasGradient: Buffer
  /// No pass wrote outside its buffers or its workspace.
  let staysInside: Bool

  init(_ g: Conv2dGeometry, _ kernels: Kernels, _ pool: ThreadPool) {
    let operands = Operands(g)
    output = Buffer(g.outputCount)
    inputGradient = Buffer(g.inputCount)
    weightGradient = Buffer(g.weightCount)
    biasGradient = Buffer(g.outputChannels)
    let workspaces = [
      Buffer(kernels.conv2dForwardWorkspaceCount(g, epilogue: .none, pool: pool)),
      Buffer(kernels.conv2dInputGradientWorkspaceCount(g, pooled: false, pool: pool)),
      Buffer(kernels.conv2dWeightGradientWorkspaceCount(g, pooled: false, pool: pool)),
    ]
    kernels.conv2dForward(
      g, epilogue: .none, input: operands.input.pointer, weight: operands.weight.pointer,
      bias: operands.bias.pointer, output: output.pointer, argmax: nil, workspace: workspaces[0].pointer,
      pool: pool)
    kernels.conv2dInputGradient(
      g, outputGradient: ConvolutionOutputGradient(values: operands.outputGradient.pointer, argmax: nil),
      weight: operands.weight.pointer,
      inputGradient: inputGradient.pointer, workspace: workspaces[1].pointer, pool: pool)
    kernels.conv2dWeightGradient(
      g, input: operands.input.pointer,
      outputGradient: ConvolutionOutputGradient(values: operands.outputGradient.pointer, argmax: nil),
      weightGradient: weightGradient.pointer, biasGradient: biasGradient.pointer, accumulate: false,
      workspace: workspaces[2].pointer, pool: pool)
    staysInside = (workspaces + [output, inputGradient, weightGradient, biasGradient])
      .allSatisfy(\.guardIsIntact)
  }

  /// All passes by definition.
  init(reference g: Conv2dGeometry) {
    let operands = Operands(g)
    output = Buffer(g.outputCount)
    inputGradient = Buffer(g.inputCount)
    weightGradient = Buffer(g.weightCount)
    biasGradient = Buffer(g.outputChannels)
    ReferenceConvolution.forward(
      g, input: operands.input.pointer, weight: operands.weight.pointer,
      bias: operands.bias.pointer, output: output.pointer)
    ReferenceConvolution.inputGradient(
      g, outputGradient: operands.outputGradient.pointer, weight: operands.weight.pointer,
      inputGradient: inputGradient.pointer)
    ReferenceConvolution.weightGradient(
      g, input: operands.input.pointer, outputGradient: operands.outputGradient.pointer,
      weightGradient: weightGradient.pointer, biasGradient: biasGradient.pointer, accumulate: false)
    staysInside = true
  }

  var results: [(name: String, buffer: Buffer)] {
    [
      ("forward", output), ("input gradient", inputGradient), ("weight gradient", weightGradient),
      ("bias gradient", biasGradient),
    ]
  }
}

/// Random operands of a convolution.
struct Operands {
  let input: Buffer
  let weight: Buffer
  let bias: Buffer
  let outputGradient: Buffer

  init(_ g: Conv2dGeometry) {
    input = Buffer(g.inputCount, seed: 1)
    weight = Buffer(g.weightCount, seed: 2)
    bias = Buffer(g.outputChannels, seed: 3)
    outputGradient = Buffer(g.outputCount, seed: 4)
  }
}

@Suite struct ConvolutionTests {
  /// Compares every build with the reference, and two pools with one another bit by bit.
  func check(_ g: Conv2dGeometry) {
    let expected = ConvolutionRun(reference: g)
    let bound = tolerance(g)
    for build in TestBuild.all {
      let run = ConvolutionRun(g, build.kernels, Pools.one)
      let shared = ConvolutionRun(g, build.kernels, Pools.three)
      #expect(run.staysInside && shared.staysInside, "\(build.testDescription): \(describe(g))")
      for ((got, same), want) in zip(zip(run.results, shared.results), expected.results) {
        let error = got.buffer.error(against: want.buffer)
        let tolerance = build.kernels.tolerance(got.name, direct: bound, want.buffer)
        #expect(error <= tolerance, "\(build.testDescription) \(got.name): \(describe(g))")
        #expect(
          got.buffer.bits == same.buffer.bits,
          "\(build.testDescription) \(got.name) differs with 3 threads: \(describe(g))")
      }
    }
  }

  /// Channels around the tile widths of all builds: 4, 8, 16, 32.
  @Test(arguments: [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65])
  func outputChannelTails(outputs: Int) {
    check(conv(2, 3, 5, 5, outputs, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(3, 17, 3, 4, outputs, kernel: (1, 1)))
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64])
  func inputChannelTails(inputs: Int) {
    check(conv(2, inputs, 5, 5, 6, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(1, inputs, 4, 3, 20, kernel: (5, 5), padding: (2, 2, 2, 2)))
  }

  /// Pixels a region around the tile heights 6 and 8.
  @Test(arguments: [1, 2, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 24, 25])
  func pixelTails(width: Int) {
    check(conv(1, 4, 3, width, 5, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(4, 5, 1, width, 18, kernel: (1, 1)))
    check(conv(1, 2, width, 1, 3, kernel: (2, 1), padding: (1, 0, 0, 0)))
  }

  @Test(arguments: [1, 2, 3, 5, 7], [1, 2, 3, 4])
  func kernelsAndStrides(kernel: Int, stride: Int) {
    for dilation in 1...3 {
      for padding in [0, kernel / 2, kernel] {
        for size in [7, 12] where size + 2 * padding > dilation * (kernel - 1) {
          check(
            conv(
              2, 3, size, size + 1, 5, kernel: (kernel, kernel), stride: (stride, stride),
              padding: (padding, padding, padding, padding), dilation: (dilation, dilation)))
        }
      }
    }
  }

  @Test func asymmetricWindows() {
    check(conv(2, 3, 9, 6, 4, kernel: (4, 2), padding: (1, 2, 0, 1)))
    check(conv(2, 3, 6, 9, 4, kernel: (1, 5), stride: (2, 1), padding: (0, 0, 2, 2)))
    check(conv(1, 3, 9, 9, 4, kernel: (3, 2), stride: (1, 3), padding: (3, 0, 0, 4), dilation: (2, 3)))
    check(conv(1, 2, 1, 1, 3, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(1, 2, 2, 2, 3, kernel: (3, 3), stride: (5, 5), padding: (4, 4, 4, 4)))
    check(conv(1, 3, 5, 5, 2, kernel: (2, 2), stride: (4, 4), dilation: (2, 2)))
    check(conv(1, 3, 11, 11, 2, kernel: (3, 3), stride: (4, 6), padding: (1, 1, 1, 1), dilation: (2, 4)))
  }

  @Test(arguments: [1, 2, 3, 6], [1, 2])
  func groups(groups: Int, dilation: Int) {
    for outputs in [6, 12, 54] {
      check(
        conv(
          2, 6, 6, 7, outputs, kernel: (3, 3), padding: (1, 1, 1, 1), dilation: (dilation, dilation),
          groups: groups))
    }
  }

  @Test(arguments: [1, 3, 4, 8, 17, 32, 40])
  func depthwise(channels: Int) {
    for stride in 1...2 {
      check(
        conv(
          2, channels, 6, 7, channels, kernel: (3, 3), stride: (stride, 1), padding: (1, 1, 1, 1),
          groups: channels))
      check(
        conv(
          2, channels, 9, 8, channels, kernel: (5, 2), stride: (1, stride), padding: (0, 3, 1, 0),
          dilation: (1, 2), groups: channels))
      check(conv(1, channels, 4, 4, 2 * channels, kernel: (3, 3), groups: channels))
    }
  }

  /// Shapes that are cut into several regions, splits, partial sums and slices.
  @Test func manyRegions() {
    check(conv(20, 8, 16, 16, 12, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(64, 3, 8, 8, 8, kernel: (5, 5), padding: (2, 2, 2, 2)))
    check(conv(1, 3, 90, 100, 8, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(1, 64, 40, 48, 4, kernel: (3, 3), stride: (2, 2), padding: (1, 1, 1, 1)))
    check(conv(300, 20, 1, 1, 40, kernel: (1, 1)))
    check(conv(1, 48, 4, 4, 130, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(3, 32, 8, 8, 64, kernel: (5, 5), padding: (2, 2, 2, 2)))
  }

  @Test func emptyBatch() {
    let g = conv(0, 3, 5, 5, 4, kernel: (3, 3))
    for build in TestBuild.all {
      let run = ConvolutionRun(g, build.kernels, Pools.three)
      #expect(run.weightGradient.values.allSatisfy { $0 == 0 })
      #expect(run.biasGradient.values.allSatisfy { $0 == 0 })
    }
  }

  @Test func withoutBiasAndAccumulating() {
    for g in [
      conv(3, 5, 6, 6, 7, kernel: (3, 3), padding: (1, 1, 1, 1)),
      conv(64, 3, 8, 8, 8, kernel: (5, 5), padding: (2, 2, 2, 2)),
      conv(2, 9, 6, 6, 9, kernel: (3, 3), groups: 9),
      conv(2, 32, 6, 6, 7, kernel: (3, 3), padding: (1, 1, 1, 1)),
      conv(40, 32, 8, 8, 15, kernel: (3, 3), padding: (1, 1, 1, 1)),
    ] {
      let operands = Operands(g)
      let output = Buffer(g.outputCount)
      ReferenceConvolution.forward(
        g, input: operands.input.pointer, weight: operands.weight.pointer, bias: nil,
        output: output.pointer)
      let weightGradient = Buffer(g.weightCount, seed: 5)
      ReferenceConvolution.weightGradient(
        g, input: operands.input.pointer, outputGradient: operands.outputGradient.pointer,
        weightGradient: weightGradient.pointer, biasGradient: nil, accumulate: true)
      for build in TestBuild.all {
        let pool = Pools.three
        let got = Buffer(g.outputCount)
        let space = Buffer(build.kernels.conv2dForwardWorkspaceCount(g, epilogue: .none, pool: pool))
        build.kernels.conv2dForward(
          g, epilogue: .none, input: operands.input.pointer, weight: operands.weight.pointer, bias: nil,
          output: got.pointer, argmax: nil, workspace: space.pointer, pool: pool)
        #expect(
          got.error(against: output) <= build.kernels.tolerance("forward", direct: 1e-5, output),
          "\(build.testDescription): \(describe(g))")
        let gradient = Buffer(g.weightCount, seed: 5)
        let gradientSpace = Buffer(
          build.kernels.conv2dWeightGradientWorkspaceCount(g, pooled: false, pool: pool))
        build.kernels.conv2dWeightGradient(
          g, input: operands.input.pointer,
          outputGradient: ConvolutionOutputGradient(values: operands.outputGradient.pointer, argmax: nil),
          weightGradient: gradient.pointer, biasGradient: nil, accumulate: true,
          workspace: gradientSpace.pointer, pool: pool)
        #expect(
          gradient.error(against: weightGradient)
            <= build.kernels.tolerance("weight gradient", direct: tolerance(g), weightGradient),
          "\(build.testDescription): \(describe(g))")
      }
    }
  }

  @Test(arguments: TestBuild.all)
  func anyNumberOfThreadsGivesTheSameBits(build: TestBuild) {
    for g in [
      conv(17, 5, 12, 12, 20, kernel: (5, 5), padding: (2, 2, 2, 2)),
      conv(1, 32, 16, 16, 32, kernel: (5, 5), padding: (2, 2, 2, 2)),
      conv(1, 64, 8, 8, 32, kernel: (5, 5), padding: (2, 2, 2, 2)),
      conv(1, 20, 31, 32, 40, kernel: (3, 3), padding: (1, 1, 1, 1)),
      conv(5, 40, 12, 9, 24, kernel: (3, 3), padding: (1, 1, 1, 1)),
      conv(2, 72, 8, 8, 150, kernel: (3, 3), padding: (1, 1, 1, 1)),
      conv(4, 16, 12, 12, 16, kernel: (3, 3), stride: (2, 2), padding: (1, 1, 1, 1), groups: 16),
      conv(9, 20, 15, 16, 40, kernel: (3, 3), stride: (2, 2), padding: (1, 1, 1, 1)),
      conv(9, 20, 15, 16, 40, kernel: (5, 5), stride: (2, 2), padding: (2, 2, 2, 2)),
    ] {
      let alone = ConvolutionRun(g, build.kernels, Pools.one)
      for threads in [2, 4, 7] {
        let shared = ConvolutionRun(g, build.kernels, ThreadPool(threads: threads))
        for (a, b) in zip(alone.results, shared.results) {
          #expect(a.buffer.bits == b.buffer.bits, "\(a.name) with \(threads) threads: \(describe(g))")
        }
      }
    }
  }
}

/// Pools that tests share.
enum Pools {
  static let one = ThreadPool(threads: 1)
  static let three = ThreadPool(threads: 3)
}

/// How far a convolution's results may be from the reference's: rounding grows with the square root of
/// the longest sum's length; values are below 1.
func tolerance(_ g: Conv2dGeometry) -> Float {
  let terms = max(
    g.multiplyAddsPerOutput, g.batch * g.outputHeight * g.outputWidth, g.groupOutputChannels * 49)
  return 2e-7 * (4 + 4 * Float(terms).squareRoot())
}
