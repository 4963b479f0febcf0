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
    "AlphaDropout", "BatchNorm3d",
    "Dropout3d", "FeatureAlphaDropout",
    "InstanceNorm1d", "InstanceNorm3d",
    "RReLU",
    "SyncBatchNorm",
    "ChannelShuffle",
  ]

  private static let layers: Set<String> = [
    "AdaptiveAvgPool3d", "AdaptiveLogSoftmaxWithLoss",
    "AdaptiveMaxPool1d", "AdaptiveMaxPool3d", "AvgPool3d", "Bilinear",
    "CircularPad1d", "CircularPad3d", "ConstantPad1d", "ConstantPad3d",
    "Conv3d", "ConvTranspose3d", "CosineSimilarity",
    "EmbeddingBag", "Fold", "FractionalMaxPool2d", "FractionalMaxPool3d", "GRU",
    "GRUCell", "LPPool1d", "LSTM", "LSTMCell", "LazyBatchNorm1d", "LazyBatchNorm2d",
    "LazyConv1d", "LazyConv2d", "LazyConvTranspose2d", "LazyLinear", "MaxPool3d",
    "MaxUnpool1d", "MaxUnpool3d", "ModuleDict", "ModuleList", "MultiheadAttention",
    "PairwiseDistance", "RNN", "RNNCell", "ReflectionPad1d",
    "ReflectionPad3d", "ReplicationPad1d", "ReplicationPad3d",
    "Transformer", "TransformerDecoder", "TransformerDecoderLayer", "TransformerEncoder",
    "TransformerEncoderLayer", "Unfold", "UpsamplingBilinear2d",
    "UpsamplingNearest2d", "ZeroPad1d", "ZeroPad3d",
  ]

  private static let losses: Set<String> = [
    "CTCLoss", "CosineEmbeddingLoss", "GaussianNLLLoss",
    "HingeEmbeddingLoss", "MarginRankingLoss",
    "MultiLabelMarginLoss", "MultiLabelSoftMarginLoss", "MultiMarginLoss", "NLLLoss2d", "PoissonNLLLoss",
    "SoftMarginLoss", "TripletMarginLoss", "TripletMarginWithDistanceLoss",
  ]

  private static let optimizers: Set<String> = [
    "ASGD", "Adafactor", "LBFGS", "Muon", "Rprop", "SparseAdam",
  ]

  private static let schedules: Set<String> = ["ChainedScheduler", "LambdaLR", "MultiplicativeLR"]

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
