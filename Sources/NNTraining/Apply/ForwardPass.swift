import NNData
import NNModel
import NNRuntime
import NNShapes

/// One pass of a network over values that are given whole, and what can be asked of it afterwards.
struct ForwardPass {
  private let network: Network
  private let input: Variable
  /// The model's output, or after ``apply(_:target:named:)`` the loss.
  private var root: Variable
  private let indices: IndexTensor?

  /// Runs the network. The shapes must have been worked out beforehand. Throws where values are no indices
  /// that the model takes.
  init(_ network: Network, input: Tensor, isTraining: Bool, isRecording: Bool) throws {
    if let count = network.plan.indexedRows {
      for (index, value) in input.values.enumerated()
      where !(value >= 0 && value < Float(count) && value == value.rounded()) {
        throw ApplyError.noRow(index: index, value: value, count: count)
      }
    }
    let tape = network.tape
    tape.isTraining = isTraining
    tape.isRecording = isRecording
    self.network = network
    self.input = tape.variable(input, requiresGrad: isRecording)
    root = network.layers.forward(self.input, tape)
    indices = tape.indices(root)
  }

  var output: Tensor { network.tape.tensor(root) }

  /// Makes the loss of the output and `target`, which came from the file `path`, the output.
  mutating func apply(_ plan: LossPlan, target: Target, named path: String) throws {
    guard output.shape.rank >= 1 || !plan.takesClasses else {
      throw ApplyError.target(path, "the output is a single number and has no classes")
    }
    do {
      root = try makeLoss(plan).forward(root, target, network.tape)
    } catch {
      throw error.isOfTarget ? ApplyError.target(path, "\(error)") : ApplyError.loss("\(error)")
    }
  }

  /// One backward pass from `gradient`, ones unless given: the gradient of the input under `input`, of
  /// each parameter under its key.
  func gradients(from gradient: Tensor?) -> [Safetensors.Entry] {
    let tape = network.tape
    let shape = output.shape
    let ones = [Float](repeating: 1, count: shape.elementCount)
    tape.backward(from: root, gradient: gradient ?? Tensor(ones, shape))
    let inputShape = tape.shape(input)
    let inputGradient = tape.gradient(input)?.values ?? [Float](repeating: 0, count: inputShape.elementCount)
    return [Safetensors.Entry(key: "input", array: NumericArray(shape: inputShape, inputGradient))]
      + network.parameters.map { entry in
        let parameter = entry.parameter
        let zeros = [Float](repeating: 0, count: parameter.shape.elementCount)
        return Safetensors.Entry(
          key: entry.name,
          array: NumericArray(
            shape: parameter.shape, parameter.hasGradient ? parameter.gradient.values : zeros))
      }
  }

  func result(_ messages: [RunMessage]) -> ApplyResult {
    ApplyResult(
      output: NumericArray(shape: output.shape, output.values),
      indices: indices.map { NumericArray(shape: $0.shape, integers: $0.values) }, messages: messages)
  }
}
