import NNKernels
import NNRuntime
import NNShapes
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Every operation against its formula and against central differences.
@Suite
struct GradientTests {
  static let formats = [MemoryFormat.contiguous, .channelsLast]

  // MARK: Convolution and linear maps

  struct Convolution: Sendable, CustomStringConvertible {
    var input: [Int]
    var outputs: Int
    var vertical: WindowGeometry
    var horizontal: WindowGeometry
    var groups = 1
    var bias = true

    var description: String {
      "Conv2d of \(Shape(input)) to \(outputs), \(vertical), \(horizontal), groups \(groups)"
    }
  }

  static let convolutions = [
    Convolution(input: [2, 3, 6, 5], outputs: 4, vertical: .plain(kernel: 3), horizontal: .plain(kernel: 2)),
    Convolution(
      input: [1, 2, 7, 6], outputs: 3, vertical: .plain(kernel: 3, stride: 2, padding: 1),
      horizontal: .plain(kernel: 3, stride: 3, padding: 2)),
    Convolution(
      input: [3, 7, 8], outputs: 2, vertical: .plain(kernel: 3, dilation: 2),
      horizontal: .plain(kernel: 2, padding: 1, dilation: 3), bias: false),
    Convolution(
      input: [2, 4, 5, 5], outputs: 6, vertical: .plain(kernel: 3, padding: 1),
      horizontal: .plain(kernel: 3, padding: 1), groups: 2),
    Convolution(
      input: [2, 4, 4, 4], outputs: 4, vertical: .plain(kernel: 2, padding: 0, after: 1),
      horizontal: .plain(kernel: 4, padding: 1, after: 2), groups: 4),
    Convolution(
      input: [2, 5, 3, 3], outputs: 17, vertical: .plain(kernel: 1), horizontal: .plain(kernel: 1)),
  ]

  @Test(arguments: convolutions, formats)
  func conv2d(_ entry: Convolution, _ format: MemoryFormat) throws {
    let generator = Generator(seed: 1)
    let input = Shape(entry.input)
    let channels = input[input.rank - 3] / entry.groups
    let weight = Shape(entry.outputs, channels, entry.vertical.kernel, entry.horizontal.kernel)
    var inputs = [randomTensor(input, generator, format), randomTensor(weight, generator, format)]
    if entry.bias { inputs.append(randomTensor(Shape(entry.outputs), generator)) }
    try GradientCheck(name: "\(entry), \(format)", inputs: inputs, step: 0.25) { tape, variables in
      tape.conv2d(
        variables[0], weight: variables[1], bias: entry.bias ? variables[2] : nil,
        vertical: entry.vertical, horizontal: entry.horizontal, groups: entry.groups)
    }.run()
  }

  @Test(arguments: [[4], [3, 4], [2, 3, 4], [0, 4]], [true, false])
  func linear(_ shape: [Int], _ bias: Bool) throws {
    let generator = Generator(seed: 2)
    let inputs = [
      randomTensor(Shape(shape), generator), randomTensor([5, 4], generator), randomTensor([5], generator),
    ]
    try GradientCheck(
      name: "Linear of \(shape)", inputs: Array(inputs.prefix(bias ? 3 : 2)), step: 0.25,
      formula: { values in
        (0..<values[0].count / 4 * 5).map { index in
          let (row, output) = (index / 5, index % 5)
          return (0..<4).reduce(bias ? values[2][output] : 0) {
            $0 + values[0][row * 4 + $1] * values[1][output * 4 + $1]
          }
        }
      }
    ) { tape, variables in
      tape.linear(variables[0], weight: variables[1], bias: bias ? variables[2] : nil)
    }.run()
  }

  // MARK: Pooling

  struct Pool: Sendable, CustomStringConvertible {
    var input: [Int]
    var vertical: WindowGeometry
    var horizontal: WindowGeometry

    var description: String { "pooling of \(Shape(input)), \(vertical), \(horizontal)" }
  }

