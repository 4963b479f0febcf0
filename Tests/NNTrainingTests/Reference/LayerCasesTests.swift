import NNData
import NNShapes
import NNTraining
import Testing

/// The layer and loss cases of PyTorch, through the code of `apply`: model text, parser, checker,
/// files in, files out.
@Suite(
  "Reference cases of layers and losses", .enabled(if: ReferenceCases.folder != nil, "no reference cases"))
struct LayerCasesTests {
  /// Cases that pass, cases that nnrun refuses with a message, and cases that are not compared.
  struct Tally: Equatable, CustomStringConvertible {
    var passed: Int
    var refused = 0
    var leftOut = 0
    var description: String { "\(passed) pass, \(refused) refused, \(leftOut) left out" }
  }

  /// All 494 cases of these layers: 485 pass, and the 8 refused are convolutions with a `padding_mode`
  /// other than zeros, which this version does not have.
  static let expected: [String: Tally] = [
    "Conv2d": Tally(passed: 57, refused: 8), "MaxPool2d": Tally(passed: 68), "AvgPool2d": Tally(passed: 47),
    "Flatten": Tally(passed: 19), "Linear": Tally(passed: 17), "ReLU": Tally(passed: 4),
    "Sigmoid": Tally(passed: 5), "Tanh": Tally(passed: 5), "Softmax": Tally(passed: 15),
    "LeakyReLU": Tally(passed: 6), "ReLU6": Tally(passed: 3), "Hardtanh": Tally(passed: 3),
    "ELU": Tally(passed: 6), "CELU": Tally(passed: 4), "SELU": Tally(passed: 4),
    "GELU": Tally(passed: 6, leftOut: 1),
    "SiLU": Tally(passed: 3), "Mish": Tally(passed: 3), "Softplus": Tally(passed: 5),
    "Softsign": Tally(passed: 5), "LogSigmoid": Tally(passed: 3), "Hardswish": Tally(passed: 4),
    "Hardsigmoid": Tally(passed: 3), "Hardshrink": Tally(passed: 3), "Softshrink": Tally(passed: 3),
    "Tanhshrink": Tally(passed: 3), "Threshold": Tally(passed: 3), "PReLU": Tally(passed: 3),
    "GLU": Tally(passed: 3), "Softmin": Tally(passed: 3), "Softmax2d": Tally(passed: 2),
    "LogSoftmax": Tally(passed: 15), "Dropout": Tally(passed: 15), "Identity": Tally(passed: 1),
    "CrossEntropyLoss": Tally(passed: 60), "NLLLoss": Tally(passed: 36), "MSELoss": Tally(passed: 10),
    "L1Loss": Tally(passed: 4), "SmoothL1Loss": Tally(passed: 4), "HuberLoss": Tally(passed: 4),
    "BCELoss": Tally(passed: 5), "BCEWithLogitsLoss": Tally(passed: 10), "KLDivLoss": Tally(passed: 3),
  ]

  /// Cases that are not compared, and why.
  static let leftOut = [
    "authored/GELU/specials":
      "PyTorch's vector code gives NaN for ∞, its scalar code ∞, as x · Φ(x) is"
  ]

  @Test("Outputs, indices and gradients are PyTorch's", arguments: expected.keys.sorted())
  func cases(_ layer: String) throws {
    var tally = Tally(passed: 0)
    var failures: [String] = []
    for reference in ReferenceCases.all where reference.kind == "layer" && reference.layer == layer {
      if Self.leftOut[reference.id] != nil {
        tally.leftOut += 1
        continue
      }
      do {
        if let failure = try failure(of: reference) {
          failures.append("\(reference.id): \(reference.text ?? ""): \(failure)")
        } else {
          tally.passed += 1
        }
      } catch let error as RejectedText {
        #expect(error.description.contains("`padding_mode` of Conv2d takes only zeros here"))
        tally.refused += 1
      }
    }
    #expect(failures == [])
    #expect(tally == Self.expected[layer])
  }

