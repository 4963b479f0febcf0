// Names that people bring from elsewhere. PyTorch's own are right; these lead to them.

enum ForeignNames {
  /// Keras's, TensorFlow's and others' argument names, and PyTorch's for the same.
  private static let parameters: [String: [String]] = [
    "filters": ["out_channels"],
    "output_channels": ["out_channels"],
    "out_planes": ["out_channels"],
    "in_planes": ["in_channels"],
    "input_channels": ["in_channels"],
    "units": ["out_features"],
    "output_dim": ["out_features"],
    "input_dim": ["in_features", "in_channels"],
    "input_shape": ["in_channels", "in_features"],
    "kernel": ["kernel_size"],
    "ksize": ["kernel_size"],
    "filter_size": ["kernel_size"],
    "pool_size": ["kernel_size"],
    "strides": ["stride"],
    "pad": ["padding"],
    "pads": ["padding"],
    "dilation_rate": ["dilation"],
    "use_bias": ["bias"],
    "group": ["groups"],
    "rate": ["p"],
    "keep_prob": ["p"],
    "axis": ["dim"],
    "learning_rate": ["lr"],
    "epsilon": ["eps"],
    "decay": ["weight_decay"],
    "l2": ["weight_decay"],
    "beta_1": ["betas"],
    "beta_2": ["betas"],
    "beta1": ["betas"],
    "beta2": ["betas"],
    "class_weight": ["weight"],
    "num_epochs": ["epochs"],
    "n_epochs": ["epochs"],
    "batch": ["batch_size"],
    "bs": ["batch_size"],
    "clipnorm": ["clip_grad_norm"],
    "clipvalue": ["clip_grad_value"],
    "gradient_accumulation": ["accumulate"],
    "patience": ["early_stop"],
    "validation_split": ["split"],
    "validation_data": ["validate"],
  ]

  /// Layers, losses and optimizers under other names.
  private static let entries: [String: String] = [
    "Dense": "Linear",
    "FullyConnected": "Linear",
    "Conv2D": "Conv2d",
    "Convolution2D": "Conv2d",
    "MaxPooling2D": "MaxPool2d",
    "MaxPool2D": "MaxPool2d",
    "AveragePooling2D": "AvgPool2d",
    "AvgPool2D": "AvgPool2d",
    "SparseCategoricalCrossentropy": "CrossEntropyLoss",
    "CategoricalCrossentropy": "CrossEntropyLoss",
    "MeanSquaredError": "MSELoss",
    "StochasticGradientDescent": "SGD",
    "Cifar10": "CIFAR10",
    "Cifar": "CIFAR10",
  ]

  private static let words = [
    "avg": "mean", "average": "mean", "add": "sum", "total": "sum", "zero": "zeros",
  ]

  /// The word among `words` that is called `word` elsewhere.
  static func word(_ word: String, among words: [String]) -> String? {
    Self.words[word.lowercased()].flatMap { words.contains($0) ? $0 : nil }
  }

  /// The parameter of `schema` that `name` is elsewhere.
  static func parameter(_ name: String, in schema: CallSchema) -> String? {
    parameters[name.lowercased()]?.first { schema.index(of: $0) != nil }
  }

  /// The catalogue's name for what is called `name` elsewhere.
  static func entry(_ name: String) -> String? { entries[name] }

  /// All names that ``entry(_:)`` knows.
  static var entryNames: [String] { entries.keys.sorted() }
}

/// Arguments that PyTorch has at that place and this version has not.
enum RefusedArguments {
  static func reason(_ name: String, of schema: CallSchema) -> (message: String, help: String)? {
    switch (schema.name, name) {
    case ("DataLoader", "workers"):
      ("is not taken: nnrun reads data within its own process", "delete `workers`")
    default: nil
    }
  }
}
