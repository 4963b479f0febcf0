import NNKernels
import NNRuntime
import NNShapes
import Testing

/// Rows of layers that run as one pass, against the same layers one by one.
@Suite("Passes")
struct PassTests {
  struct Row: Sendable, CustomTestStringConvertible {
    /// `c` a convolution, `r` a ReLU, `m` a MaxPool2d(2), `M` one that rounds up, `i` one that gives
    /// indices, `3` one with windows of 3, `b` a BatchNorm, `f` Flatten, `l` Linear, parentheses a container.
    var layers: String
    var input: Shape = [2, 3, 8, 6]
    /// The layers of each pass.
    var passes: [Int]
    var testDescription: String { "\(layers) on \(input)" }
  }

  static let rows = [
    Row(layers: "c", passes: [1]), Row(layers: "cr", passes: [2]), Row(layers: "cm", passes: [2]),
    Row(layers: "crm", passes: [3]), Row(layers: "cmr", passes: [3]),
    Row(layers: "cmr", input: [2, 3, 7, 9], passes: [3]), Row(layers: "crm", input: [3, 5, 5], passes: [3]),
    Row(layers: "cM", passes: [2]), Row(layers: "cMr", input: [2, 3, 7, 6], passes: [3]),
    Row(layers: "crM", input: [2, 3, 6, 7], passes: [3]), Row(layers: "ci", passes: [1, 1]),
    Row(layers: "c3r", passes: [1, 1, 1]), Row(layers: "crr", passes: [2, 1]),
    Row(layers: "cmm", passes: [2, 1]), Row(layers: "mcmr", passes: [1, 3]),
    Row(layers: "crcmcr", passes: [2, 2, 2]), Row(layers: "(c(r)m)cr", passes: [3, 2]),
    Row(layers: "crmflrl", passes: [3, 1, 2, 1]), Row(layers: "c(rr)", passes: [2, 1]),
    Row(layers: "cbr", passes: [1, 2]), Row(layers: "cbmbrr", passes: [1, 1, 1, 2, 1]),
    Row(layers: "flbr", passes: [1, 1, 2]),
  ]

  @Test(arguments: rows)
  func values(_ row: Row) throws {
    for isTraining in [true, false] {
      let fused = try Run(row, isTraining: isTraining) { model, input, tape in model.forward(input, tape) }
      let single = try Run(row, isTraining: isTraining) { model, input, tape in
        leaves(model).reduce(input) { $1.forward($0, tape) }
      }
      #expect(fused.model.passes.map(\.layers.count) == row.passes)
      #expect(fused.shape == single.shape)
      #expect(fused.output == single.output)
      #expect(fused.gradients.count == (isTraining ? fused.model.parameters.count + 1 : 0))
      for (a, b) in zip(fused.gradients, single.gradients) {
        let failure = difference(a.name, a.values, b.values, Tolerance(absolute: 1e-6, relative: 1e-5))
        #expect(failure == nil)
      }
    }
  }

  /// NaN wins in a pooling, and its gradient passes a ReLU.
  @Test(arguments: ["crm", "cmr", "cr"])
  func nanPasses(_ layers: String) throws {
    let row = Row(layers: layers, passes: [layers.count])
    let poison = { (input: Tensor) in input.pointer[17] = .nan }
    let fused = try Run(row, isTraining: true, poison) { model, input, tape in model.forward(input, tape) }
    let single = try Run(row, isTraining: true, poison) { model, input, tape in
      leaves(model).reduce(input) { $1.forward($0, tape) }
    }
    #expect(fused.output.contains { $0.isNaN })
    let exact = Tolerance(absolute: 0, relative: 0)
    #expect(difference("output", fused.output, single.output, exact) == nil)
    for (a, b) in zip(fused.gradients, single.gradients) {
      #expect(difference(a.name, a.values, b.values, Tolerance(absolute: 1e-6, relative: 1e-5)) == nil)
    }
  }

  /// Keys and parameters are those of the layers, whatever runs together.
  @Test
  func keysStay() throws {
    let model = sequential("(c(r)m)flrl", [2, 3, 8, 6], Generator(seed: 0))
    #expect(
      model.stateDict.map(\.name)
        == ["0.0.weight", "0.0.bias", "2.weight", "2.bias", "4.weight", "4.bias"])
  }

  /// Without a record nobody asks for the maxima's places: the argmax bytes take no memory.
  @Test
  func nothingIsKeptWithoutRecording() throws {
    let row = Row(layers: "crm", input: [1, 3, 32, 32], passes: [3])
    let recorded = try Run(row, isTraining: true) { model, input, tape in model.forward(input, tape) }
    let plain = try Run(row, isTraining: false) { model, input, tape in model.forward(input, tape) }
    #expect(plain.forwardBlocks == recorded.forwardBlocks - 1)
  }

  /// The gradient of the first input is not computed unless asked for: no memory is taken for it.
  @Test
  func theFirstInputGetsNoGradient() throws {
    let tape = makeTape()
    let model = sequential("cr", [1, 3, 16, 16], tape.generator)
    let input = tape.variable(Tensor(zeros: [1, 3, 16, 16]))
    let output = model.forward(input, tape)
    tape.backward(from: output, gradient: Tensor(zeros: tape.shape(output)))
    #expect(tape.gradient(input) == nil)
    #expect(model.parameters.allSatisfy { $0.parameter.hasGradient })
  }
}