  static let pools = [
    Pool(
      input: [2, 3, 6, 4], vertical: .plain(kernel: 2, stride: 2), horizontal: .plain(kernel: 2, stride: 2)),
    Pool(
      input: [1, 2, 7, 7], vertical: .plain(kernel: 3, stride: 2, padding: 1, ceilMode: true),
      horizontal: .plain(kernel: 2, stride: 3, ceilMode: true)),
    Pool(
      input: [3, 5, 6], vertical: .plain(kernel: 3, stride: 1, padding: 1),
      horizontal: .plain(kernel: 4, stride: 3, padding: 2)),
  ]

  @Test(arguments: pools, [1, 2])
  func maxPool2d(_ pool: Pool, _ dilation: Int) throws {
    let input = separatedTensor(Shape(pool.input), Generator(seed: 3))
    var (vertical, horizontal) = (pool.vertical, pool.horizontal)
    (vertical.dilation, horizontal.dilation) = (dilation, dilation)
    for format in Self.formats {
      try GradientCheck(
        name: "max \(pool), \(format)", inputs: [Tensor(input.values, input.shape, format)],
        step: 0.0625
      ) { tape, variables in
        tape.maxPool2d(
          variables[0], vertical: vertical, horizontal: horizontal, returnIndices: false)
      }.run()
    }
  }

  @Test(arguments: pools, [(true, nil), (false, nil), (true, 3), (false, -2)] as [(Bool, Int?)])
  func avgPool2d(_ pool: Pool, _ divisor: (countIncludePad: Bool, override: Int?)) throws {
    for format in Self.formats {
      let input = randomTensor(Shape(pool.input), Generator(seed: 4), format)
      try GradientCheck(name: "average \(pool), \(format)", inputs: [input], step: 0.25) { tape, variables in
        tape.avgPool2d(
          variables[0], vertical: pool.vertical, horizontal: pool.horizontal,
          countIncludePad: divisor.countIncludePad, divisorOverride: divisor.override)
      }.run()
    }
  }

  // MARK: Elementwise, softmax, shape

  @Test(arguments: formats)
  func activations(_ format: MemoryFormat) throws {
    let input = separatedTensor([2, 3, 3, 2], Generator(seed: 5))
    let inputs = [Tensor(input.values, input.shape, format)]
    try GradientCheck(
      name: "ReLU", inputs: inputs, formula: { $0[0].map { max($0, 0) } }
    ) { $0.relu($1[0]) }.run()
    try GradientCheck(
      name: "Sigmoid", inputs: inputs, formula: { $0[0].map { 1 / (1 + exp(-$0)) } }
    ) { $0.sigmoid($1[0]) }.run()
    try GradientCheck(
      name: "Tanh", inputs: inputs, formula: { $0[0].map { hyperbolicTangent($0) } }
    ) { $0.tanh($1[0]) }.run()
  }

  struct Function: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var function: ElementwiseFunction
    var formula: @Sendable (Double) -> Double

