import NNModel
import NNRuntime
import NNShapes

/// Times each layer of a network by itself, on the values that the layers before it give.
struct LayerBenchmark {
  /// A layer's figures and its floating-point operations in one step of the batch.
  struct Result {
    var figures: BenchmarkReport.Layer
    var operations: Double
  }

  private let network: Network
  private let trains: Bool
  private let leaves: [(plan: LayerPlan, layer: any Layer)]
  /// Multiply-adds of each leaf's forward pass.
  private let multiplyAdds: [Double]

  init(_ network: Network, batch: Int, trains: Bool) {
    self.network = network
    self.trains = trains
    leaves = Self.leaves(network.plan.layers, network.layers)
    // The plan counts for one sample, or for the whole of an input with values of its own.
    let factor = network.plan.input.isBatched ? Double(batch) : 1
    multiplyAdds = leaves.map { Double($0.plan.multiplyAdds) * factor }
  }

  func measure(_ input: Tensor, seconds: Double) -> [Result] {
    let share = seconds / Double(max(leaves.count, 1)) / (trains ? 3 : 1)
    var value = input
    var hasWeightsBefore = false
    var results: [Result] = []
    for (index, leaf) in leaves.enumerated() {
      let hasWeights = !leaf.layer.parameters.isEmpty
      let forward = forward(leaf.layer, value, seconds: share)
      let inputGrad =
        trains && hasWeightsBefore
        ? backward(leaf.layer, value, ofInput: true, seconds: share).median : nil
      let weightGrad =
        trains && hasWeights ? backward(leaf.layer, value, ofInput: false, seconds: share).median : nil
      let passes = 1 + (inputGrad == nil ? 0 : 1) + (weightGrad == nil ? 0 : 1)
      let operations = 2 * multiplyAdds[index] * Double(passes)
      let total = forward.median + (inputGrad ?? 0) + (weightGrad ?? 0)
      results.append(
        Result(
          figures: BenchmarkReport.Layer(
            name: leaf.plan.path, layer: leaf.plan.typeName, forwardMs: forward.median * 1e3,
            inputGradMs: inputGrad.map { $0 * 1e3 }, weightGradMs: weightGrad.map { $0 * 1e3 },
            gflops: multiplyAdds[index] > 0 ? operations / total / 1e9 : nil), operations: operations))
      value = output(leaf.layer, value)
      hasWeightsBefore = hasWeightsBefore || hasWeights
    }
    return results
  }

  /// The layers that are no containers, in the order that values take.
  private static func leaves(_ plans: [LayerPlan], _ layers: any Layer) -> [(LayerPlan, any Layer)] {
    zip(plans, layers.children).flatMap { plan, child -> [(LayerPlan, any Layer)] in
      if case .sequential(let inner) = plan.configuration { return leaves(inner, child.layer) }
      return [(plan, child.layer)]
    }
  }

  private func forward(_ layer: any Layer, _ value: Tensor, seconds: Double) -> Measurement {
    let tape = network.tape
    tape.isTraining = trains
    tape.isRecording = trains
    return Measurement(seconds: seconds, prepare: { tape.reset() }) {
      _ = layer.forward(tape.variable(value, requiresGrad: trains), tape)
    }
  }

  /// A backward pass through the layer alone, for its input's gradient or its parameters'.
  private func backward(_ layer: any Layer, _ value: Tensor, ofInput: Bool, seconds: Double)
    -> Measurement
  {
    let tape = network.tape
    let parameters = layer.parameters.map(\.parameter)
    for parameter in parameters { parameter.requiresGrad = !ofInput }
    defer { for parameter in parameters { parameter.requiresGrad = true } }
    tape.isTraining = true
    tape.isRecording = true
    tape.reset()
    let shape = tape.shape(layer.forward(tape.variable(value, requiresGrad: ofInput), tape))
    let gradient = Tensor([Float](repeating: 1, count: shape.elementCount), shape, .channelsLast)
    var root: Variable?
    return Measurement(
      seconds: seconds,
      prepare: {
        tape.reset()
        for parameter in parameters { parameter.zeroGrad() }
        root = layer.forward(tape.variable(value, requiresGrad: ofInput), tape)
      }
    ) {
      if let root { tape.backward(from: root, gradient: gradient) }
    }
  }

  /// The layer's output in memory of its own.
  private func output(_ layer: any Layer, _ value: Tensor) -> Tensor {
    let tape = network.tape
    tape.isTraining = trains
    tape.isRecording = false
    tape.reset()
    let output = tape.tensor(layer.forward(tape.variable(value), tape))
    return Tensor(output.values, output.shape, output.format)
  }
}
