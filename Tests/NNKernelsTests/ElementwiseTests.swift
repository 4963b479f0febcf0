import NNKernels
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite struct ElementwiseTests {
  private static let counts = [0, 1, 3, 4, 5, 8, 9, 15, 16, 17, 33, 40_000]

  /// |got - want| in units of the last place of `want`.
  private func ulps(_ got: Float, _ want: Double) -> Double {
    if want.isNaN { return got.isNaN ? 0 : .infinity }
    let rounded = Float(want)
    if got == rounded { return 0 }
    return abs(Double(got) - want) / Double(max(rounded.ulp, Float.leastNonzeroMagnitude))
  }

  private func largestError(
    _ arguments: [Float], _ kernel: (Int, Buffer, Buffer) -> Void, _ function: (Double) -> Double
  ) -> Double {
    let (input, output) = (Buffer(arguments), Buffer(arguments.count))
    kernel(arguments.count, input, output)
    return zip(arguments, output.values).map { ulps($1, function(Double($0))) }.max() ?? 0
  }

  @Test(arguments: TestBuild.all)
  func functionsAreAccurate(build: TestBuild) {
    var arguments: [Float] = [
      0, -0.0, .infinity, -.infinity, .nan, 88.7, 89, -87.3, -100, -103.9, -104, -110, 1e-30, -1e-30,
      0.625, 0.6249999, 9, 10, 30,
    ]
    var generator = TestGenerator(seed: 7)
    for _ in 0..<5000 {
      let value = generator.next()
      arguments += [value, value * 10, value * 90]
    }
    let kernels = build.kernels
    let tanhError = largestError(
      arguments,
      { kernels.tanh(count: $0, input: $1.pointer, output: $2.pointer, pool: Pools.one) },
      { tangent($0) })
    #expect(tanhError <= 4, "tanh: \(tanhError) ulp")
    let sigmoidError = largestError(
      arguments.filter { !($0 < -80) },
      { kernels.sigmoid(count: $0, input: $1.pointer, output: $2.pointer, pool: Pools.one) },
      { 1 / (1 + exp(-$0)) })
    #expect(sigmoidError <= 4, "sigmoid: \(sigmoidError) ulp")
    // x - max is x for a pair with 0, and exp(y) of the log softmax needs the exponential alone.
    let output = Buffer([Float](repeating: 0, count: 2))
    for x: Float in [-0.5, -3, -20, -87, -95, -102] {
      let input = Buffer([0, x])
      kernels.softmax(
        outer: 1, axis: 2, inner: 1, input: input.pointer, output: output.pointer, pool: Pools.one)
      let want = exp(Double(x)) / (1 + exp(Double(x)))
      #expect(ulps(output.values[1], want) <= 4, "softmax at \(x)")
    }
  }

  /// Values and derivatives at NaN, the infinities and the kinks: those of PyTorch's scalar code.
  @Test(arguments: TestBuild.all)
  func functionsKeepPyTorchsConventions(build: TestBuild) {
    let inf = Float.infinity
    // x, and f and f' at NaN, ∞, -∞, 0 and the kinks.
    let rows: [(ElementwiseFunction, [Float], [Float], [Float])] = [
      (.leakyReLU(slope: 0.5), [.nan, inf, -inf, 0], [.nan, inf, -inf, 0], [0.5, 1, 0.5, 0.5]),
      (.hardtanh(low: 0, high: 6), [.nan, inf, -inf, 0, 6], [.nan, 6, 0, 0, 6], [1, 0, 0, 0, 0]),
      (
        .exponentialLinear(negative: 2, outer: 1, inner: 1), [.nan, inf, -inf, 0, -100],
        [.nan, inf, -2, 0, -2],
        [1, 1, 0, 2, 0]
      ),
      (.gelu, [.nan, inf, -inf, 0, 20, -20], [.nan, inf, .nan, 0, 20, 0], [.nan, .nan, .nan, 0.5, 1, 0]),
      (
        .geluTanh, [.nan, inf, -inf, 0, 20, -20], [.nan, inf, .nan, 0, 20, 0], [.nan, .nan, .nan, 0.5, 1, 0]
      ),
      (
        .silu, [.nan, inf, -inf, 0, 100, -100], [.nan, inf, .nan, 0, 100, 0], [.nan, .nan, .nan, 0.5, 1, 0]
      ),
      (
        .mish, [.nan, inf, -inf, 0, 100, -100], [.nan, inf, .nan, 0, 100, 0], [.nan, .nan, .nan, 0.6, 1, 0]
      ),
      (
        .softplus(beta: 1, threshold: 20), [.nan, inf, -inf, 100, -100], [.nan, inf, 0, 100, 0],
        [.nan, 1, 0, 1, 0]
      ),
      (.softsign, [.nan, 0, 1, -1], [.nan, 0, 0.5, -0.5], [.nan, 1, 0.25, 0.25]),
      (.logSigmoid, [.nan, inf, -inf, 100, -100], [.nan, 0, -inf, 0, -100], [.nan, 0, 1, 0, 1]),
      (.hardswish, [.nan, inf, -inf, 3, -3], [.nan, inf, .nan, 3, 0], [1, 1, 0, 1, 0]),
      (.hardsigmoid, [.nan, inf, -inf, 3, -3], [.nan, 1, 0, 1, 0], [0, 0, 0, 0, 0]),
      (.hardshrink(lambda: 0.5), [.nan, inf, -inf, 0.5, -0.5], [.nan, inf, -inf, 0, 0], [1, 1, 1, 0, 0]),
      (.softshrink(lambda: 0.5), [.nan, inf, -inf, 0.5, -0.5], [.nan, inf, -inf, 0, 0], [1, 1, 1, 0, 0]),
      (.tanhshrink, [.nan, inf, -inf, 0], [.nan, inf, -inf, 0], [.nan, 1, 1, 0]),
      (.threshold(1, value: 7), [.nan, inf, -inf, 1], [.nan, inf, 7, 7], [1, 1, 0, 0]),
    ]
    for (function, x, values, derivatives) in rows {
      let (input, output, dx) = (Buffer(x), Buffer(x.count), Buffer(x.count))
      let dy = Buffer([Float](repeating: 1, count: x.count))
      build.kernels.elementwise(
        function, count: x.count, input: input.pointer, output: output.pointer, pool: Pools.one)
      build.kernels.elementwiseBackward(
        function, count: x.count, input: input.pointer, outputGradient: dy.pointer,
        inputGradient: dx.pointer, pool: Pools.one)
      for index in x.indices {
        let place = "\(function) at \(x[index])"
        #expect(isNear(output.values[index], values[index]), "\(place): \(output.values[index])")
        #expect(isNear(dx.values[index], derivatives[index]), "\(place): derivative \(dx.values[index])")
      }
    }
  }

  private func isNear(_ a: Float, _ b: Float) -> Bool {
    a == b || a.isNaN && b.isNaN || abs(a - b) <= 1e-6 * (1 + abs(b))
  }

  /// The curves in double precision, and their derivatives by differences.
  @Test(arguments: TestBuild.all)
  func curvesAreAccurate(build: TestBuild) {
    let curves: [(ElementwiseFunction, (Double) -> Double)] = [
      (.exponentialLinear(negative: 1, outer: 1, inner: 1), { $0 > 0 ? $0 : expm1($0) }),
      (.gelu, { $0 * erfc(-$0 / 2.0.squareRoot()) / 2 }),
      (
        .geluTanh,
        { $0 / 2 * (1 + tangent((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
      ),
      (.silu, { $0 / (1 + exp(-$0)) }), (.mish, { $0 * tangent(log1p(exp($0))) }),
      (.softplus(beta: 1, threshold: 20), { log1p(exp($0)) }), (.logSigmoid, { -log1p(exp(-$0)) }),
      (.tanhshrink, { $0 - tangent($0) }),
    ]
    let x = (-1600...1600).map { Float($0) / 128 + 1 / 1024 } + [1e-4, -1e-4, 1e-20, -1e-20, 60, -60]
    let (input, output, dx) = (Buffer(x), Buffer(x.count), Buffer(x.count))
    let dy = Buffer([Float](repeating: 1, count: x.count))
    for (function, formula) in curves {
      build.kernels.elementwise(
        function, count: x.count, input: input.pointer, output: output.pointer, pool: Pools.three)
      build.kernels.elementwiseBackward(
        function, count: x.count, input: input.pointer, outputGradient: dy.pointer,
        inputGradient: dx.pointer, pool: Pools.three)
      var (error, slopeError) = (0.0, 0.0)
      for index in x.indices {
        let at = Double(x[index])
        let want = formula(at)
        let slope = (formula(at + 1e-5) - formula(at - 1e-5)) / 2e-5
        error = max(error, abs(Double(output.values[index]) - want) / (1 + abs(want)))
        slopeError = max(slopeError, abs(Double(dx.values[index]) - slope))
      }
      #expect(error <= 1e-6, "\(function): \(error)")
      #expect(slopeError <= 4e-6, "\(function): derivative \(slopeError)")
    }
  }

  @Test(arguments: TestBuild.all)
  func everyCountIsCovered(build: TestBuild) {
    let kernels = build.kernels
    for count in Self.counts {
      let (a, b) = (Buffer(count, seed: 1), Buffer(count, seed: 2))
      let (x, y) = (a.values, b.values)
      func check(_ name: String, _ run: (Buffer) -> Void, _ want: (Int) -> Float) {
        let output = Buffer(count)
        run(output)
        let expected = Buffer((0..<count).map(want))
        #expect(output.error(against: expected) <= 1e-6, "\(name), \(count) elements")
        #expect(output.guardIsIntact, "\(name), \(count) elements")
      }
      let pool = Pools.three
      check("relu", { kernels.relu(count: count, input: a.pointer, output: $0.pointer, pool: pool) }) {
        max(x[$0], 0)
      }
      check("reluBackward") {
        kernels.reluBackward(
          count: count, output: a.pointer, outputGradient: b.pointer, inputGradient: $0.pointer,
          pool: pool)
      } _: {
        x[$0] > 0 ? y[$0] : 0
      }
      check("sigmoid", { kernels.sigmoid(count: count, input: a.pointer, output: $0.pointer, pool: pool) }) {
        1 / (1 + expf(-x[$0]))
      }
      check("sigmoidBackward") {
        kernels.sigmoidBackward(
          count: count, output: a.pointer, outputGradient: b.pointer, inputGradient: $0.pointer,
          pool: pool)
      } _: {
        y[$0] * x[$0] * (1 - x[$0])
      }
      check("tanh", { kernels.tanh(count: count, input: a.pointer, output: $0.pointer, pool: pool) }) {
        tanhf(x[$0])
      }
      check("tanhBackward") {
        kernels.tanhBackward(
          count: count, output: a.pointer, outputGradient: b.pointer, inputGradient: $0.pointer,
          pool: pool)
      } _: {
        y[$0] * (1 - x[$0] * x[$0])
      }
      check("elementwise") {
        kernels.elementwise(.silu, count: count, input: a.pointer, output: $0.pointer, pool: pool)
      } _: {
        x[$0] / (1 + expf(-x[$0]))
      }
      check("elementwiseBackward") {
        kernels.elementwiseBackward(
          .leakyReLU(slope: 0.5), count: count, input: a.pointer, outputGradient: b.pointer,
          inputGradient: $0.pointer, pool: pool)
      } _: {
        x[$0] > 0 ? y[$0] : 0.5 * y[$0]
      }
      check("add") {
        kernels.add(count: count, a: a.pointer, b: b.pointer, output: $0.pointer, pool: pool)
      } _: {
        x[$0] + y[$0]
      }
      check("multiply") {
        kernels.multiply(count: count, a: a.pointer, b: b.pointer, output: $0.pointer, pool: pool)
      } _: {
        x[$0] * y[$0]
      }
      check("scale") {
        kernels.scale(count: count, factor: -3, input: a.pointer, output: $0.pointer, pool: pool)
      } _: {
        -3 * x[$0]
      }
      check("fill and addScaled") {
        kernels.fill(count: count, value: 2, output: $0.pointer, pool: pool)
        kernels.addScaled(count: count, factor: 0.5, input: a.pointer, output: $0.pointer, pool: pool)
      } _: {
        2 + 0.5 * x[$0]
      }
      let mask = (0..<max(1, count)).map { UInt8($0 % 3 == 0 ? 0 : 1) }
      check("applyMask") { output in
        kernels.applyMask(
          count: count, factor: 2, mask: mask, input: a.pointer, output: output.pointer, pool: pool)
      } _: {
        $0 % 3 == 0 ? 0 : 2 * x[$0]
      }
      #expect(
        abs(kernels.sum(count: count, input: a.pointer) - x.reduce(0) { $0 + Double($1) }) < 1e-9)
    }
  }

  @Test(arguments: TestBuild.all)
  func reluKeepsNaN(build: TestBuild) {
    let input = Buffer([.nan, -1, 0, 1])
    let output = Buffer(4)
    build.kernels.relu(count: 4, input: input.pointer, output: output.pointer, pool: Pools.one)
    #expect(output.values[0].isNaN && Array(output.values[1...]) == [0, 0, 1])
    let gradient = Buffer([5, 5, 5, 5])
    let back = Buffer(4)
    build.kernels.reluBackward(
      count: 4, output: output.pointer, outputGradient: gradient.pointer, inputGradient: back.pointer,
      pool: Pools.one)
    #expect(back.values == [5, 0, 0, 5])
  }
}

/// The C library's, which inside the suite's closures is not confused with a kernel.
private func tangent(_ x: Double) -> Double { tanh(x) }
