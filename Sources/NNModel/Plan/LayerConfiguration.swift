import NNShapes

/// What a layer is, every argument resolved and every default filled in.
///
/// Exhaustive: the trainer's builder switches over it, and ``rules`` below.
public indirect enum LayerConfiguration: Sendable {
  case convolution(ConvolutionConfiguration)
  case convTranspose(ConvTransposeConfiguration)
  case linear(LinearConfiguration)
  case embedding(EmbeddingConfiguration)
  case maxPool(MaxPoolConfiguration)
  case maxUnpool2d(MaxUnpool2dConfiguration)
  case avgPool(AvgPoolConfiguration)
  case adaptiveAvgPool(AdaptivePoolConfiguration)
  case adaptiveMaxPool(AdaptivePoolConfiguration)
  case lpPool2d(LPPool2dConfiguration)
  case flatten(startDim: Int, endDim: Int)
  case unflatten(UnflattenConfiguration)
  case padding(PaddingConfiguration)
  case pixelShuffle(PixelShuffleConfiguration)
  case upsample(UpsampleConfiguration)
  case activation(Activation)
  case prelu(PReLUConfiguration)
  case glu(dim: Int)
  case softmax(dim: Int)
  case logSoftmax(dim: Int)
  case softmin(dim: Int)
  /// Softmax over the channels of images.
  case softmax2d
  case batchNorm(BatchNormConfiguration)
  case instanceNorm2d(BatchNormConfiguration)
  case layerNorm(LayerNormConfiguration)
  case groupNorm(GroupNormConfiguration)
  case localResponseNorm(LocalResponseNormConfiguration)
  case dropout(p: Double)
  case channelDropout(ChannelDropoutConfiguration)
  case identity
  case formula(FormulaConfiguration)
  case sequential([LayerPlan])

  /// Shapes, weights and cost of the layer.
  public var rules: any LayerRules {
    switch self {
    case .convolution(let configuration): configuration
    case .convTranspose(let configuration): configuration
    case .linear(let configuration): configuration
    case .embedding(let configuration): configuration
    case .maxPool(let configuration): configuration
    case .maxUnpool2d(let configuration): configuration
    case .avgPool(let configuration): configuration
    case .adaptiveAvgPool(let configuration), .adaptiveMaxPool(let configuration): configuration
    case .lpPool2d(let configuration): configuration
    case .flatten(let startDim, let endDim): FlattenRules(startDim: startDim, endDim: endDim)
    case .unflatten(let configuration): configuration
    case .padding(let configuration): configuration
    case .pixelShuffle(let configuration): configuration
    case .upsample(let configuration): configuration
    case .activation, .dropout, .formula: ElementwiseRules()
    case .identity: ElementwiseRules(movesValuesOnly: true)
    case .prelu(let configuration): configuration
    case .glu(let dim): GLURules(dim: dim)
    case .softmax(let dim), .logSoftmax(let dim), .softmin(let dim): SoftmaxRules(dim: dim)
    case .softmax2d: Softmax2dRules()
    case .batchNorm(let configuration): configuration
    case .instanceNorm2d(let configuration): InstanceNormRules(configuration: configuration)
    case .layerNorm(let configuration): configuration
    case .groupNorm(let configuration): configuration
    case .localResponseNorm(let configuration): configuration
    case .channelDropout(let configuration): configuration
    case .sequential(let layers): SequentialRules(layers: layers)
    }
  }
}