  /// What differs from PyTorch; nil where nothing does. Throws where the case is refused.
  private func failure(of reference: ReferenceCase) throws -> String? {
    guard let text = reference.text, let inputs = reference.inputs, let input = inputs.first,
      let outputs = reference.outputs, let output = outputs.first
    else { return "the case lacks a part" }
    let place = try TemporaryFolder()
    let isLoss = text.split(separator: "(").first?.hasSuffix("Loss") ?? false
    let (plan, document) = try planned(try modelText(reference, text, input, isLoss), isApplied: true)
    var request = ApplyRequest(input: ReferenceCases.path(input))
    request.mode = reference.mode == "eval" ? .eval : .train
    request.output = place.file("output.npy")
    if isLoss, inputs.count > 1 { request.target = ReferenceCases.path(inputs[1]) }
    if let params = reference.params, !params.isEmpty {
      let entries = try params.sorted { $0.key < $1.key }.map {
        Safetensors.Entry(key: "0.\($0.key)", array: try $0.value.read())
      }
      request.weights = place.file("weights.safetensors")
      try Safetensors(entries: entries).write(to: place.file("weights.safetensors"))
    }
    if let gradient = reference.grad_output, reference.grads != nil {
      request.gradOutput = ReferenceCases.path(gradient)
      request.grads = place.file("grads.safetensors")
    }
    if outputs.count > 1 { request.indices = place.file("indices.npy") }
    _ = try Inference.apply(plan, request, document: document)

    let found = try Npy.read(place.file("output.npy"))
    let wanted = try output.read()
    if found.shape != wanted.shape { return "output \(found.shape), expected \(wanted.shape)" }
    if reference.random == true { return randomFailure(found.floats, try input.read().floats) }
    // ONNX gives some of its numbers with four digits.
    let tolerance = reference.id.hasPrefix("onnx-node/") ? 1e-4 : 2e-5
    if let difference = difference(found.floats, wanted.floats, tolerance: tolerance) {
      return "output: \(difference)"
    }
    if outputs.count > 1, try Npy.read(place.file("indices.npy")) != outputs[1].read() { return "indices" }
    guard request.grads != nil, let grads = reference.grads else { return nil }
    let entries = try Safetensors.read(place.file("grads.safetensors")).entries
    for (name, tensor) in grads {
      let key = name == "input" ? name : "0.\(name)"
      guard let entry = entries.first(where: { $0.key == key }) else { return "no gradient of \(name)" }
      let wanted = try tensor.read()
      if entry.array.shape != wanted.shape { return "gradient of \(name): \(entry.array.shape)" }
      if let difference = difference(entry.array.floats, wanted.floats, tolerance: 1e-4) {
        return "gradient of \(name): \(difference)"
      }
    }
    return nil
  }

  /// Dropout that is active, p = 0.5: each value is dropped or doubled.
  private func randomFailure(_ output: [Float], _ input: [Float]) -> String? {
    zip(output, input).allSatisfy { $0 == 0 || $0 == 2 * $1 } ? nil : "neither dropped nor scaled"
  }

  private func modelText(
    _ reference: ReferenceCase, _ text: String, _ input: ReferenceCase.Tensor, _ isLoss: Bool
  )
    throws -> String
  {
    var text = text
    for (name, tensor) in reference.arg_tensors ?? [:] {
      text = text.replacing("@\(name)", with: "tensor(\(try tensor.read().text(full: true)))")
    }
    // Images of three dimensions and values of one are single samples.
    let isImageLayer = ["Conv2d", "MaxPool2d", "AvgPool2d", "Softmax2d"].contains(reference.layer)
    let isSingle = isImageLayer ? input.shape.count == 3 : input.shape.count < 2
    let sample = isSingle ? input.shape : Array(input.shape.dropFirst())
    let sizes = sample.map(String.init).joined(separator: ", ")
    let body = isLoss ? "Identity()" : text
    return "input = (\(sizes)\(sample.count == 1 ? "," : ""))\nmodel M { \(body) }\n"
      + (isLoss ? "loss = \(text)\n" : "")
  }
}
