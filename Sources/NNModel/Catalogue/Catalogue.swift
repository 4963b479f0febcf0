// Everything that a model file can name. Adding a layer: its file in Layers/, its row here, its case
// in LayerConfiguration, its row in the trainer's builder.

/// The names of the language and what each takes.
public enum Catalogue {
  /// All layers but `Sequential`, which the grammar knows.
  static let layers: [LayerEntry] = [
    .conv1d, .conv2d, .convTranspose1d, .convTranspose2d, .maxPool1d, .maxPool2d, .maxUnpool2d, .avgPool1d,
    .avgPool2d, .adaptiveAvgPool1d, .adaptiveAvgPool2d, .adaptiveMaxPool2d, .lpPool2d, .flatten, .unflatten,
    .identity, .pixelShuffle, .pixelUnshuffle, .upsample, .zeroPad2d, .constantPad2d, .reflectionPad2d,
    .replicationPad2d, .circularPad2d, .linear, .embedding, .relu, .sigmoid, .tanh, .leakyReLU, .relu6,
    .hardtanh, .elu, .celu, .selu, .gelu, .silu, .mish, .softplus, .softsign, .logSigmoid, .hardswish,
    .hardsigmoid, .hardshrink, .softshrink, .tanhshrink, .threshold, .prelu, .glu, .softmax, .logSoftmax,
    .softmin, .softmax2d, .batchNorm1d, .batchNorm2d, .instanceNorm2d, .layerNorm, .rmsNorm, .groupNorm,
    .localResponseNorm, .dropout, .dropout1d, .dropout2d,
  ]

  static let losses: [LossEntry] = [
    .crossEntropy, .nll, .mse, .l1, .smoothL1, .huber, .bce, .bceWithLogits, .klDiv,
  ]
  static let optimizers: [OptimizerEntry] = [
    .sgd, .adam, .adamW, .rmsprop, .adagrad, .adadelta, .adamax, .nadam, .radam,
  ]
  static let schedules: [ScheduleEntry] = [
    .step, .multiStep, .exponential, .constant, .linear, .polynomial, .cosineAnnealing,
    .cosineAnnealingWarmRestarts, .oneCycle, .cyclic, .sequential, .reduceOnPlateau,
  ]
  static let dataSets: [DataSetEntry] = [.cifar10, .mnist, .fashionMNIST, .shapes10]
  static let transforms: [TransformEntry] = [
    .toTensor, .normalize, .randomCrop, .randomHorizontalFlip, .randomVerticalFlip, .centerCrop, .resize,
    .pad,
    .randomErasing, .colorJitter, .grayscale,
  ]

  /// What every name takes, by kind and in the order of the documentation.
  public static let schemas: [CallSchema] =
    layers.map(\.schema) + losses.map(\.schema) + optimizers.map(\.schema) + schedules.map(\.schema)
    + dataSets.map(\.schema) + transforms.map(\.schema) + [DataLoaderSettings.schema, TrainSettings.schema]

  private static let schemasByName = Dictionary(
    schemas.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  private static let layersByName = Dictionary(
    layers.map { ($0.schema.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// What `name` takes.
  public static func schema(_ name: String) -> CallSchema? { schemasByName[name] }

  static func layer(_ name: String) -> LayerEntry? { layersByName[name] }

  /// True for names that a file may not give to things of its own.
  static func isReserved(_ name: String) -> Bool {
    schemasByName[name].map { $0.kind != .settings || $0.name == "DataLoader" } ?? (name == "Sequential")
  }
}
