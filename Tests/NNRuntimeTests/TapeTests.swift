import NNKernels
import NNRuntime
import NNShapes
import Testing

@Suite
struct TapeTests {
  /// x used twice: d(relu(x) · … ) adds up. Here y = MSE(x, 0) with x = reshape(p) and p once more.
  @Test
  func aValueUsedTwiceGetsBothGradients() throws {
    let tape = makeTape()
    let x = tape.variable(Tensor([1, 2, 3], [3]), requiresGrad: true)
    let weight = tape.variable(Tensor([1, 0, 2, 0, 1, 1], [2, 3]), requiresGrad: true)
    // The same weight and the same input go into two branches, which a squared error brings together.
    let first = tape.linear(x, weight: weight, bias: nil)
    let second = tape.linear(tape.relu(x), weight: weight, bias: nil)
    let stacked = tape.linear(
      first, weight: tape.variable(Tensor([2, 0, 0, 2], [2, 2])), bias: nil)
    tape.backward(from: stacked, gradient: Tensor([1, 1], [2]))
    tape.backward(from: second, gradient: Tensor([1, 1], [2]))
    // 2 · Wᵀ·1 of the first branch plus Wᵀ·1 of the second.
    #expect(tape.gradient(x)?.values == [3, 3, 9])
    #expect(tape.gradient(weight)?.values == [3, 6, 9, 3, 6, 9])
  }

  @Test
  func oneBackwardPassAddsUpBranches() throws {
    let tape = makeTape()
    let x = tape.variable(Tensor([1, -2, 3], [3]), requiresGrad: true)
    // The input is both the input and the weight of one linear map: y = x · x.
    let y = tape.linear(x, weight: tape.reshape(x, [1, 3]), bias: nil)
    #expect(tape.tensor(y).values == [14])
    tape.backward(from: y)
    #expect(tape.gradient(x)?.values == [2, -4, 6])
  }

  @Test
  func parametersStoreFirstThenAdd() {
    let parameter = Parameter([2])
    parameter.value.setValues([3, 4])
    func run(_ gradient: [Float]) {
      let tape = makeTape()
      let y = tape.relu(tape.variable(parameter))
      tape.backward(from: y, gradient: Tensor(gradient, [2]))
    }
    #expect(!parameter.hasGradient)
    run([1, 2])
    #expect(parameter.hasGradient && parameter.gradient.values == [1, 2])
    run([10, 20])
    #expect(parameter.gradient.values == [11, 22])
    parameter.zeroGrad()
    #expect(!parameter.hasGradient)
    run([5, 6])
    #expect(parameter.gradient.values == [5, 6])
  }

  /// Weight gradients that the kernels add in place: convolution and linear, over two passes.
  @Test
  func weightGradientsAccumulate() throws {
    let model = smallModel(Generator(seed: 1))
    let images = randomTensor([2, 3, 6, 6], Generator(seed: 2))
    func run() throws {
      let tape = makeTape(threads: 2)
      let output = model.forward(tape.variable(images), tape)
      let target = Target.classes(IndexTensor([1, 3], [2]))
      tape.backward(from: try CrossEntropyLoss().forward(output, target, tape))
    }
    try run()
    let once = model.parameters.map { $0.parameter.gradient.values }
    try run()
    for (entry, single) in zip(model.parameters, once) {
      let failure = difference(
        entry.name, entry.parameter.gradient.values, single.map { 2 * $0 },
        Tolerance(absolute: 1e-6, relative: 1e-5))
      #expect(failure == nil)
    }
  }

  @Test
  func frozenParametersGetNoGradient() throws {
    let model = smallModel(Generator(seed: 1))
    for entry in model.parameters where entry.name.hasSuffix("weight") {
      entry.parameter.requiresGrad = false
    }
    let tape = makeTape()
    let output = model.forward(tape.variable(randomTensor([1, 3, 6, 6], Generator(seed: 2))), tape)
    tape.backward(from: output, gradient: Tensor([1, 2, 3, 4], [1, 4]))
    for entry in model.parameters {
      #expect(entry.parameter.hasGradient == entry.name.hasSuffix("bias"), "\(entry.name)")
    }
  }

  @Test
  func nothingIsRecordedWithoutRecording() {
    let tape = makeTape()
    tape.isRecording = false
    let x = tape.variable(Tensor([1, 2], [2]), requiresGrad: true)
    _ = tape.relu(x)
    #expect(tape.gradient(x) == nil)
  }