    init(_ name: String, _ function: ElementwiseFunction, _ formula: @escaping @Sendable (Double) -> Double) {
      testDescription = name
      self.function = function
      self.formula = formula
    }
  }

  /// The formulas as PyTorch's documentation has them. No kink of theirs is at k/4 + 1/16.
  static let functions = [
    Function("LeakyReLU", .leakyReLU(slope: 0.1)) { $0 > 0 ? $0 : Double(Float(0.1)) * $0 },
    Function("ReLU6", .relu6) { min(max($0, 0), 6) },
    Function("Hardtanh", .hardtanh(low: -2, high: 0.5)) { min(max($0, -2), 0.5) },
    Function("ELU", .elu(alpha: 1.5)) { $0 > 0 ? $0 : 1.5 * expm1($0) },
    Function("CELU", .celu(alpha: 1.5)) { $0 > 0 ? $0 : 1.5 * expm1($0 / 1.5) },
    Function("SELU", .selu) { 1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * expm1($0)) },
    Function("GELU", .gelu) { $0 * erfc(-$0 / 2.0.squareRoot()) / 2 },
    Function("GELU tanh", .geluTanh) {
      $0 / 2 * (1 + hyperbolicTangent((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
    },
    Function("SiLU", .silu) { $0 / (1 + exp(-$0)) },
    Function("Mish", .mish) { $0 * hyperbolicTangent(log1p(exp($0))) },
    Function("Softplus", .softplus(beta: 2, threshold: 1.75)) {
      2 * $0 > 1.75 ? $0 : log1p(exp(2 * $0)) / 2
    },
    Function("Softsign", .softsign) { $0 / (1 + abs($0)) },
    Function("LogSigmoid", .logSigmoid) { -log1p(exp(-$0)) },
    Function("Hardswish", .hardswish) { $0 * min(max($0 + 3, 0), 6) / 6 },
    Function("Hardsigmoid", .hardsigmoid) { min(max($0 + 3, 0), 6) / 6 },
    Function("Hardshrink", .hardshrink(lambda: 0.5)) { abs($0) <= 0.5 ? 0 : $0 },
    Function("Softshrink", .softshrink(lambda: 0.5)) { $0 > 0.5 ? $0 - 0.5 : $0 < -0.5 ? $0 + 0.5 : 0 },
    Function("Tanhshrink", .tanhshrink) { $0 - hyperbolicTangent($0) },
    Function("Threshold", .threshold(0.5, value: -3)) { $0 > 0.5 ? $0 : -3 },
  ]

  @Test(arguments: functions, formats)
  func elementwise(_ entry: Function, _ format: MemoryFormat) throws {
    let input = separatedTensor([2, 3, 3, 2], Generator(seed: 5))
    try GradientCheck(
      name: entry.testDescription, inputs: [Tensor(input.values, input.shape, format)],
      formula: { $0[0].map(entry.formula) }
    ) { $0.elementwise(entry.function, $1[0]) }.run()
  }

  @Test(arguments: [[], [7], [4, 3], [2, 3, 4], [2, 3, 4, 2], [0, 3]], formats)
  func prelu(_ dimensions: [Int], _ format: MemoryFormat) throws {
    let shape = Shape(dimensions)
    let input = separatedTensor(shape, Generator(seed: 17))
    for count in shape.rank >= 2 ? [1, 3] : [1] where count == 1 || shape[1] == count {
      let weight = randomTensor(Shape(count), Generator(seed: 18))
      let inner = dimensions.dropFirst(2).reduce(1, *)
      try GradientCheck(
        name: "PReLU(\(count)) of \(shape)", inputs: [Tensor(input.values, shape, format), weight],
        formula: { values in
          values[0].enumerated().map { $1 > 0 ? $1 : values[1][count == 1 ? 0 : $0 / inner % count] * $1 }
        }
      ) { $0.prelu($1[0], weight: $1[1]) }.run()
    }
  }

  /// The sum over more elements than a task has does not depend on the number of threads.
  @Test
  func preluSumsInOneOrder() {
    let input = randomTensor([7, 3, 40, 40], Generator(seed: 19), .channelsLast)
    let gradients = [1, 3].map { threads in
      let tape = makeTape(threads: threads)
      let weight = tape.variable(Tensor([0.1, 0.2, 0.3], [3]), requiresGrad: true)
      let output = tape.prelu(tape.variable(input), weight: weight)
      tape.backward(from: output, gradient: input)
      return tape.gradient(weight)?.values
    }
    #expect(gradients[0] == gradients[1])
  }

  @Test(arguments: [([4], 0), ([3, 6], 1), ([4, 3], 0), ([2, 4, 3, 2], 1), ([2, 3, 2], -1)], formats)
  func glu(_ entry: (dimensions: [Int], dim: Int), _ format: MemoryFormat) throws {
    let shape = Shape(entry.dimensions)
    let axis = entry.dim < 0 ? entry.dim + shape.rank : entry.dim
    let block = entry.dimensions[axis...].reduce(1, *) / 2
    try GradientCheck(
      name: "GLU(\(entry.dim)) of \(shape)", inputs: [randomTensor(shape, Generator(seed: 20), format)],
      formula: { values in
        (0..<values[0].count / 2).map { index in
          let first = index / block * 2 * block + index % block
          return values[0][first] / (1 + exp(-values[0][first + block]))
        }
      }
    ) { $0.glu($1[0], dim: entry.dim) }.run()
  }

  @Test(arguments: formats)
  func scale(_ format: MemoryFormat) throws {
    try GradientCheck(
      name: "scale", inputs: [randomTensor([2, 3, 2, 2], Generator(seed: 21), format)], step: 0.25,
      formula: { $0[0].map { -3 * $0 } }
    ) { $0.scaled($1[0], by: -3) }.run()
  }

  @Test(arguments: [[], [5], [3, 4], [2, 3, 4], [2, 3, 2, 2]], formats)
  func softmax(_ dimensions: [Int], _ format: MemoryFormat) throws {
    let shape = Shape(dimensions)
    let input = randomTensor(shape, Generator(seed: 6), format)
    for dim in (shape.rank == 0 ? -1..<1 : -shape.rank..<shape.rank) {
      let position = dim < 0 ? dim + max(1, shape.rank) : dim
      let axis = shape.rank == 0 ? 1 : shape[position]
      let inner = shape.rank == 0 ? 1 : dimensions[(position + 1)...].reduce(1, *)
      func line(_ values: [Double], _ index: Int) -> [Double] {
        let start = index / (axis * inner) * axis * inner + index % inner
        return (0..<axis).map { values[start + $0 * inner] }
      }
      func share(_ values: [Double], _ index: Int) -> Double {
        exp(values[index]) / line(values, index).map { exp($0) }.reduce(0, +)
      }
      try GradientCheck(
        name: "Softmax(\(dim)) of \(shape)", inputs: [input],
        formula: { values in values[0].indices.map { share(values[0], $0) } }
      ) { $0.softmax($1[0], dim: dim) }.run()
      try GradientCheck(
        name: "LogSoftmax(\(dim)) of \(shape)", inputs: [input],
        formula: { values in values[0].indices.map { log(share(values[0], $0)) } }
      ) { $0.logSoftmax($1[0], dim: dim) }.run()
    }
  }

  @Test(arguments: formats)
  func flatten(_ format: MemoryFormat) throws {
    let input = randomTensor([2, 3, 4, 2], Generator(seed: 7), format)
    let shapes: [(Int, Int, Shape)] = [
      (0, -1, [48]), (1, -1, [2, 24]), (2, 3, [2, 3, 8]), (0, 1, [6, 4, 2]), (-3, 2, [2, 12, 2]),
      (1, 1, [2, 3, 4, 2]),
    ]
    for (startDim, endDim, shape) in shapes {
      try GradientCheck(
        name: "Flatten(\(startDim), \(endDim))", inputs: [input], step: 0.25, formula: { $0[0] }
      ) { tape, variables in
        let result = tape.flatten(variables[0], startDim: startDim, endDim: endDim)
        #expect(tape.shape(result) == shape)
        return result
      }.run()
    }
    let tape = makeTape()
    let scalar = tape.flatten(tape.variable(Tensor([3], [])), startDim: 0, endDim: -1)
    #expect(tape.shape(scalar) == [1])
  }

  @Test(arguments: formats, [0.0, 0.3, 1.0])
  func dropout(_ format: MemoryFormat, _ p: Double) throws {
    let input = randomTensor([2, 3, 2, 2], Generator(seed: 8), format)
    let start = Generator(seed: 9).state
    try GradientCheck(
      name: "Dropout(\(p))", inputs: [input], step: 0.25,
      formula: { values in
        let generator = Generator(seed: 9)
        return values[0].map { p < 1 && generator.uniformDouble() < 1 - p ? $0 / (1 - p) : 0 }
      }, prepare: { #expect($0.generator.restore(start)) }
    ) { tape, variables in
      // Dropout(0) is its input itself: the view gives the backward pass something to begin with.
      tape.reshape(tape.dropout(variables[0], p: p), [2, 3, 2, 2])
    }.run()
  }
}

/// Outside the suite, where `tanh` is the C library's.
private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
