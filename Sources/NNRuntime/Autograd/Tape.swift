import NNKernels
import NNShapes

/// Runs operations on tensors at once and records them, so that ``backward(from:gradient:)`` can
/// compute gradients.
///
/// Values and nodes are records in arrays, dispatched by one `switch`; handles are indices. Memory
/// comes from a ``StoragePool`` and is free again after ``reset()``, so that a training step allocates
/// nothing once the pool is warm. A step is: `reset`, forward, loss, `backward`, optimizer.
public final class Tape {
  /// The threads that operations run on. Results do not depend on their number.
  public let threads: ThreadPool
  /// Where dropout draws its masks.
  public let generator: Generator
  /// Where the tensors of a step come from.
  public let pool: StoragePool
  /// The kernels that operations run.
  public let kernels: Kernels
  /// Training mode (dropout active) or evaluation mode.
  public var isTraining = true
  /// False for PyTorch's `no_grad`: nothing is recorded, and no gradient can be asked for.
  public var isRecording = true

  var values: [Value] = []
  var nodes: [Node] = []
  /// The gradients of values, in step with `values` while there are any.
  var gradients: [Tensor?] = []
  private var indexOutputs: [IndexOutput] = []

  /// A tensor on the tape.
  struct Value {
    var tensor: Tensor
    /// The parameter that it is the value of.
    var parameter: Parameter?
    var needsGradient: Bool
  }

  /// The second output of a max pooling that returns indices, until a max unpooling takes it.
  private struct IndexOutput {
    var variable: Int
    var indices: IndexTensor
  }

  public init(
    threads: ThreadPool, generator: Generator, pool: StoragePool = StoragePool(),
    kernels: Kernels = .current
  ) {
    self.threads = threads
    self.generator = generator
    self.pool = pool
    self.kernels = kernels
  }

  // MARK: Values

  /// A tensor from outside: a batch of images. With `requiresGrad` its gradient is computed too.
  public func variable(_ tensor: Tensor, requiresGrad: Bool = false) -> Variable {
    append(
      Value(
        tensor: tensor, parameter: nil, needsGradient: requiresGrad && isRecording))
  }

  /// The value of a parameter. Its gradient goes to ``Parameter/gradient``.
  public func variable(_ parameter: Parameter) -> Variable {
    append(
      Value(
        tensor: parameter.value, parameter: parameter,
        needsGradient: parameter.requiresGrad && isRecording))
  }

  /// The tensor of a variable: its memory is used again after ``reset()`` only where nobody holds the
  /// tensor any more.
  public func tensor(_ variable: Variable) -> Tensor { values[variable.index].tensor }

  /// The shape of a variable.
  public func shape(_ variable: Variable) -> Shape { values[variable.index].tensor.shape }

  /// The value of a scalar, such as a loss. Traps on other shapes.
  public func item(_ variable: Variable) -> Float {
    let tensor = tensor(variable)
    precondition(tensor.count == 1, "item of a tensor of shape \(tensor.shape)")
    return tensor.pointer[0]
  }

  /// The gradient of an input given with `requiresGrad`, summed over the backward passes since the
  /// last ``reset()``; nil where none has reached it. That of a parameter is in the parameter.
  public func gradient(_ variable: Variable) -> Tensor? {
    variable.index < gradients.count ? gradients[variable.index] : nil
  }

  /// The second output of a max pooling with `return_indices`, h·W + w of each maximum; nil for any
  /// other variable.
  public func indices(_ variable: Variable) -> IndexTensor? {
    indexOutputs.last { $0.variable == variable.index }?.indices
  }

  /// Forgets all variables, and so frees their memory for the next step.
  public func reset() {
    gradients.removeAll(keepingCapacity: true)
    nodes.removeAll(keepingCapacity: true)
    indexOutputs.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }

  // MARK: Recording

  private func append(_ value: Value) -> Variable {
    values.append(value)
    return Variable(index: values.count - 1)
  }

  /// Whether an operation on these inputs is to be recorded. An input of -1 is absent.
  func needsGradient(_ inputs: Node.Inputs) -> Bool {
    isRecording
      && (values[inputs.first].needsGradient
        || (inputs.second >= 0 && values[inputs.second].needsGradient)
        || (inputs.third >= 0 && values[inputs.third].needsGradient))
  }

  /// The variable that an operation made of `inputs`, with its node where gradients are wanted.
  func record(
    _ operation: Operation, _ inputs: Node.Inputs, _ output: Tensor, saved: Storage? = nil,
    lossWeights: Tensor? = nil
  ) -> Variable {
    let needsGradient = needsGradient(inputs)
    let variable = append(
      Value(tensor: output, parameter: nil, needsGradient: needsGradient))
    if needsGradient {
      nodes.append(
        Node(
          operation: operation, inputs: inputs, output: variable.index, saved: saved,
          lossWeights: lossWeights))
    }
    return variable
  }

  func setIndices(_ indices: IndexTensor, of variable: Variable) {
    indexOutputs.append(IndexOutput(variable: variable.index, indices: indices))
  }

  /// Indices of `variable`, where it has some, become those of `other`, which has the same values in a shape
  /// without single dimensions.
  func moveIndices(of variable: Variable, to other: Variable) {
    guard let position = indexOutputs.lastIndex(where: { $0.variable == variable.index }) else { return }
    let indices = indexOutputs.remove(at: position).indices
    setIndices(IndexTensor(storage: indices.storage, shape(other)), of: other)
  }

  /// The latest indices that a pooling has given, removed: a ``MaxUnpool2d`` takes them. Traps where
  /// there are none.
  func takeIndices() -> IndexTensor {
    guard let last = indexOutputs.popLast() else {
      preconditionFailure("MaxUnpool2d without a pooling that returns indices before it")
    }
    return last.indices
  }
}
