import NNModel
import NNRuntime
import NNShapes

/// Makes the running layer of a checked one. The only place that knows both.
///
/// Layers draw their initial weights from `generator` as they are made, in PyTorch's order.
package func makeLayer(_ configuration: LayerConfiguration, generator: Generator) -> any Layer {
  switch configuration {
  case .convolution(let conv): return makeConvolution(conv, generator)
  case .convTranspose(let conv): return makeConvTranspose(conv, generator)
  case .linear(let linear):
    return Linear(
      inFeatures: linear.inFeatures, outFeatures: linear.outFeatures, bias: linear.bias,
      generator: generator)
  case .embedding(let embedding):
    return Embedding(
      count: embedding.count, dimension: embedding.dimension, paddingIndex: embedding.paddingIndex,
      generator: generator)
  case .maxPool(let pool):
    let windows = pool.slidingWindows
    return over(
      pool.axes,
      MaxPool2d(
        vertical: windows.vertical, horizontal: windows.horizontal, returnIndices: pool.returnIndices))
  case .maxUnpool2d(let pool):
    let windows = pool.unpoolingWindows
    return MaxUnpool2d(
      vertical: windows.vertical, horizontal: windows.horizontal, outputSize: pool.outputSize)
  case .avgPool(let pool):
    let windows = pool.slidingWindows
    return over(
      pool.axes,
      AvgPool2d(
        vertical: windows.vertical, horizontal: windows.horizontal,
        countIncludePad: pool.countIncludePad, divisorOverride: pool.divisorOverride))
  case .adaptiveAvgPool(let pool):
    return over(pool.axes, AdaptiveAvgPool2d(height: pool.height, width: pool.width))
  case .adaptiveMaxPool(let pool):
    return AdaptiveMaxPool2d(height: pool.height, width: pool.width, returnIndices: pool.returnIndices)
  case .lpPool2d(let pool):
    let windows = pool.slidingWindows
    return LPPool2d(
      normType: Float(pool.normType), vertical: windows.vertical, horizontal: windows.horizontal)
  case .flatten(let startDim, let endDim): return Flatten(startDim: startDim, endDim: endDim)
  case .unflatten(let unflatten): return Unflatten(dim: unflatten.dim, sizes: unflatten.sizes)
  case .padding(let pad):
    return Pad2d(vertical: pad.vertical, horizontal: pad.horizontal, value: Float(pad.value))
  case .pixelShuffle(let shuffle): return PixelShuffle(factor: shuffle.factor, isInverse: shuffle.isInverse)
  case .upsample(let upsample): return makeUpsample(upsample)
  case .activation(let activation): return makeActivation(activation)
  case .prelu(let prelu):
    return PReLU(count: prelu.numParameters, initialValue: Float(prelu.initialValue))
  case .glu(let dim): return GLU(dim: dim)
  case .softmax(let dim): return Softmax(dim: dim)
  case .logSoftmax(let dim): return LogSoftmax(dim: dim)
  case .softmin(let dim): return Softmin(dim: dim)
  case .softmax2d: return Softmax(dim: -3)
  case .batchNorm(let norm): return BatchNorm(NormParameters(norm), eps: Float(norm.eps))
  case .instanceNorm2d(let norm): return InstanceNorm2d(NormParameters(norm), eps: Float(norm.eps))
  case .layerNorm(let norm):
    return LayerNorm(
      Shape(norm.shape), eps: Float(norm.eps), affine: norm.affine, bias: norm.bias,
      isCentered: norm.isCentered)
  case .groupNorm(let norm):
    return GroupNorm(
      groups: norm.groups,
      NormParameters(
        features: norm.channels, affine: norm.affine, bias: norm.bias, tracks: false, momentum: nil),
      eps: Float(norm.eps))
  case .localResponseNorm(let norm):
    return LocalResponseNorm(
      size: norm.size, alpha: Float(norm.alpha), beta: Float(norm.beta), k: Float(norm.k))
  case .dropout(let p): return Dropout(p: p)
  case .channelDropout(let dropout):
    return ChannelDropout(p: dropout.p, unbatchedRank: dropout.axes == .one ? 2 : nil)
  case .identity: return Identity()
  case .formula(let plan): return FormulaLayer(makeProgram(plan.formula))
  case .sequential(let layers): return makeSequential(layers, generator: generator)
  }
}

/// The layers of a model or of a nested `Sequential`, under their keys.
package func makeSequential(_ layers: [LayerPlan], generator: Generator) -> Sequential {
  Sequential(
    layers.map { plan in
      let layer = makeLayer(plan.configuration, generator: generator)
      if plan.isFrozen { for entry in layer.parameters { entry.parameter.requiresGrad = false } }
      return (plan.key, layer)
    })
}

/// Draws the weights of the layers that have an `init=`, in order: what `torch.nn.init` does to a model that
/// is already built.
package func initialize(_ sequential: Sequential, as plans: [LayerPlan], _ generator: Generator) {
  for (plan, child) in zip(plans, sequential.children) {
    if case .sequential(let inner) = plan.configuration, let layers = child.layer as? Sequential {
      initialize(layers, as: inner, generator)
    } else if let initialization = plan.initialization {
      child.layer.initializeWeight(initialization, generator)
    }
  }
}

private func makeConvolution(_ conv: ConvolutionConfiguration, _ generator: Generator) -> any Layer {
  let windows = conv.slidingWindows
  switch conv.axes {
  case .one:
    return Conv1d(
      inChannels: conv.inChannels, outChannels: conv.outChannels, window: windows.horizontal,
      groups: conv.groups, bias: conv.bias, surround: conv.surround?.horizontal, generator: generator)
  case .two:
    return Conv2d(
      inChannels: conv.inChannels, outChannels: conv.outChannels, vertical: windows.vertical,
      horizontal: windows.horizontal, groups: conv.groups, bias: conv.bias,
      surround: conv.surround.map { Conv2d.Surround(vertical: $0.vertical, horizontal: $0.horizontal) },
      generator: generator)
  }
}

private func makeConvTranspose(_ conv: ConvTransposeConfiguration, _ generator: Generator) -> any Layer {
  let windows = conv.transposedWindows
  switch conv.axes {
  case .one:
    return ConvTranspose1d(
      inChannels: conv.inChannels, outChannels: conv.outChannels, window: windows.horizontal,
      groups: conv.groups, bias: conv.bias, generator: generator)
  case .two:
    return ConvTranspose2d(
      inChannels: conv.inChannels, outChannels: conv.outChannels, vertical: windows.vertical,
      horizontal: windows.horizontal, groups: conv.groups, bias: conv.bias, generator: generator)
  }
}

private func makeUpsample(_ upsample: UpsampleConfiguration) -> any Layer {
  Upsample(isBilinear: upsample.mode == .bilinear) { map, isSequence in
    guard let geometry = upsample.geometry(of: map, isSequence) else {
      preconditionFailure("Upsample of \(map): the checker has worked out its size")
    }
    return geometry
  }
}

/// A pool over sequences where `axes` says so.
private func over(_ axes: SpatialAxes, _ pool: any Layer) -> any Layer {
  axes == .one ? OverSequences(pool) : pool
}

extension NormParameters {
  fileprivate convenience init(_ norm: BatchNormConfiguration) {
    self.init(
      features: norm.features, affine: norm.affine, bias: norm.bias, tracks: norm.trackRunningStats,
      momentum: norm.momentum)
  }
}
