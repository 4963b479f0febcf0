import NNData
import NNDiagnostics
import NNKernels
import NNModel
import NNRuntime
import NNShapes
import NNSyntax

/// Passes through a model without training it.
public enum Inference {
  /// `nnrun apply`: one pass of the main model with the values of `request.input`; writes the files
  /// that the request names. `document` is what `plan` was made of. Throws a ``RunFailure``.
  public static func apply(
    _ plan: ExperimentPlan, _ request: ApplyRequest, document: Document
  ) throws -> ApplyResult {
    let input = try tensorFile(request.input)
    let model = try planned(plan, for: input.shape, named: request.input, in: document)
    try check(request, model, plan)
    if let (layer, problem) = model.batchProblems(batch: 1, isTraining: request.mode == .train).first {
      throw ApplyError.untrainable("\(layer.text) \(problem)")
    }
    let network = Network(plan, threads: request.threads, convolution: request.convolution)
    var messages: [RunMessage] = []
    if let path = request.weights {
      try network.load(weights: path, partial: request.partialWeights) { messages.append($0) }
    }
    var pass = try ForwardPass(
      network, input: Tensor(input.floats, input.shape, .channelsLast), isTraining: request.mode == .train,
      isRecording: request.grads != nil)
    if let path = request.target {
      guard let loss = plan.loss else { throw ApplyError.noLoss }
      try pass.apply(loss, target: targetFile(path), named: path)
    }
    if let path = request.grads {
      let gradient = try request.gradOutput.map { try gradientFile($0, of: pass.output.shape) }
      let entries = pass.gradients(from: gradient)
      try Safetensors(entries: entries).write(to: path)
    }
    let result = pass.result(messages)
    if let path = request.output { try Npy.write(result.output, to: path) }
    if let path = request.indices, let indices = result.indices { try Npy.write(indices, to: path) }
    if let path = request.stateAfter { try Safetensors(entries: network.stateEntries).write(to: path) }
    return result
  }

  /// The run of a file whose `input` has values (or `randn`): one pass in eval mode, with the weights
  /// drawn from the seed or read from `weights`. Throws a ``RunFailure``.
  public static func evaluateInput(
    _ plan: ExperimentPlan, weights: String? = nil, partialWeights: Bool = false, threads: Int? = nil,
    convolution: ConvolutionMethod = .automatic
  ) throws -> ApplyResult {
    let network = Network(plan, threads: threads, convolution: convolution)
    let input: Tensor
    switch plan.input {
    case .values(let shape, let values)?: input = Tensor(values, shape, .channelsLast)
    case .randn(let shape)?:
      input = Tensor(network.generator.randn(shape.elementCount), shape, .channelsLast)
    case .shape?, nil: throw ApplyError.noValues
    }
    var messages: [RunMessage] = []
    if let path = weights {
      try network.load(weights: path, partial: partialWeights) { messages.append($0) }
    }
    return try ForwardPass(network, input: input, isTraining: false, isRecording: false).result(messages)
  }

  // MARK: What goes in

  /// An array of numbers; booleans are none.
  private static func tensorFile(_ path: String) throws -> NumericArray {
    let array = try Npy.read(path)
    if case .bool = array.storage { throw ApplyError.type(path, array.dtype, "numbers") }
    return array
  }

  /// The main model, its shapes worked out for an input of this one: no layer is then given what it
  /// does not take.
  private static func planned(
    _ plan: ExperimentPlan, for shape: Shape, named name: String, in document: Document
  ) throws -> ModelPlan {
    let (model, diagnostics) = plan.models[plan.mainModel].replanned(for: shape, named: name, in: document)
    guard let model else { throw InputMisfit(diagnostics) }
    return model
  }

  private static func check(_ request: ApplyRequest, _ model: ModelPlan, _ plan: ExperimentPlan) throws {
    if request.gradOutput != nil, request.grads == nil { throw ApplyError.gradOutputWithoutGrads }
    if request.grads != nil, request.gradOutput == nil, request.target == nil {
      throw ApplyError.gradsWithoutGradOutput
    }
    if request.indices != nil, !model.returnsIndices { throw ApplyError.noIndices }
    if request.target != nil, plan.loss == nil { throw ApplyError.noLoss }
  }

  /// Class labels of int64 or uint8, as PyTorch takes them, or floating-point values.
  private static func targetFile(_ path: String) throws -> Target {
    let array = try Npy.read(path)
    switch array.storage {
    case .int64(let labels): return .classes(IndexTensor(labels, array.shape))
    case .uint8(let labels): return .classes(IndexTensor(labels.map { Int64($0) }, array.shape))
    case .float32, .float64: return .values(Tensor(array.floats, array.shape))
    case .int32, .bool:
      throw ApplyError.type(path, array.dtype, "class labels of int64 or uint8, or floating-point values")
    }
  }

  private static func gradientFile(_ path: String, of shape: Shape) throws -> Tensor {
    let array = try tensorFile(path)
    guard array.shape == shape else {
      throw ApplyError.gradOutputShape(path, found: array.shape, expected: shape)
    }
    return Tensor(array.floats, shape)
  }
}

extension ModelPlan {
  /// Whether the last layer, looked for inside of containers too, gives indices.
  fileprivate var returnsIndices: Bool { (layers.last?.configuration.rules.outputCount ?? 1) > 1 }
}
