import NNModel
import NNRuntime
import NNShapes

/// Makes the running layer of a checked one. The only place that knows both.
///
/// Layers draw their initial weights from `generator` as they are made, in PyTorch's order.
package func makeLayer(_ configuration: LayerConfiguration, generator: Generator) -> any Layer {
  switch configuration {
  case .conv2d(let conv):
    let windows = conv.slidingWindows
    return Conv2d(
      inChannels: conv.inChannels, outChannels: conv.outChannels, vertical: windows.vertical,
      horizontal: windows.horizontal, groups: conv.groups, bias: conv.bias, generator: generator)
  case .maxPool2d(let pool):
    let windows = pool.slidingWindows
    return MaxPool2d(
      vertical: windows.vertical, horizontal: windows.horizontal, returnIndices: pool.returnIndices)
  case .avgPool2d(let pool):
    let windows = pool.slidingWindows
    return AvgPool2d(
      vertical: windows.vertical, horizontal: windows.horizontal,
      countIncludePad: pool.countIncludePad, divisorOverride: pool.divisorOverride)
  case .flatten(let startDim, let endDim):
    return Flatten(startDim: startDim, endDim: endDim)
  case .linear(let linear):
    return Linear(
      inFeatures: linear.inFeatures, outFeatures: linear.outFeatures, bias: linear.bias,
      generator: generator)
  case .relu: return ReLU()
  case .sigmoid: return Sigmoid()
  case .tanh: return Tanh()
  case .softmax(let dim): return Softmax(dim: dim)
  case .logSoftmax(let dim): return LogSoftmax(dim: dim)
  case .dropout(let p): return Dropout(p: p)
  case .identity: return Identity()
  case .formula(let plan): return Elementwise(makeProgram(plan.formula))
  case .sequential(let layers): return makeSequential(layers, generator: generator)
  }
}

/// The layers of a model or of a nested `Sequential`, under their keys.
package func makeSequential(_ layers: [LayerPlan], generator: Generator) -> Sequential {
  Sequential(layers.map { ($0.key, makeLayer($0.configuration, generator: generator)) })
}
