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
  if let optimizer = plan.optimizer { lines.append("optimizer = \(describe(optimizer))") }
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
  let place = "\(model) \(layer.path): "
  switch layer.configuration {
  case .conv2d(let conv):
    let padding =
      switch conv.padding {
      case .size(let size): "\(size)"
      case .same: "same"
      case .valid: "valid"
      }
    return [
      place + "Conv2d(\(conv.inChannels), \(conv.outChannels), \(conv.kernelSize), stride=\(conv.stride), "
        + "padding=\(padding), dilation=\(conv.dilation), groups=\(conv.groups), bias=\(python(conv.bias)))"
    ]
  case .maxPool2d(let pool):
    return [
      place + "MaxPool2d(\(pool.kernelSize), stride=\(pool.stride), padding=\(pool.padding), "
        + "dilation=\(pool.dilation), return_indices=\(python(pool.returnIndices)), "
        + "ceil_mode=\(python(pool.ceilMode)))"
    ]
  case .avgPool2d(let pool):
    let divisor = pool.divisorOverride.map(String.init) ?? "None"
    return [
      place + "AvgPool2d(\(pool.kernelSize), stride=\(pool.stride), padding=\(pool.padding), "
        + "ceil_mode=\(python(pool.ceilMode)), count_include_pad=\(python(pool.countIncludePad)), "
        + "divisor_override=\(divisor))"
    ]
  case .flatten(let start, let end): return [place + "Flatten(\(start), \(end))"]
  case .linear(let linear):
    return [place + "Linear(\(linear.inFeatures), \(linear.outFeatures), bias=\(python(linear.bias)))"]
  case .relu: return [place + "ReLU()"]
  case .sigmoid: return [place + "Sigmoid()"]
  case .tanh: return [place + "Tanh()"]
  case .softmax(let dim): return [place + "Softmax(dim=\(dim))"]
  case .logSoftmax(let dim): return [place + "LogSoftmax(dim=\(dim))"]
  case .dropout(let p): return [place + "Dropout(p=\(p))"]
  case .identity: return [place + "Identity()"]
  case .formula(let plan): return [place + "\(plan.name): \(plan.formula)"]
  case .sequential(let layers): return layers.flatMap { describe($0, in: model) }
  }
}

private func describe(_ loss: LossPlan) -> String {
  let reduction = "reduction=\(loss.reduction.rawValue)"
  func list(_ weight: [Double]?) -> String { weight.map { "\($0)" } ?? "None" }
  switch loss.kind {
  case .crossEntropy(let weight, let ignoreIndex, let labelSmoothing):
    return "CrossEntropyLoss(weight=\(list(weight)), ignore_index=\(ignoreIndex), \(reduction), "
      + "label_smoothing=\(labelSmoothing))"
  case .nll(let weight, let ignoreIndex):
    return "NLLLoss(weight=\(list(weight)), ignore_index=\(ignoreIndex), \(reduction))"
  case .mse: return "MSELoss(\(reduction))"
  }
}

private func describe(_ optimizer: OptimizerPlan) -> String {
  switch optimizer.kind {
  case .sgd(let momentum, let dampening, let weightDecay, let nesterov, let maximize):
    "SGD(lr=\(optimizer.lr), momentum=\(momentum), dampening=\(dampening), weight_decay=\(weightDecay), "
      + "nesterov=\(python(nesterov)), maximize=\(python(maximize)))"
  case .adam(let betas, let eps, let weightDecay, let amsgrad, let maximize):
    "Adam(lr=\(optimizer.lr), betas=(\(betas.0), \(betas.1)), eps=\(eps), weight_decay=\(weightDecay), "
      + "amsgrad=\(python(amsgrad)), maximize=\(python(maximize)))"
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
