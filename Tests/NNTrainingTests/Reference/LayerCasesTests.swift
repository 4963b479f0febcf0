import NNData
import NNShapes
import NNTraining
import Testing

/// The layer and loss cases of PyTorch, through the code of `apply`: model text, parser, checker,
/// files in, files out.
@Suite(
  "Reference cases of layers and losses", .enabled(if: ReferenceCases.folder != nil, "no reference cases"))
struct LayerCasesTests {
  /// Cases that are not compared, and why; of `Conv3d` all.
  static let leftOut = [
    "Conv3d": "three spatial dimensions are not in the catalogue",
    "authored/GELU/specials": "PyTorch's vector code gives NaN for ∞, its scalar code ∞, as x · Φ(x) is",
  ]

  static let names = Set(ReferenceCases.all.filter { $0.kind == "layer" }.map(\.layer)).sorted()

  @Test("Outputs, indices and gradients are PyTorch's", arguments: names)
  func cases(_ layer: String) throws {
    var passed = 0
    var failures: [String] = []
    let cases = ReferenceCases.all.filter { $0.kind == "layer" && $0.layer == layer }
    var compared = cases.count
    for reference in cases {
      if Self.leftOut[reference.id] != nil || Self.leftOut[layer] != nil {
        compared -= 1
        continue
      }
      do {
        if let failure = try failure(of: reference) {
          failures.append("\(reference.id): \(reference.text ?? ""): \(failure)")
        } else {
          passed += 1
        }
      } catch let error as RejectedText {
        failures.append("\(reference.id): \(reference.text ?? ""): refused: \(error)")
      }
    }
    print("PyTorch's cases: \(layer) \(passed)/\(cases.count)")
    #expect(failures == [])
    #expect(passed == compared && compared > 0 || Self.leftOut[layer] != nil)
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
    let tensors = (reference.params ?? [:]).merging(reference.buffers_before ?? [:]) { first, _ in first }
    if !tensors.isEmpty {
      let entries = try tensors.sorted { $0.key < $1.key }.map {
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
    if reference.buffers_after != nil { request.stateAfter = place.file("state.safetensors") }
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
    if let failure = try bufferFailure(reference, place) { return failure }
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

  /// What differs in the running statistics after the pass.
  private func bufferFailure(_ reference: ReferenceCase, _ place: TemporaryFolder) throws -> String? {
    guard let buffers = reference.buffers_after, !buffers.isEmpty else { return nil }
    let entries = try Safetensors.read(place.file("state.safetensors")).entries
    for (name, tensor) in buffers {
      guard let entry = entries.first(where: { $0.key == "0.\(name)" }) else { return "no buffer \(name)" }
      let wanted = try tensor.read()
      if entry.array.shape != wanted.shape || entry.array.dtype != wanted.dtype { return "buffer \(name)" }
      if let difference = difference(entry.array.floats, wanted.floats, tolerance: 2e-5) {
        return "buffer \(name): \(difference)"
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
    // Images of three dimensions, sequences of two and values of one are single samples.
    let isSingle = input.shape.count < 2 || input.shape.count == Self.unbatchedRank[reference.layer]
    let sample = isSingle ? input.shape : Array(input.shape.dropFirst())
    let sizes = sample.map(String.init).joined(separator: ", ")
    let body = isLoss ? "Identity()" : text
    return "input = (\(sizes)\(sample.count == 1 ? "," : ""))\nmodel M { \(body) }\n"
      + (isLoss ? "loss = \(text)\n" : "")
  }

  /// The dimensions of one sample of the layers that take one without a batch.
  private static let unbatchedRank: [String: Int] = [
    "Conv1d": 2, "ConvTranspose1d": 2, "MaxPool1d": 2, "AvgPool1d": 2, "AdaptiveAvgPool1d": 2, "Conv2d": 3,
    "ConvTranspose2d": 3, "MaxPool2d": 3, "AvgPool2d": 3, "AdaptiveAvgPool2d": 3, "AdaptiveMaxPool2d": 3,
    "LPPool2d": 3, "InstanceNorm2d": 3, "PixelShuffle": 3, "PixelUnshuffle": 3, "ZeroPad2d": 3,
    "ConstantPad2d": 3, "ReflectionPad2d": 3, "ReplicationPad2d": 3, "CircularPad2d": 3, "Softmax2d": 3,
  ]
}
