import NNRuntime
import NNShapes
import Testing

/// The operations that move, resize and normalise maps, against central differences; what they compute is
/// held against PyTorch's cases elsewhere.
@Suite
struct MapGradientTests {
  static let formats = [MemoryFormat.contiguous, .channelsLast]

  struct Transposed: Sendable, CustomStringConvertible {
    var input: [Int]
    var outputs: Int
    var vertical: TransposedWindow
    var horizontal: TransposedWindow
    var groups = 1
    var bias = true

    var description: String {
      "ConvTranspose2d of \(Shape(input)), \(vertical), \(horizontal), groups \(groups)"
    }
  }

  static let transposed = [
    Transposed(
      input: [2, 3, 4, 3], outputs: 2, vertical: .plain(kernel: 3), horizontal: .plain(kernel: 2, stride: 2)),
    Transposed(
      input: [3, 3, 4], outputs: 4, vertical: .plain(kernel: 3, stride: 2, padding: 1, outputPadding: 1),
      horizontal: .plain(kernel: 2, dilation: 3, outputPadding: 2), bias: false),
    Transposed(
      input: [2, 4, 3, 3], outputs: 6, vertical: .plain(kernel: 3, padding: 1),
      horizontal: .plain(kernel: 3, stride: 3, padding: 2), groups: 2),
    Transposed(
      input: [1, 2, 1, 1], outputs: 2, vertical: .plain(kernel: 5), horizontal: .plain(kernel: 3, padding: 1),
      groups: 2),
  ]

  @Test(arguments: transposed, formats)
  func convTranspose2d(_ entry: Transposed, _ format: MemoryFormat) throws {
    let generator = Generator(seed: 31)
    let input = Shape(entry.input)
    let weight = Shape(
      input[input.rank - 3], entry.outputs / entry.groups, entry.vertical.kernel, entry.horizontal.kernel)
    var inputs = [randomTensor(input, generator, format), randomTensor(weight, generator, format)]
    if entry.bias { inputs.append(randomTensor(Shape(entry.outputs), generator)) }
    try GradientCheck(name: "\(entry), \(format)", inputs: inputs, step: 0.25) { tape, variables in
      tape.convTranspose2d(
        variables[0], weight: variables[1], bias: entry.bias ? variables[2] : nil, vertical: entry.vertical,
        horizontal: entry.horizontal, groups: entry.groups)
    }.run()
  }

  @Test(arguments: PaddingMode.allCases, formats)
  func pad(_ mode: PaddingMode, _ format: MemoryFormat) throws {
    let shapes: [Shape] = [[2, 3, 4, 5], [3, 4, 4]]
    for shape in shapes {
      try GradientCheck(
        name: "pad \(mode) of \(shape)", inputs: [randomTensor(shape, Generator(seed: 32), format)],
        step: 0.25
      ) { tape, variables in
        tape.pad(
          variables[0], vertical: PaddingGeometry(before: 2, after: -1, mode: mode),
          horizontal: PaddingGeometry(before: 1, after: 3, mode: mode), value: 0.5)
      }.run()
    }
  }

  @Test(arguments: [(1, 1), (3, 2), (7, 5), (2, nil)] as [(Int?, Int?)])
  func adaptivePools(_ size: (height: Int?, width: Int?)) throws {
    let shapes: [Shape] = [[2, 3, 5, 4], [2, 4, 6]]
    for shape in shapes {
      try GradientCheck(
        name: "adaptive average of \(shape)", inputs: [randomTensor(shape, Generator(seed: 33))], step: 0.25
      ) { tape, variables in
        tape.adaptiveAvgPool2d(variables[0], height: size.height, width: size.width)
      }.run()
      try GradientCheck(
        name: "adaptive maximum of \(shape)", inputs: [separatedTensor(shape, Generator(seed: 34))],
        step: 0.0625
      ) { tape, variables in
        tape.adaptiveMaxPool2d(variables[0], height: size.height, width: size.width, returnIndices: false)
      }.run()
    }
  }

  @Test(arguments: [1, 2, 3.5] as [Float], [true, false])
  func powerAverage(_ normType: Float, _ ceilMode: Bool) throws {
    let values = randomTensor([2, 3, 5, 6], Generator(seed: 35)).values.map { abs($0) + 0.5 }
    try GradientCheck(name: "LPPool2d(\(normType))", inputs: [Tensor(values, [2, 3, 5, 6])]) {
      tape, variables in
      tape.lpPool2d(
        variables[0], normType: normType, vertical: .plain(kernel: 2, stride: 2, ceilMode: ceilMode),
        horizontal: .plain(kernel: 3, stride: 2, ceilMode: ceilMode))
    }.run()
  }

