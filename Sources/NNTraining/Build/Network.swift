import NNData
import NNKernels
import NNModel
import NNRuntime
import NNShapes

/// The main model of a plan, running: its layers, the tape that they record on, and the generator that
/// everything random is drawn from.
package final class Network {
  package let plan: ModelPlan
  package let layers: Sequential
  package let tape: Tape
  package let generator: Generator
  /// In `state_dict` order.
  package let parameters: [NamedParameter]

  /// Seeds the generator and makes the plan's models in file order, so that each draws the weights
  /// that it has in PyTorch; the main one is kept. `threads` nil is one thread a core.
  package init(_ plan: ExperimentPlan, threads: Int?, convolution: ConvolutionMethod = .automatic) {
    generator = Generator(seed: plan.seed)
    var main: Sequential?
    for (index, model) in plan.models.enumerated() {
      let layers = makeSequential(model.layers, generator: generator)
      initialize(layers, as: model.layers, generator)
      if index == plan.mainModel { main = layers }
    }
    precondition(main != nil, "Network: model \(plan.mainModel) of \(plan.models.count)")
    self.plan = plan.models[plan.mainModel]
    layers = main ?? Sequential([])
    parameters = layers.parameters
    tape = Tape(
      threads: ThreadPool(threads: threads ?? availableCores), generator: generator,
      kernels: Kernels(.current, convolution: convolution))
  }

  /// The elements of all parameters.
  package var parameterCount: Int { parameters.reduce(0) { $0 + $1.parameter.shape.elementCount } }

  // MARK: Saved weights

  /// Parameters and buffers under their keys, in PyTorch's order and layout.
  package var stateEntries: [Safetensors.Entry] { layers.stateDict.map(\.safetensorsEntry) }

  /// Takes the weights of a `.safetensors` file. Throws ``WeightsError`` where they do not fit; with
  /// `partial` takes what does, and reports the rest.
  package func load(weights path: String, partial: Bool, report: (RunMessage) -> Void) throws {
    let file = try Safetensors.read(path)
    try load(file.entries, of: path, partial: partial, report: report)
  }

  package func load(
    _ entries: [Safetensors.Entry], of path: String, partial: Bool, report: (RunMessage) -> Void
  ) throws {
    let slots = layers.stateTensors.map {
      WeightsFile.Slot($0.name, $0.tensor.shape, isInteger: $0.tensor.isInteger)
    }
    let arrays = try WeightsFile.match(entries, of: path, to: slots, partial: partial, report: report)
    let taken = zip(slots, arrays).compactMap { slot, array -> StateEntry? in
      guard let array else { return nil }
      if slot.isInteger, let integers = array.integers {
        return StateEntry(name: slot.key, shape: slot.shape, integers: integers)
      }
      return StateEntry(name: slot.key, shape: slot.shape, values: array.floats)
    }
    _ = layers.loadMatching(taken)
  }
}

extension StateEntry {
  /// The entry as it is written to a file.
  var safetensorsEntry: Safetensors.Entry {
    Safetensors.Entry(
      key: name,
      array: integers.map { NumericArray(shape: shape, integers: $0) } ?? NumericArray(shape: shape, values))
  }

  /// The entry of an optimizer's file; nil for other types than float32.
  init?(_ entry: Safetensors.Entry) {
    guard case .float32(let values) = entry.array.storage else { return nil }
    self.init(name: entry.key, shape: entry.array.shape, values: values)
  }
}
