import NNData
import NNModel
import NNRuntime
import NNShapes

extension Generator: RandomSource {}

/// The pipeline of checked transforms for images of `shape`.
package func makePipeline(_ transforms: [TransformPlan], of shape: Shape) -> ImagePipeline {
  var bytes: [any ImageTransform] = []
  var floats: [any ImageTransform] = []
  var image = shape
  var isTensor = false
  for transform in transforms {
    guard let made = makeTransform(transform.configuration, of: image, isTensor: isTensor) else {
      isTensor = true
      continue
    }
    if isTensor { floats.append(made) } else { bytes.append(made) }
    image = made.outputShape
  }
  return ImagePipeline(of: shape, bytes: bytes, floats: floats)
}

/// Nil for `ToTensor`, which is where bytes become floats.
private func makeTransform(_ configuration: TransformConfiguration, of image: Shape, isTensor: Bool)
  -> (any ImageTransform)?
{
  switch configuration {
  case .toTensor: nil
  case .normalize(let plan): Normalize(mean: plan.mean, std: plan.std, of: image)
  case .randomCrop(let plan):
    RandomCrop(
      plan.size, border: plan.padding, padIfNeeded: plan.padIfNeeded, fill: plan.fill, plan.mode, of: image)
  case .randomHorizontalFlip(let p): RandomFlip(p: p, horizontal: true, of: image)
  case .randomVerticalFlip(let p): RandomFlip(p: p, horizontal: false, of: image)
  case .centerCrop(let size): CenterCrop(size, of: image)
  case .resize(let plan):
    Resize(
      to: configuration.output(of: image).imageSize, plan.interpolation, antialias: plan.antialias,
      isTensor: isTensor, of: image)
  case .pad(let plan): Pad(plan.border, fill: plan.fill, plan.mode, of: image)
  case .randomErasing(let plan):
    RandomErasing(
      p: plan.p, scale: (plan.scale[0], plan.scale[1]), ratio: (plan.ratio[0], plan.ratio[1]),
      value: plan.value, of: image)
  case .colorJitter(let plan):
    ColorJitter(
      brightness: pair(plan.brightness), contrast: pair(plan.contrast), saturation: pair(plan.saturation),
      hue: pair(plan.hue), of: image)
  case .grayscale(let channels): Grayscale(outputChannels: channels, of: image)
  }
}

private func pair(_ range: [Double]?) -> (low: Double, high: Double)? { range.map { ($0[0], $0[1]) } }