  @Test func shuffleResizeAndUnpool() throws {
    let generator = Generator(seed: 36)
    try GradientCheck(
      name: "PixelShuffle", inputs: [randomTensor([2, 8, 3, 2], generator)], step: 0.25
    ) { $0.pixelShuffle($1[0], factor: 2, isInverse: false) }.run()
    try GradientCheck(
      name: "PixelUnshuffle", inputs: [randomTensor([2, 4, 6], generator)], step: 0.25
    ) { $0.pixelShuffle($1[0], factor: 2, isInverse: true) }.run()
    for (isBilinear, alignsCorners) in [(false, false), (true, false), (true, true)] {
      try GradientCheck(
        name: "Upsample", inputs: [randomTensor([2, 3, 3, 4], generator)], step: 0.25
      ) { tape, variables in
        tape.upsample(
          variables[0],
          vertical: ResizeGeometry(input: 3, output: 7, factor: nil, alignsCorners: alignsCorners),
          horizontal: ResizeGeometry(input: 4, output: 10, factor: 2.5, alignsCorners: alignsCorners),
          isBilinear: isBilinear)
      }.run()
    }
    let indices = IndexTensor([0, 3, 6, 7, 1, 2, 5, 8], [1, 2, 2, 2])
    try GradientCheck(
      name: "MaxUnpool2d", inputs: [randomTensor([1, 2, 2, 2], generator)], step: 0.25,
      formula: { values in
        var output = [Double](repeating: 0, count: 18)
        for (index, place) in indices.values.enumerated() {
          output[index / 4 * 9 + Int(place)] = values[0][index]
        }
        return output
      }
    ) { $0.maxUnpool2d($1[0], indices, height: 3, width: 3) }.run()
  }

  @Test func embedding() throws {
    let rows: [Float] = [2, 0, 2, 1, 3, 0]
    try GradientCheck(
      name: "Embedding", inputs: [randomTensor([4, 3], Generator(seed: 37))], step: 0.25,
      formula: { values in rows.flatMap { row in (0..<3).map { values[0][Int(row) * 3 + $0] } } }
    ) { tape, variables in
      tape.embedding(tape.variable(Tensor(rows, [2, 3])), weight: variables[0], paddingIndex: nil)
    }.run()
  }

  // MARK: Normalisation

  @Test(arguments: [[6, 3], [2, 3, 3, 2], [5, 17, 2, 3]], [true, false])
  func batchNorm(_ shape: [Int], _ usesBatch: Bool) throws {
    let generator = Generator(seed: 38)
    let channels = Shape(shape[1])
    let inputs = [
      randomTensor(Shape(shape), generator), randomTensor(channels, generator),
      randomTensor(channels, generator),
    ]
    let running = Tape.RunningStatistics(
      mean: randomTensor(channels, generator),
      variance: Tensor((0..<shape[1]).map { 0.5 + Float($0) }, channels))
    try GradientCheck(name: "BatchNorm of \(shape)", inputs: inputs) { tape, variables in
      tape.batchNorm(
        variables[0], weight: variables[1], bias: variables[2], eps: 1e-5, running: usesBatch ? nil : running,
        relu: false)
    }.run()
  }

  @Test(arguments: [true, false])
  func rowNorm(_ isCentered: Bool) throws {
    let generator = Generator(seed: 39)
    // GroupNorm(2, 4) of (2, 4, 3) and LayerNorm((4, 3)) of the same.
    for (rows, stride, count) in [(4, 3, 4), (2, 1, 12)] {
      let inputs = [
        randomTensor([2, 4, 3], generator), randomTensor(Shape(count), generator),
        randomTensor(Shape(count), generator),
      ]
      try GradientCheck(name: "rows of \(24 / rows)", inputs: inputs) { tape, variables in
        tape.rowNorm(
          variables[0], weight: variables[1], bias: variables[2], rows: rows, isCentered: isCentered,
          eps: 1e-3,
          weightStride: stride, weightCount: count)
      }.run()
    }
  }

  @Test(arguments: [1, 2, 3, 7])
  func localResponseNorm(_ size: Int) throws {
    try GradientCheck(
      name: "LocalResponseNorm(\(size))", inputs: [randomTensor([2, 5, 3], Generator(seed: 40))]
    ) { $0.localResponseNorm($1[0], size: size, alpha: 0.5, beta: 0.75, k: 1) }.run()
  }

  @Test(arguments: [0.3, 1.0], [1, 2])
  func channelDropout(_ p: Double, _ channelRank: Int) throws {
    let start = Generator(seed: 41).state
    try GradientCheck(
      name: "channel dropout", inputs: [randomTensor([3, 2, 2, 2], Generator(seed: 42), .channelsLast)],
      step: 0.25,
      formula: { values in
        let generator = Generator(seed: 41)
        let size = channelRank == 1 ? 8 : 4
        let kept = (0..<24 / size).map { _ in p < 1 && generator.uniformDouble() < 1 - p }
        return values[0].enumerated().map { kept[$0 / size] ? $1 / (1 - p) : 0 }
      }, prepare: { #expect($0.generator.restore(start)) }
    ) { $0.channelDropout($1[0], p: p, channelRank: channelRank) }.run()
  }
}

extension TransposedWindow {
  fileprivate static func plain(
    kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1, outputPadding: Int = 0
  ) -> TransposedWindow {
    TransposedWindow(
      kernel: kernel, stride: stride, padding: padding, outputPadding: outputPadding, dilation: dilation)
  }
}
