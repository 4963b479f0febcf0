// What PyTorch and torchvision have and this version has not. Such a name is answered as what it is,
// not with a guess at another one.

enum UnavailableNames {
  /// The kind of thing that `name` is in PyTorch, or nil where it is not known.
  static func kind(of name: String) -> CallSchema.Kind? {
    if keepingShape.contains(name) || layers.contains(name) { return .layer }
    if losses.contains(name) { return .loss }
    if optimizers.contains(name) { return .optimizer }
    if schedules.contains(name) { return .schedule }
    if transforms.contains(name) { return .transform }
    return dataSets.contains(name) ? .dataSet : nil
  }

  /// Layers whose output has the shape of the input, so that the rest of a stack can still be checked.
  static let keepingShape: Set<String> = [
    "AlphaDropout", "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "CELU", "Dropout1d", "Dropout2d",
    "Dropout3d", "ELU", "FeatureAlphaDropout", "GELU", "GroupNorm", "Hardshrink", "Hardsigmoid",
    "Hardswish", "Hardtanh", "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d", "LayerNorm",
    "LeakyReLU", "LocalResponseNorm", "LogSigmoid", "Mish", "PReLU", "RMSNorm", "RReLU", "ReLU6", "SELU",
    "SiLU", "Softmax2d", "Softmin", "Softplus", "Softshrink", "Softsign", "SyncBatchNorm", "Tanhshrink",
    "Threshold", "ChannelShuffle",
  ]

  private static let layers: Set<String> = [
    "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveLogSoftmaxWithLoss",
    "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d", "AvgPool1d", "AvgPool3d", "Bilinear",
    "CircularPad1d", "CircularPad2d", "CircularPad3d", "ConstantPad1d", "ConstantPad2d", "ConstantPad3d",
    "Conv1d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "CosineSimilarity",
    "Embedding", "EmbeddingBag", "Fold", "FractionalMaxPool2d", "FractionalMaxPool3d", "GLU", "GRU",
    "GRUCell", "LPPool1d", "LPPool2d", "LSTM", "LSTMCell", "LazyBatchNorm1d", "LazyBatchNorm2d",
    "LazyConv1d", "LazyConv2d", "LazyConvTranspose2d", "LazyLinear", "MaxPool1d", "MaxPool3d",
    "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d", "ModuleDict", "ModuleList", "MultiheadAttention",
    "PairwiseDistance", "PixelShuffle", "PixelUnshuffle", "RNN", "RNNCell", "ReflectionPad1d",
    "ReflectionPad2d", "ReflectionPad3d", "ReplicationPad1d", "ReplicationPad2d", "ReplicationPad3d",
    "Transformer", "TransformerDecoder", "TransformerDecoderLayer", "TransformerEncoder",
    "TransformerEncoderLayer", "Unflatten", "Unfold", "Upsample", "UpsamplingBilinear2d",
    "UpsamplingNearest2d", "ZeroPad1d", "ZeroPad2d", "ZeroPad3d",
  ]

  private static let losses: Set<String> = [
    "BCELoss", "BCEWithLogitsLoss", "CTCLoss", "CosineEmbeddingLoss", "GaussianNLLLoss",
    "HingeEmbeddingLoss", "HuberLoss", "KLDivLoss", "L1Loss", "MarginRankingLoss",
    "MultiLabelMarginLoss", "MultiLabelSoftMarginLoss", "MultiMarginLoss", "NLLLoss2d", "PoissonNLLLoss",
    "SmoothL1Loss", "SoftMarginLoss", "TripletMarginLoss", "TripletMarginWithDistanceLoss",
  ]

  private static let optimizers: Set<String> = [
    "ASGD", "Adadelta", "Adafactor", "Adagrad", "AdamW", "Adamax", "LBFGS", "Muon", "NAdam", "RAdam",
    "RMSprop", "Rprop", "SparseAdam",
  ]

  private static let schedules: Set<String> = [
    "ChainedScheduler", "ConstantLR", "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "CyclicLR",
    "ExponentialLR", "LambdaLR", "LinearLR", "MultiStepLR", "MultiplicativeLR", "OneCycleLR",
    "PolynomialLR", "ReduceLROnPlateau", "SequentialLR", "StepLR",
  ]

  private static let transforms: Set<String> = [
    "AutoAugment", "FiveCrop", "GaussianBlur", "Lambda", "PILToTensor", "RandAugment", "RandomAffine",
    "RandomApply", "RandomChoice", "RandomGrayscale", "RandomInvert", "RandomOrder", "RandomPerspective",
    "RandomResizedCrop", "RandomRotation", "ToPILImage", "TrivialAugmentWide",
  ]

  private static let dataSets: Set<String> = [
    "CIFAR100", "Caltech101", "Caltech256", "CelebA", "CocoDetection", "EMNIST", "FakeData", "Food101",
    "ImageFolder", "ImageNet", "KMNIST", "LSUN", "Omniglot", "OxfordIIITPet", "QMNIST", "SBU", "SEMEION",
    "STL10", "SVHN", "TensorDataset", "USPS", "VOCDetection", "VOCSegmentation",
  ]
}
