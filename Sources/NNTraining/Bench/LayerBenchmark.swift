import NNKernels
import NNModel
import NNRuntime
import NNShapes

/// Times each layer of a network by itself, on the values that the layers before it give. Layers that
/// run as one pass are timed as one.
struct LayerBenchmark {
  /// The figures of a pass.
  struct Result {
    /// Its layers, the times all in the first.
    var figures: [BenchmarkReport.Layer]
    /// Floating-point operations in one step of the batch, as the direct method counts them.
    var operations: Double
    /// Those that are really done.
    var operationsDone: Double
  }

  /// What a pass multiplies in each of its three directions.
  private struct Counts {
    var forward: Double
    var inputGrad: Double
    var weightGrad: Double
  }

  private let network: Network
  private let trains: Bool
  private let plans: [LayerPlan]
  /// What the plan's multiply-adds are to be multiplied by.
  private let factor: Double

  init(_ network: Network, batch: Int, trains: Bool) {
    self.network = network
    self.trains = trains
    plans = Self.leaves(network.plan.layers)
    // The plan counts for one sample, or for the whole of an input with values of its own.
    factor = network.plan.input.isBatched ? Double(batch) : 1
  }

  func measure(_ input: Tensor, seconds: Double) -> [Result] {
    let passes = network.layers.passes
    let share = seconds / Double(max(passes.count, 1)) / (trains ? 3 : 1)
    var rest = plans[...]
    var value = input
    var hasWeightsBefore = false
    var results: [Result] = []
    for pass in passes {
      let hasWeights = pass.layers.contains { !$0.parameters.isEmpty }
      let forward = forward(pass, value, seconds: share).median
      let inputGrad =
        trains && hasWeightsBefore ? backward(pass, value, ofInput: true, seconds: share).median : nil
      let weightGrad =
        trains && hasWeights ? backward(pass, value, ofInput: false, seconds: share).median : nil
      results.append(
        result(
          pass, rest.prefix(pass.layers.count), value.shape, forward: forward, inputGrad: inputGrad,
          weightGrad: weightGrad))
      rest = rest.dropFirst(pass.layers.count)
      value = output(pass, value)
      hasWeightsBefore = hasWeightsBefore || hasWeights
    }
    return results
  }

  private func result(
    _ pass: Pass, _ plans: ArraySlice<LayerPlan>, _ input: Shape, forward: Double, inputGrad: Double?,
    weightGrad: Double?
  ) -> Result {
    let direct = 2 * factor * plans.reduce(0) { $0 + Double($1.multiplyAdds) }
    let done = operationsDone(pass, input) ?? Counts(forward: direct, inputGrad: direct, weightGrad: direct)
    let directions = 1 + (inputGrad == nil ? 0 : 1) + (weightGrad == nil ? 0 : 1)
    let figures = plans.map { plan in
      guard plan.path == plans.first?.path else {
        return BenchmarkReport.Layer(
          name: plan.path, layer: plan.typeName, fusedInto: plans.first?.path, forwardMs: 0)
      }
      return BenchmarkReport.Layer(
        name: plan.path, layer: plan.typeName, forwardMs: forward * 1e3,
        inputGradMs: inputGrad.map { $0 * 1e3 }, weightGradMs: weightGrad.map { $0 * 1e3 },
        gflops: direct > 0
          ? Double(directions) * direct / (forward + (inputGrad ?? 0) + (weightGrad ?? 0)) / 1e9 : nil,
        directionGflop: direct > 0 ? direct / 1e9 : nil)
    }
    return Result(
      figures: figures, operations: direct * Double(directions),
      operationsDone: done.forward + (inputGrad == nil ? 0 : done.inputGrad)
        + (weightGrad == nil ? 0 : done.weightGrad))
  }

  /// What the kernels say of a convolution; nil for others, which do what is counted.
  private func operationsDone(_ pass: Pass, _ input: Shape) -> Counts? {
    guard let (geometry, epilogue) = pass.convolution(of: input) else { return nil }
    let kernels = network.tape.kernels
    return Counts(
      forward: kernels.conv2dForwardOperations(geometry, epilogue: epilogue),
      inputGrad: kernels.conv2dInputGradientOperations(geometry, pooled: epilogue.pooling),
      weightGrad: kernels.conv2dWeightGradientOperations(geometry, pooled: epilogue.pooling))
  }

  /// The layers that are no containers, in the order that values take.
  private static func leaves(_ plans: [LayerPlan]) -> [LayerPlan] {
    plans.flatMap { plan -> [LayerPlan] in
      if case .sequential(let inner) = plan.configuration { return leaves(inner) }
      return [plan]
    }
  }

  private func forward(_ pass: Pass, _ value: Tensor, seconds: Double) -> Measurement {
    let tape = network.tape
    tape.isTraining = trains
    tape.isRecording = trains
    return Measurement(seconds: seconds, prepare: { tape.reset() }) {
      _ = pass.forward(tape.variable(value, requiresGrad: trains), tape)
    }
  }

  /// A backward pass through these layers alone, for their input's gradient or their parameters'.
  private func backward(_ pass: Pass, _ value: Tensor, ofInput: Bool, seconds: Double) -> Measurement {
    let tape = network.tape
    let parameters = pass.layers.flatMap { $0.parameters.map(\.parameter) }
    for parameter in parameters { parameter.requiresGrad = !ofInput }
    defer { for parameter in parameters { parameter.requiresGrad = true } }
    tape.isTraining = true
    tape.isRecording = true
    tape.reset()
    let shape = tape.shape(pass.forward(tape.variable(value, requiresGrad: ofInput), tape))
    let gradient = Tensor([Float](repeating: 1, count: shape.elementCount), shape, .channelsLast)
    var root: Variable?
    return Measurement(
      seconds: seconds,
      prepare: {
        tape.reset()
        for parameter in parameters { parameter.zeroGrad() }
        root = pass.forward(tape.variable(value, requiresGrad: ofInput), tape)
      }
    ) {
      if let root { tape.backward(from: root, gradient: gradient) }
    }
  }

  /// The output of the pass in memory of its own.
  private func output(_ pass: Pass, _ value: Tensor) -> Tensor {
    let tape = network.tape
    tape.isTraining = trains
    tape.isRecording = false
    tape.reset()
    let output = tape.tensor(pass.forward(tape.variable(value), tape))
    return Tensor(output.values, output.shape, output.format)
  }
}