  @Test
  func backwardNeedsARecord() async {
    await #expect(processExitsWith: .failure) {
      let tape = Tape(threads: ThreadPool(threads: 1), generator: Generator(seed: 0))
      tape.backward(from: tape.relu(tape.variable(Tensor([1], [1]))))
    }
  }

  @Test
  func backwardOfManyValuesNeedsAGradient() async {
    await #expect(processExitsWith: .failure) {
      let tape = Tape(threads: ThreadPool(threads: 1), generator: Generator(seed: 0))
      tape.backward(from: tape.relu(tape.variable(Tensor([1, 2], [2]), requiresGrad: true)))
    }
  }

  @Test
  func operationsRefuseWrongShapes() async {
    await #expect(processExitsWith: .failure) {
      let tape = Tape(threads: ThreadPool(threads: 1), generator: Generator(seed: 0))
      let x = tape.variable(Tensor([1, 2], [2]))
      _ = tape.linear(x, weight: tape.variable(Tensor([1, 2, 3], [1, 3])), bias: nil)
    }
  }

  /// A second backward pass over one recording: saved values are still there.
  @Test
  func backwardTwiceOverOneRecording() throws {
    let tape = makeTape()
    let x = tape.variable(separatedTensor([1, 2, 4, 4], Generator(seed: 3)), requiresGrad: true)
    let window = WindowGeometry.plain(kernel: 2, stride: 2)
    let y = tape.maxPool2d(
      tape.sigmoid(x), vertical: window, horizontal: window, returnIndices: false)
    let gradient = randomTensor([1, 2, 2, 2], Generator(seed: 4))
    tape.backward(from: y, gradient: gradient)
    let once = try #require(tape.gradient(x)).values
    tape.backward(from: y, gradient: gradient)
    #expect(tape.gradient(x)?.values == once.map { 2 * $0 })
  }

  /// A tensor that somebody holds survives a reset; the memory of the others is used again.
  @Test
  func heldTensorsSurviveAReset() {
    let tape = makeTape()
    let held = tape.tensor(tape.relu(tape.variable(Tensor([1, -2, 3], [3]))))
    for _ in 0..<5 {
      tape.reset()
      _ = tape.relu(tape.variable(Tensor([7, 8, 9], [3])))
    }
    #expect(held.values == [1, 0, 3])
    #expect(tape.pool.blockCount == 2)
  }

  /// After the first steps a training step finds all its memory in the pool.
  @Test
  func warmStepsTakeNoNewBlocks() throws {
    let tape = makeTape(threads: 2)
    let model = smallModel(tape.generator)
    let optimizer = Optimizer(model.parameters, SGD(learningRate: 0.01, momentum: 0.9))
    var blocks: [Int] = []
    for _ in 0..<6 {
      tape.reset()
      let input = tape.variable(randomTensor([3, 3, 6, 6], tape.generator))
      let target = Target.classes(IndexTensor([0, 1, 2], [3]))
      let loss = try CrossEntropyLoss().forward(model.forward(input, tape), target, tape)
      optimizer.zeroGrad()
      tape.backward(from: loss)
      optimizer.step(tape.threads)
      blocks.append(tape.pool.blockCount)
    }
    #expect(blocks[1...].allSatisfy { $0 == blocks[0] }, "\(blocks)")
  }

  @Test
  func indicesAreASecondOutput() {
    let tape = makeTape()
    let x = tape.variable(
      Tensor((0..<32).map { Float(($0 * 7) % 32) }, [1, 2, 4, 4], .channelsLast))
    let window = WindowGeometry.plain(kernel: 2, stride: 2)
    let plain = tape.maxPool2d(x, vertical: window, horizontal: window, returnIndices: false)
    #expect(tape.indices(plain) == nil)
    let y = tape.maxPool2d(x, vertical: window, horizontal: window, returnIndices: true)
    let indices = tape.indices(y)
    #expect(indices?.shape == [1, 2, 2, 2])
    let values = tape.tensor(x).values
    let maxima = tape.tensor(y).values
    for (position, index) in (indices?.values ?? []).enumerated() {
      #expect(values[position / 4 * 16 + Int(index)] == maxima[position])
    }
  }
}

/// Convolution, pooling, activation, two linear layers: (N, 3, 6, 6) to (N, 4).
func smallModel(_ generator: Generator) -> Sequential {
  let window = WindowGeometry.plain(kernel: 3, padding: 1)
  let pool = WindowGeometry.plain(kernel: 2, stride: 2)
  return Sequential(
    Conv2d(
      inChannels: 3, outChannels: 5, vertical: window, horizontal: window, groups: 1, bias: true,
      generator: generator), MaxPool2d(vertical: pool, horizontal: pool, returnIndices: false), ReLU(),
    Sequential([
      ("flat", Flatten(startDim: 1, endDim: -1)),
      ("fc", Linear(inFeatures: 45, outFeatures: 8, bias: true, generator: generator)),
    ]), Dropout(p: 0.25), Linear(inFeatures: 8, outFeatures: 4, bias: true, generator: generator))
}
