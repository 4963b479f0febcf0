import NNModel
import NNShapes

/// What decides a run's numbers, as lines of text that read like the model file. A checkpoint carries
/// them, so that a resumed run can say what was changed.
///
/// Left out is what a resumed run may change: `epochs`, `time_limit`, `save_every`, `early_stop` and
/// the layout of the file.
package func describe(_ plan: ExperimentPlan) -> [String] {
  var lines = ["seed = \(plan.seed)"]
  lines += plan.data.map(describe)
  for model in plan.models {
    for layer in model.layers { lines += describe(layer, in: model.name) }
  }
  if let loss = plan.loss { lines.append("loss = \(describe(loss))") }
  for group in plan.optimizer?.groups ?? [] {
    lines.append((group.pattern.map { "optimizer \"\($0)\" = " } ?? "optimizer = ") + group.text)
  }
  if let schedule = plan.schedule {
    let length = schedule.kind.dependsOnRunLength ? plan.train.map { ", over \($0.epochs) epochs" } ?? "" : ""
    lines.append("schedule = \(schedule.text)\(length)")
  }
  if let train = plan.train { lines.append(describe(train, model: plan.models[plan.mainModel].name)) }
  return lines
}

private func describe(_ data: DataPlan) -> String {
  var settings = ["batch_size=\(data.batchSize)"]
  if data.shuffle { settings.append("shuffle=True") }
  if data.dropLast { settings.append("drop_last=True") }
  if let split = data.split { settings.append("split=\(split)") }
  let sources = data.sources.map { source in
    let transforms = source.transforms.map { describe($0.configuration) }.joined(separator: ", ")
    return describe(source.kind) + (transforms.isEmpty ? "" : " transform=[\(transforms)]")
  }.joined(separator: " else ")
  return "data \(data.name) = DataLoader(\(sources), \(settings.joined(separator: ", ")))"
}

/// A data set as a model file names it: `CIFAR10("data", train=False)`.
package func describe(_ source: DataSourcePlan.Kind) -> String {
  switch source {
  case .cifar10(let root, let train, _, let batches):
    let batches = batches.map { ", batches=\($0)" } ?? ""
    return "CIFAR10(\"\(root)\", train=\(python(train))\(batches))"
  case .mnist(let root, let train, _): return "MNIST(\"\(root)\", train=\(python(train)))"
  case .fashionMNIST(let root, let train, _): return "FashionMNIST(\"\(root)\", train=\(python(train)))"
  case .shapes10(let count, let size, let channels, let seed, let train):
    return "Shapes10(n=\(count), size=\(size), channels=\(channels), seed=\(seed), train=\(python(train)))"
  }
}

private func describe(_ transform: TransformConfiguration) -> String {
  func list(_ numbers: [Double]?) -> String { numbers.map { "\($0)" } ?? "None" }
  func sides(_ border: ImageBorder) -> String {
    "(\(border.left), \(border.top), \(border.right), \(border.bottom))"
  }
  switch transform {
  case .toTensor: return "ToTensor()"
  case .normalize(let plan): return "Normalize(\(plan.mean), \(plan.std))"
  case .randomCrop(let plan):
    return "RandomCrop(\(plan.size), padding=\(plan.padding.map(sides) ?? "None"), "
      + "pad_if_needed=\(python(plan.padIfNeeded)), fill=\(plan.fill), padding_mode=\(plan.mode.rawValue))"
  case .randomHorizontalFlip(let p): return "RandomHorizontalFlip(p=\(p))"
  case .randomVerticalFlip(let p): return "RandomVerticalFlip(p=\(p))"
  case .centerCrop(let size): return "CenterCrop(\(size))"
  case .resize(let plan):
    let settings = "interpolation=\(plan.interpolation.rawValue), antialias=\(python(plan.antialias))"
    switch plan.target {
    case .size(let size): return "Resize(\(size), \(settings))"
    case .shortEdge(let edge, let maximum):
      return "Resize(\(edge), max_size=\(maximum.map(String.init) ?? "None"), \(settings))"
    }
  case .pad(let plan):
    return "Pad(\(sides(plan.border)), fill=\(plan.fill), padding_mode=\(plan.mode.rawValue))"
  case .randomErasing(let plan):
    return "RandomErasing(p=\(plan.p), scale=\(plan.scale), ratio=\(plan.ratio), value=\(list(plan.value)))"
  case .colorJitter(let plan):
    return "ColorJitter(brightness=\(list(plan.brightness)), contrast=\(list(plan.contrast)), "
      + "saturation=\(list(plan.saturation)), hue=\(list(plan.hue)))"
  case .grayscale(let channels): return "Grayscale(\(channels))"
  }
}

private func describe(_ layer: LayerPlan, in model: String) -> [String] {
  if case .sequential(let layers) = layer.configuration { return layers.flatMap { describe($0, in: model) } }
  return ["\(model) \(layer.path): \(layer.settings) of \(layer.input)"]
}

private func describe(_ loss: LossPlan) -> String {
  let reduction = "reduction=\(loss.reduction.rawValue)"
  func list(_ weight: [Double]?) -> String { weight.map { "\($0)" } ?? "None" }
  func tensor(_ weight: NumberTensor?) -> String {
    weight.map { "tensor(\($0.values)).view\($0.shape)" } ?? "None"
  }
  switch loss.kind {
  case .crossEntropy(let weight, let ignoreIndex, let labelSmoothing):
    return "CrossEntropyLoss(weight=\(list(weight)), ignore_index=\(ignoreIndex), \(reduction), "
      + "label_smoothing=\(labelSmoothing))"
  case .nll(let weight, let ignoreIndex):
    return "NLLLoss(weight=\(list(weight)), ignore_index=\(ignoreIndex), \(reduction))"
  case .mse: return "MSELoss(\(reduction))"
  case .l1: return "L1Loss(\(reduction))"
  case .smoothL1(let beta): return "SmoothL1Loss(\(reduction), beta=\(beta))"
  case .huber(let delta): return "HuberLoss(\(reduction), delta=\(delta))"
  case .bce(let weight): return "BCELoss(weight=\(tensor(weight)), \(reduction))"
  case .bceWithLogits(let weight, let posWeight):
    return "BCEWithLogitsLoss(weight=\(tensor(weight)), \(reduction), pos_weight=\(tensor(posWeight)))"
  case .klDiv(let logTarget): return "KLDivLoss(\(reduction), log_target=\(python(logTarget)))"
  }
}

private func describe(_ train: TrainPlan, model: String) -> String {
  var settings = ["model=\(model)"]
  if let split = train.validate { settings.append("validate=\(split)") }
  if let norm = train.clipGradNorm { settings.append("clip_grad_norm=\(norm)") }
  if let value = train.clipGradValue { settings.append("clip_grad_value=\(value)") }
  if train.accumulate > 1 { settings.append("accumulate=\(train.accumulate)") }
  return "train(\(settings.joined(separator: ", ")))"
}

private func python(_ value: Bool) -> String { value ? "True" : "False" }
