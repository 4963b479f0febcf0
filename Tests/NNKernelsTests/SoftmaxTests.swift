import NNKernels
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite struct SoftmaxTests {
  @Test(arguments: TestBuild.all)
  func linesOfEveryWidth(build: TestBuild) {
    for axis in [1, 2, 3, 4, 5, 8, 10, 16, 17, 33] {
      for (outer, inner) in [(1, 1), (3, 1), (2, 2), (2, 7), (1, 16), (3, 17)] {
        check(build, outer, axis, inner)
      }
    }
    check(build, 3000, 10, 1)
  }

  private func check(_ build: TestBuild, _ outer: Int, _ axis: Int, _ inner: Int) {
    let kernels = build.kernels
    let count = outer * axis * inner
    let (x, dy) = (Buffer(count, seed: 1), Buffer(count, seed: 2))
    for index in 0..<count { x.pointer[index] *= 8 }
    let expected = (0..<4).map { _ in Buffer(count) }
    for o in 0..<outer {
      for i in 0..<inner {
        let line = (0..<axis).map { (o * axis + $0) * inner + i }
        let largest = line.map { Double(x.pointer[$0]) }.max() ?? 0
        let total = line.reduce(0) { $0 + exp(Double(x.pointer[$1]) - largest) }
        let y = line.map { exp(Double(x.pointer[$0]) - largest) / total }
        let g = line.map { Double(dy.pointer[$0]) }
        let dot = zip(y, g).reduce(0) { $0 + $1.0 * $1.1 }
        let sum = g.reduce(0, +)
        for (k, position) in line.enumerated() {
          expected[0].pointer[position] = Float(y[k])
          expected[1].pointer[position] = Float(y[k] * (g[k] - dot))
          expected[2].pointer[position] = Float(Double(x.pointer[position]) - largest - log(total))
          expected[3].pointer[position] = Float(g[k] - y[k] * sum)
        }
      }
    }
    let got = (0..<4).map { _ in Buffer(count) }
    let pool = Pools.three
    kernels.softmax(
      outer: outer, axis: axis, inner: inner, input: x.pointer, output: got[0].pointer, pool: pool)
    kernels.softmaxBackward(
      outer: outer, axis: axis, inner: inner, output: got[0].pointer, outputGradient: dy.pointer,
      inputGradient: got[1].pointer, pool: pool)
    kernels.logSoftmax(
      outer: outer, axis: axis, inner: inner, input: x.pointer, output: got[2].pointer, pool: pool)
    kernels.logSoftmaxBackward(
      outer: outer, axis: axis, inner: inner, output: got[2].pointer, outputGradient: dy.pointer,
      inputGradient: got[3].pointer, pool: pool)
    for (index, name) in ["softmax", "its gradient", "log softmax", "its gradient"].enumerated() {
      #expect(
        got[index].error(against: expected[index]) < 5e-6,
        "\(name) of (\(outer), \(axis), \(inner))")
      #expect(got[index].guardIsIntact, "\(name) of (\(outer), \(axis), \(inner))")
    }
  }

  @Test(arguments: TestBuild.all)
  func crossEntropyFollowsItsFormula(build: TestBuild) {
    for axis in [1, 3, 10, 17] {
      for (outer, inner) in [(1, 1), (5, 1), (2, 3), (2, 17), (3000, 1)] where outer < 100 || axis == 10 {
        for smoothing: Float in [0, 0.2] {
          for isWeighted in [false, true] {
            checkCrossEntropy(build, outer, axis, inner, smoothing: smoothing, isWeighted: isWeighted)
          }
        }
      }
    }
  }

  /// Every third label is ignored, but not the first.
  private func checkCrossEntropy(
    _ build: TestBuild, _ outer: Int, _ axis: Int, _ inner: Int, smoothing: Float, isWeighted: Bool
  ) {
    let (count, lines) = (outer * axis * inner, outer * inner)
    let (x, weight) = (Buffer(count, seed: 1), Buffer(axis, seed: 2))
    for index in 0..<count { x.pointer[index] *= 8 }
    for c in 0..<axis { weight.pointer[c] = isWeighted ? 1 + weight.pointer[c] : 1 }
    let labels = (0..<lines).map { Int64($0 % 3 == 1 ? -100 : $0 * 7 % axis) }
    let (expectedLosses, expectedGradient) = (Buffer(lines), Buffer(count))
    for line in 0..<lines {
      let positions = (0..<axis).map { (line / inner * axis + $0) * inner + line % inner }
      let largest = positions.map { Double(x.pointer[$0]) }.max() ?? 0
      let total = positions.reduce(0) { $0 + exp(Double(x.pointer[$1]) - largest) }
      let targets = (0..<axis).map { c -> Double in
        let w = Double(weight.pointer[c])
        let share = Double(smoothing) / Double(axis) * w
        if labels[line] < 0 { return 0 }
        return share + (c == Int(labels[line]) ? (1 - Double(smoothing)) * w : 0)
      }
      var loss = 0.0
      for (position, t) in zip(positions, targets) {
        let logarithm = Double(x.pointer[position]) - largest - log(total)
        loss -= t * logarithm
        expectedGradient.pointer[position] = Float(exp(logarithm) * targets.reduce(0, +) - t)
      }
      expectedLosses.pointer[line] = Float(loss)
    }
    for pool in [Pools.one, Pools.three] {
      let (losses, gradient) = (Buffer(lines), Buffer(count))
      labels.withUnsafeBufferPointer { labels in
        guard let labels = labels.baseAddress else { return }
        build.kernels.crossEntropy(
          outer: outer, axis: axis, inner: inner,
          step: CrossEntropyStep(ignoreIndex: -100, smoothing: smoothing), input: x.pointer,
          labels: labels, weight: isWeighted ? weight.pointer : nil, losses: losses.pointer,
          gradient: gradient.pointer, pool: pool)
      }
      let name = "(\(outer), \(axis), \(inner)), smoothing \(smoothing), weighted \(isWeighted)"
      #expect(losses.error(against: expectedLosses) < 5e-6, "losses of \(name)")
      #expect(gradient.error(against: expectedGradient) < 5e-6, "gradient of \(name)")
      #expect(losses.guardIsIntact && gradient.guardIsIntact, "\(name)")
    }
  }

  @Test(arguments: TestBuild.all, [1, 2])
  func aLineOfMinusInfinityOrWithNaNIsNaN(build: TestBuild, inner: Int) {
    for special: Float in [-.infinity, .nan] {
      for isLog in [false, true] {
        let count = 5 * inner
        let input = Buffer((0..<count).map { special.isNaN && $0 >= inner ? 1 : special })
        let output = Buffer([Float](repeating: 0, count: count))
        if isLog {
          build.kernels.logSoftmax(
            outer: 1, axis: 5, inner: inner, input: input.pointer, output: output.pointer,
            pool: Pools.one)
        } else {
          build.kernels.softmax(
            outer: 1, axis: 5, inner: inner, input: input.pointer, output: output.pointer,
            pool: Pools.one)
        }
        #expect(output.values.allSatisfy { $0.isNaN })
      }
    }
  }
}
