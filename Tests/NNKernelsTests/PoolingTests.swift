import NNKernels
import NNShapes
import Testing

/// A pooling in the fewest words.
private func pool(
  _ batch: Int, _ channels: Int, _ height: Int, _ width: Int, kernel: Int, stride: Int,
  padding: Int = 0, dilation: Int = 1, ceil: Bool = false
) -> Pool2dGeometry {
  let window = WindowGeometry(
    kernel: kernel, stride: stride, paddingBefore: padding, paddingAfter: padding,
    dilation: dilation, ceilMode: ceil)
  return Pool2dGeometry(
    batch: batch, channels: channels, inputHeight: height, inputWidth: width, vertical: window,
    horizontal: window)
}

private func axisCells(_ w: WindowGeometry, _ output: Int, _ size: Int) -> [Int] {
  (0..<w.kernel).map { output * w.stride - w.paddingBefore + $0 * w.dilation }
    .filter { (0..<size).contains($0) }
}

/// The cells (row, column) of one window inside the input, in row-major order.
private func cells(_ g: Pool2dGeometry, _ y: Int, _ x: Int) -> [(Int, Int)] {
  axisCells(g.vertical, y, g.inputHeight).flatMap { row in
    axisCells(g.horizontal, x, g.inputWidth).map { (row, $0) }
  }
}

@Suite struct PoolingTests {
  private static let geometries: [Pool2dGeometry] = [1, 3, 4, 8, 16, 17, 33].flatMap { channels in
    [
      pool(2, channels, 6, 8, kernel: 2, stride: 2),
      pool(1, channels, 7, 5, kernel: 3, stride: 2, padding: 1, ceil: true),
      pool(2, channels, 9, 9, kernel: 3, stride: 1, padding: 1, dilation: 2),
      pool(1, channels, 5, 6, kernel: 2, stride: 3, ceil: true),
    ]
  }

  /// Values with many ties, NaN and -∞.
  private static func awkward(_ count: Int) -> Buffer {
    var generator = TestGenerator(seed: 9)
    return Buffer(
      (0..<count).map { _ in
        let value = generator.next()
        if value > 0.95 { return .nan }
        if value < -0.8 { return -.infinity }
        return (value * 3).rounded()
      })
  }

  @Test(arguments: TestBuild.all)
  func maximumTakesTheFirstTieAndTheLastNaN(build: TestBuild) {
    for g in Self.geometries {
      let input = Self.awkward(g.inputCount)
      let output = Buffer(g.outputCount)
      let indices = UnsafeMutablePointer<Int32>.allocate(capacity: g.outputCount)
      indices.initialize(repeating: -1, count: g.outputCount)
      defer { indices.deallocate() }
      build.kernels.maxPool2dForward(
        g, input: input.pointer, output: output.pointer, indices: indices, pool: Pools.three)
      var position = 0
      var wrong = 0
      for n in 0..<g.batch {
        for y in 0..<g.outputHeight {
          for x in 0..<g.outputWidth {
            for c in 0..<g.channels {
              let window = cells(g, y, x)
              var best = -Float.infinity
              var index = window[0].0 * g.inputWidth + window[0].1
              for (h, w) in window {
                let cell = h * g.inputWidth + w
                let value =
                  input.pointer[(n * g.inputHeight * g.inputWidth + cell) * g.channels + c]
                if value > best || value.isNaN { (best, index) = (value, cell) }
              }
              let got = output.pointer[position]
              if Int(indices[position]) != index || (got != best && !(got.isNaN && best.isNaN)) {
                wrong += 1
              }
              position += 1
            }
          }
        }
      }
      #expect(wrong == 0, "\(g)")

      let gradient = Buffer(g.outputCount, seed: 3)
      var expected = [Float](repeating: 0, count: g.inputCount)
      for position in 0..<g.outputCount {
        let n = position / (g.outputHeight * g.outputWidth * g.channels)
        let plane = n * g.inputHeight * g.inputWidth
        expected[(plane + Int(indices[position])) * g.channels + position % g.channels] +=
          gradient.pointer[position]
      }
      let inputGradient = Buffer(g.inputCount)
      build.kernels.maxPool2dBackward(
        g, outputGradient: gradient.pointer, indices: indices, inputGradient: inputGradient.pointer,
        pool: Pools.three)
      #expect(inputGradient.values == expected, "\(g)")
    }
  }

  @Test(arguments: TestBuild.all, [true, false])
  func averageDividesByTheRightCount(build: TestBuild, countIncludePad: Bool) {
    for g in Self.geometries where g.vertical.dilation == 1 {
      for divisor in [nil, 3, -2] {
        let input = Buffer(g.inputCount, seed: 5)
        let gradient = Buffer(g.outputCount, seed: 6)
        let output = Buffer(g.outputCount)
        let inputGradient = Buffer(g.inputCount)
        build.kernels.avgPool2dForward(
          g, countIncludePad: countIncludePad, divisorOverride: divisor, input: input.pointer,
          output: output.pointer, pool: Pools.three)
        build.kernels.avgPool2dBackward(
          g, countIncludePad: countIncludePad, divisorOverride: divisor,
          outputGradient: gradient.pointer, inputGradient: inputGradient.pointer, pool: Pools.three)
        var expected: [Float] = []
        var expectedGradient = [Float](repeating: 0, count: g.inputCount)
        for n in 0..<g.batch {
          for y in 0..<g.outputHeight {
            for x in 0..<g.outputWidth {
              // Clipped to the padded input: in ceil mode a window may hang over even that.
              let height =
                min((y * g.vertical.stride) + g.vertical.kernel, g.inputHeight + 2 * g.vertical.paddingBefore)
                - y * g.vertical.stride
              let width =
                min(
                  (x * g.horizontal.stride) + g.horizontal.kernel,
                  g.inputWidth + 2 * g.horizontal.paddingBefore)
                - x * g.horizontal.stride
              let window = cells(g, y, x)
              let count = Float(divisor ?? (countIncludePad ? height * width : window.count))
              for c in 0..<g.channels {
                var sum: Float = 0
                for (h, w) in window {
                  let index = ((n * g.inputHeight + h) * g.inputWidth + w) * g.channels + c
                  sum += input.pointer[index]
                  expectedGradient[index] += gradient.pointer[expected.count] / count
                }
                expected.append(sum / count)
              }
            }
          }
        }
        #expect(output.error(against: Buffer(expected)) < 1e-6, "\(g)")
        #expect(inputGradient.error(against: Buffer(expectedGradient)) < 1e-6, "\(g)")
      }
    }
  }
}
