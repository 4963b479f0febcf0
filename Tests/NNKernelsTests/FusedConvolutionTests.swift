import NNKernels
import NNShapes
import Testing

/// The passes of a convolution with a ReLU, a pooling or both behind it.
@Suite struct FusedConvolutionTests {
  private static let epilogues = [
    ConvolutionEpilogue(relu: true, pooling: false), ConvolutionEpilogue(relu: false, pooling: true),
    ConvolutionEpilogue(relu: true, pooling: true),
  ]

  /// Compares every build with the reference, and two pools with one another bit by bit.
  func check(_ g: Conv2dGeometry) {
    for build in TestBuild.all {
      for epilogue in FusedConvolutionTests.epilogues { checkForward(g, epilogue, build) }
      checkGradients(g, build)
    }
  }

  /// The fused pass must give, bit by bit, what the convolution and then the reference's pooling give.
  private func checkForward(_ g: Conv2dGeometry, _ epilogue: ConvolutionEpilogue, _ build: TestBuild) {
    let message = "\(build.testDescription) \(epilogue): \(describe(g))"
    let operands = Operands(g)
    let expected = FusedForward(stepwise: g, epilogue, operands, build.kernels)
    for pool in [Pools.one, Pools.three] {
      let got = FusedForward(g, epilogue, operands, build.kernels, pool)
      #expect(got.output.bits == expected.output.bits, "\(message)")
      #expect(got.argmax == expected.argmax, "\(message)")
      #expect(got.staysInside, "\(message)")
      let withoutArgmax = FusedForward(g, epilogue, operands, build.kernels, pool, wantsArgmax: false)
      #expect(withoutArgmax.output.bits == expected.output.bits, "\(message)")
    }
  }

  /// Gradients from (values, argmax) must equal those from the expanded gradient.
  private func checkGradients(_ g: Conv2dGeometry, _ build: TestBuild) {
    let message = "\(build.testDescription): \(describe(g))"
    let pooled = PooledGradient(g)
    let expected = Gradients(reference: g, pooled)
    let bound = tolerance(g)
    let alone = Gradients(g, pooled, build.kernels, Pools.one)
    let shared = Gradients(g, pooled, build.kernels, Pools.three)
    #expect(alone.staysInside && shared.staysInside, "\(message)")
    for ((got, same), want) in zip(zip(alone.results, shared.results), expected.results) {
      let tolerance = build.kernels.tolerance(got.name, direct: bound, want.buffer)
      #expect(got.buffer.error(against: want.buffer) <= tolerance, "\(got.name), \(message)")
      #expect(got.buffer.bits == same.buffer.bits, "\(got.name) differs with 3 threads, \(message)")
    }
  }

  @Test(arguments: [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65])
  func outputChannelTails(outputs: Int) {
    check(conv(2, 3, 6, 6, outputs, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(3, 2, 5, 7, outputs, kernel: (1, 1)))
  }

  /// Odd sizes drop a last row or column; sizes of 1 leave nothing.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 12, 13, 16, 24, 25, 33], [1, 2, 3, 8])
  func sizes(width: Int, height: Int) {
    check(conv(2, 3, height, width, 5, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(1, 2, height + 1, width + 1, 9, kernel: (2, 2)))
  }

  @Test(arguments: [1, 2, 3], [1, 2])
  func stridesAndDilations(stride: Int, dilation: Int) {
    for groups in [1, 2, 4] {
      check(
        conv(
          2, 4, 11, 12, 8, kernel: (3, 3), stride: (stride, stride), padding: (1, 1, 2, 2),
          dilation: (dilation, dilation), groups: groups))
    }
    check(conv(1, 6, 9, 10, 6, kernel: (3, 3), stride: (1, stride), padding: (1, 1, 1, 1), groups: 6))
  }

  /// Shapes that are cut into several regions, splits, partial sums and slices.
  @Test func manyRegions() {
    check(conv(20, 8, 16, 16, 12, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(9, 3, 32, 32, 32, kernel: (5, 5), padding: (2, 2, 2, 2)))
    check(conv(1, 3, 91, 101, 8, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(50, 5, 2, 2, 40, kernel: (1, 1)))
    check(conv(3, 32, 8, 8, 64, kernel: (5, 5), padding: (2, 2, 2, 2)))
  }

  @Test func emptyBatch() {
    let g = conv(0, 3, 6, 6, 4, kernel: (3, 3))
    for build in TestBuild.all {
      let got = Gradients(g, PooledGradient(g), build.kernels, Pools.three)
      #expect(got.weight.values.allSatisfy { $0 == 0 } && got.bias.values.allSatisfy { $0 == 0 })
    }
  }

  /// The first of equal maxima, the last NaN; a window of -∞ yields its first cell.
  @Test(arguments: TestBuild.all, [1, 3, 8, 16, 19])
  func tiesAndNaN(build: TestBuild, channels: Int) {
    let (nan, infinity) = (Float.nan, Float.infinity)
    let windows: [(cells: [Float], cell: UInt8)] = [
      ([1, 1, 1, 1], 0), ([0, 2, 2, 1], 1), ([-1, -2, 3, 3], 2), ([1, nan, 5, 6], 1),
      ([nan, 1, nan, 2], 2), ([nan, nan, nan, nan], 3), ([-infinity, -infinity, -infinity, -infinity], 0),
      ([-3, -2, -1, 0], 3), ([-0.0, 0.0, -0.0, 0.0], 0), ([9, 8, 7, nan], 3),
    ]
    // A 1×1 convolution with the unit matrix in groups of one passes its input on.
    let g = conv(
      1, channels, 2, 2 * windows.count, channels, kernel: (1, 1), groups: channels)
    let operands = Operands(g)
    for channel in 0..<channels {
      operands.weight.pointer[channel] = 1
      operands.bias.pointer[channel] = 0
      for (index, window) in windows.enumerated() {
        for cell in 0..<4 {
          let pixel = cell / 2 * 2 * windows.count + 2 * index + cell % 2
          operands.input.pointer[pixel * channels + channel] = window.cells[cell]
        }
      }
    }
    for relu in [false, true] {
      let epilogue = ConvolutionEpilogue(relu: relu, pooling: true)
      let got = FusedForward(g, epilogue, operands, build.kernels, Pools.one)
      for (index, window) in windows.enumerated() {
        for channel in 0..<channels {
          let position = index * channels + channel
          let value = window.cells[Int(window.cell)]
          let want = relu && value < 0 ? 0 : value
          let output = got.output.pointer[position]
          #expect(output == want || output.isNaN && want.isNaN, "window \(index): \(output)")
          #expect(got.argmax[position] == window.cell, "window \(index)")
        }
      }
    }
  }

  @Test(arguments: TestBuild.all)
  func reluKeepsNaN(build: TestBuild) {
    let g = conv(1, 1, 1, 9, 3, kernel: (1, 1))
    let operands = Operands(g)
    operands.input.pointer[4] = .nan
    let epilogue = ConvolutionEpilogue(relu: true, pooling: false)
    let got = FusedForward(g, epilogue, operands, build.kernels, Pools.one).output.values
    for index in got.indices { #expect(got[index].isNaN == (index / 3 == 4)) }
    #expect(got.allSatisfy { $0.isNaN || $0 >= 0 })
  }
}
