import NNShapes

// ToTensor(): bytes 0…255 to floats 0…1, channels first.

extension TransformEntry {
  static let toTensor = TransformEntry(
    schema: CallSchema(
      .transform, "ToTensor", [], "bytes 0…255 to floats 0…1, channels first",
      .transform("y = x / 255", shapes: "(C, H, W) → (C, H, W)", "ToTensor()")),
    configure: { _, _ in .toTensor })
}

struct ToTensorRules: TransformRules {
  func check(_ image: Shape, _ stage: ImageStage) throws(TransformMisfit) {
    guard stage == .tensor else { return }
    throw TransformMisfit(
      code: "tensor-already", message: "takes an image, and here it is a tensor already", help: "delete it")
  }
}
