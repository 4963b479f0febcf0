import NNData
import NNShapes
import NNTraining
import Testing

/// What PyTorch's losses refuse, through the code of `apply`: the file alone is refused, or its loss of
/// the output and the target.
@Suite(
  "Reference cases of mistakes with losses",
  .enabled(if: ReferenceCases.folder != nil, "no reference cases"))
struct LossErrorCasesTests {
  static let losses: Set<String> = [
    "CrossEntropyLoss", "NLLLoss", "MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "BCELoss",
    "BCEWithLogitsLoss", "KLDivLoss",
  ]

  /// Cases that are none here, and why.
  static let rightHere = [
    "authored-errors/CrossEntropyLoss/weight_1_2_3": "a list is how a file writes weights",
    "authored-errors/CrossEntropyLoss/weight_torch.ones_3_dtype_torch.float64__in_4x3_tgt_4_int64":
      "the numbers of a file have no type",
    "pytorch-module_db/NLLLoss/error0": "the numbers of a file have no type",
    "authored-errors/CrossEntropyLoss/in_4x3_int64_tgt_4_int64": "apply reads whole numbers as float32",
  ]

  /// Targets that PyTorch takes, and rightly.
  static let rightInPyTorch: Set<String> = [
    "authored-errors/CrossEntropyLoss/in_4x3_tgt_4_uint8",
    "authored-errors/CrossEntropyLoss/in_4x3_tgt_4x3_float32",
    "authored-errors/CrossEntropyLoss/in_0x3_tgt_0_int64", "authored-errors/MSELoss/in_4x3_tgt_4x3_float64",
  ]

  static let cases = ReferenceCases.all.filter {
    $0.kind == "error" && losses.contains($0.layer) && rightHere[$0.id] == nil
  }

  @Test func mistakesAreRefused() throws {
    #expect(Self.cases.count == 61)
    for reference in Self.cases {
      let isRight = Self.rightInPyTorch.contains(reference.id)
      let text = reference.text ?? ""
      do {
        try apply(reference)
        if !isRight { Issue.record("\(reference.id), \(text), is accepted") }
      } catch let error where error is RejectedText || error is ApplyError {
        if isRight { Issue.record("\(reference.id), \(text): \(error)") }
      }
    }
  }

  /// The loss of an output and a target like those of the case; of any where it has none, since the
  /// mistake is in the file then.
  private func apply(_ reference: ReferenceCase) throws {
    let shapes = (reference.inputs?.map(\.shape) ?? reference.input_shapes ?? []).map { Shape($0) }
    let types = reference.inputs?.map(\.dtype) ?? reference.input_dtypes ?? []
    let input = shapes.first ?? [4, 3]
    let target = shapes.count > 1 ? shapes[1] : input
    var loss = reference.text ?? ""
    for count in [2, 4] {
      let ones = [String](repeating: "1", count: count).joined(separator: ", ")
      loss = loss.replacing("torch.ones(\(count))", with: "torch.tensor([\(ones)])")
    }
    for (name, tensor) in reference.arg_tensors ?? [:] {
      loss = loss.replacing("@\(name)", with: "tensor(\(try tensor.read().text(full: true)))")
    }
    let sizes = input.dimensions.dropFirst().map(String.init).joined(separator: ", ")
    let sample = input.rank == 2 ? "(\(sizes),)" : "(\(sizes))"
    let (plan, document) = try planned(
      "input = \(sample)\nmodel M { Identity() }\nloss = \(loss)\n", isApplied: true)

    let place = try TemporaryFolder()
    let message = reference.raised?.message ?? ""
    // The number that is wrong, where one is.
    let label = Int64(message.split(separator: " ").dropFirst().first ?? "") ?? 0
    let wrong: Float = 1.5
    let isInput = message.contains("elements of input")
    let isTarget = message.contains("elements of target")
    try Npy.write(
      array(input, types.first, Double(isInput ? wrong : 0.5)), to: place.file("input.npy"))
    try Npy.write(
      array(target, types.last, types.last == "float32" ? Double(isTarget ? wrong : 0.5) : Double(label)),
      to: place.file("target.npy"))
    var request = ApplyRequest(input: place.file("input.npy"))
    request.target = place.file("target.npy")
    _ = try Inference.apply(plan, request, document: document)
  }

  private func array(_ shape: Shape, _ type: String?, _ value: Double) -> NumericArray {
    let count = shape.elementCount
    let storage: NumericArray.Storage =
      switch type {
      case "int64": .int64([Int64](repeating: Int64(value), count: count))
      case "int32": .int32([Int32](repeating: Int32(value), count: count))
      case "uint8": .uint8([UInt8](repeating: UInt8(value), count: count))
      case "bool": .bool([Bool](repeating: true, count: count))
      case "float64": .float64([Double](repeating: value, count: count))
      default: .float32([Float](repeating: Float(value), count: count))
      }
    return NumericArray(shape: shape, storage: storage)
  }
}
