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