/// A forward pass and in training a backward pass of the layers of a row, with direct convolutions.
private struct Run {
  let model: Sequential
  let shape: Shape
  let output: [Float]
  let gradients: [(name: String, values: [Float])]
  /// Blocks of memory that the forward pass took.
  let forwardBlocks: Int

  init(
    _ row: PassTests.Row, isTraining: Bool, _ adjust: (Tensor) -> Void = { _ in },
    _ forward: (Sequential, Variable, Tape) -> Variable
  ) throws {
    let tape = Tape(
      threads: ThreadPool(threads: 2), generator: Generator(seed: 3), pool: StoragePool(poison: true),
      kernels: Kernels(.current, convolution: .direct))
    tape.isTraining = isTraining
    tape.isRecording = isTraining
    model = sequential(row.layers, row.input, tape.generator)
    let input = randomTensor(row.input, tape.generator, .channelsLast)
    adjust(input)
    let variable = tape.variable(input, requiresGrad: isTraining)
    let root = forward(model, variable, tape)
    forwardBlocks = tape.pool.blockCount
    shape = tape.shape(root)
    output = tape.tensor(root).values
    guard isTraining else {
      gradients = []
      return
    }
    tape.backward(from: root, gradient: randomTensor(shape, tape.generator))
    gradients =
      [("input", try #require(tape.gradient(variable)).values)]
      + model.parameters.map { ($0.name, $0.parameter.gradient.values) }
  }
}

/// The layers that are no containers.
private func leaves(_ layer: any Layer) -> [any Layer] {
  layer is Sequential ? layer.children.flatMap { leaves($0.layer) } : [layer]
}

/// The layers that `text` stands for, made to fit an input of this shape.
private func sequential(_ text: String, _ input: Shape, _ generator: Generator) -> Sequential {
  var rest = text[...]
  var shape = input
  return sequential(&rest, &shape, generator)
}

private func sequential(_ rest: inout Substring, _ shape: inout Shape, _ generator: Generator) -> Sequential {
  var layers: [any Layer] = []
  while let letter = rest.popFirst(), letter != ")" {
    let layer: any Layer =
      letter == "(" ? sequential(&rest, &shape, generator) : layer(letter, shape, generator)
    layers.append(layer)
    if letter == "(" { continue }
    // The shape rules are the layers' own.
    let tape = makeTape()
    tape.isRecording = false
    shape = tape.shape(layer.forward(tape.variable(Tensor(zeros: shape)), tape))
  }
  return Sequential(layers.enumerated().map { (String($0.offset), $0.element) })
}

private func layer(_ letter: Character, _ shape: Shape, _ generator: Generator) -> any Layer {
  let rank = shape.rank
  func pooling(_ kernel: Int, stride: Int = 2, ceilMode: Bool = false, returnIndices: Bool = false)
    -> any Layer
  {
    let window = WindowGeometry.plain(kernel: kernel, stride: stride, ceilMode: ceilMode)
    return MaxPool2d(vertical: window, horizontal: window, returnIndices: returnIndices)
  }
  switch letter {
  case "c":
    let window = WindowGeometry.plain(kernel: 3, padding: 1)
    return Conv2d(
      inChannels: shape[rank - 3], outChannels: 5, vertical: window, horizontal: window, groups: 1,
      bias: true, generator: generator)
  case "r": return ReLU()
  case "m": return pooling(2)
  case "M": return pooling(2, ceilMode: true)
  case "i": return pooling(2, returnIndices: true)
  case "3": return pooling(3)
  case "b":
    return BatchNorm(
      NormParameters(
        features: shape[1], affine: true, bias: true, tracks: true, momentum: 0.1), eps: 1e-5)
  case "f": return Flatten(startDim: 1, endDim: -1)
  case "l":
    return Linear(inFeatures: shape[rank - 1], outFeatures: 4, bias: true, generator: generator)
  default: preconditionFailure("no layer \(letter)")
  }
}
