// Elementwise activations: the shape stays, nothing is learnt. PyTorch's formulas; NaN stays NaN.
// Source: torch/nn/modules/activation.py.

extension LayerEntry {
  /// max(x, 0)
  static let relu = activation(
    "ReLU", [.inplace], "max(x, 0)", [.nonnegative, .idempotent]
  ) { _, _ in .relu }

  /// 1 / (1 + e^-x)
  static let sigmoid = activation(
    "Sigmoid", [], "1 / (1 + exp(-x)), between 0 and 1", [.nonnegative, .unitInterval]
  ) { _, _ in .sigmoid }

  static let tanh = activation("Tanh", [], "tanh(x), between -1 and 1", .bounded) { _, _ in .tanh }

  static let leakyReLU = activation(
    "LeakyReLU", [.coefficient("negative_slope", 0.01, "the slope below 0"), .inplace],
    "x above 0, negative_slope · x below"
  ) { bound, _ in bound.number("negative_slope").map { .leakyReLU(negativeSlope: $0) } }

  static let relu6 = activation(
    "ReLU6", [.inplace], "min(max(x, 0), 6)", [.nonnegative, .bounded]
  ) { _, _ in .relu6 }

  static let hardtanh = activation(
    "Hardtanh",
    [
      .bound("min_val", -1, "the least value"), .bound("max_val", 1, "the greatest value"), .inplace,
      .only("min_value", ParameterValue.none, because: "it is deprecated; write min_val=-1"),
      .only("max_value", ParameterValue.none, because: "it is deprecated; write max_val=1"),
    ], "min(max(x, min_val), max_val)", .bounded
  ) { bound, report in
    guard let low = bound.number("min_val"), let high = bound.number("max_val") else { return nil }
    guard low < high else {
      let isPair = bound.isWritten("max_val") && bound.isWritten("min_val")
      report.error(
        "wrong-order",
        "max_val of Hardtanh has to be above min_val, and \(bound.printed("max_val")) is not above "
          + bound.printed("min_val"),
        at: bound.isWritten("max_val") ? bound.span("max_val") : bound.span("min_val"),
        help: isPair && low > high
          ? "write Hardtanh(\(bound.text(of: "max_val")), \(bound.text(of: "min_val")))" : nil)
      return nil
    }
    return .hardtanh(minVal: low, maxVal: high)
  }

  static let elu = activation(
    "ELU", [.coefficient("alpha", 1, "what it goes to below 0, negated"), .inplace],
    "x above 0, alpha · (exp(x) - 1) below"
  ) { bound, _ in bound.number("alpha").map { .elu(alpha: $0) } }

  static let celu = activation(
    "CELU", [.coefficient("alpha", 1, "what it goes to below 0, negated; not 0"), .inplace],
    "x above 0, alpha · (exp(x / alpha) - 1) below"
  ) { bound, report in bound.divisor("alpha", report).map { .celu(alpha: $0) } }

  static let selu = activation(
    "SELU", [.inplace], "1.0507 · x above 0, 1.0507 · 1.6733 · (exp(x) - 1) below"
  ) { _, _ in .selu }

  static let gelu = activation(
    "GELU",
    [
      Parameter(
        "approximate", .choice(["none", "tanh"]), default: .text("none"),
        "'none' for the error function, 'tanh' for the approximation by tanh")
    ], "x · Φ(x), Φ the normal distribution",
    describe: { bound in "GELU(approximate='\(bound.text("approximate") ?? "none")')" }
  ) { bound, _ in bound.text("approximate").map { .gelu(isTanh: $0 == "tanh") } }

  static let silu = activation("SiLU", [.inplace], "x / (1 + exp(-x))") { _, _ in .silu }

  static let mish = activation("Mish", [.inplace], "x · tanh(log(1 + exp(x)))") { _, _ in .mish }

  static let softplus = activation(
    "Softplus",
    [
      .coefficient("beta", 1, "how sharp the bend is; not 0"),
      .bound("threshold", 20, "x itself where beta · x is above it"),
    ], "log(1 + exp(beta · x)) / beta", .nonnegative
  ) { bound, report in
    guard let beta = bound.divisor("beta", report), let threshold = bound.number("threshold") else {
      return nil
    }
    return .softplus(beta: beta, threshold: threshold)
  }

  static let softsign = activation("Softsign", [], "x / (1 + |x|)", .bounded) { _, _ in .softsign }

  static let logSigmoid = activation("LogSigmoid", [], "-log(1 + exp(-x))") { _, _ in .logSigmoid }

  static let hardswish = activation(
    "Hardswish", [.inplace], "x · min(max(x + 3, 0), 6) / 6", describe: { _ in "Hardswish()" }
  ) { _, _ in .hardswish }

  static let hardsigmoid = activation(
    "Hardsigmoid", [.inplace], "min(max(x + 3, 0), 6) / 6", [.nonnegative, .unitInterval],
    describe: { _ in "Hardsigmoid()" }
  ) { _, _ in .hardsigmoid }

  static let hardshrink = activation(
    "Hardshrink", [.shrinkage], "0 where |x| is at most lambd, else x",
    describe: { bound in "Hardshrink(\(bound.text(of: "lambd")))" }
  ) { bound, _ in bound.number("lambd").map { .hardshrink(lambd: $0) } }

  static let softshrink = activation(
    "Softshrink", [.shrinkage], "x brought nearer to 0 by lambd, 0 where |x| is at most lambd",
    describe: { bound in "Softshrink(\(bound.text(of: "lambd")))" }
  ) { bound, _ in bound.number("lambd").map { .softshrink(lambd: $0) } }

  static let tanhshrink = activation("Tanhshrink", [], "x - tanh(x)") { _, _ in .tanhshrink }

  static let threshold = activation(
    "Threshold",
    [
      Parameter("threshold", .number(.any), example: "0.1", "up to where x is replaced"),
      Parameter("value", .number(.any), example: "0", "what replaces it"), .inplace,
    ], "x above threshold, else value", example: "Threshold(0.1, 0)"
  ) { bound, _ in
    guard let threshold = bound.number("threshold"), let value = bound.number("value") else { return nil }
    return .threshold(threshold: threshold, value: value)
  }

  static let identity = LayerEntry.elementwise(
    "Identity", [], "x", [.linear, .transparent], .identity, .elementwise("y = x", "ReLU(), Identity()"))

  /// An activation. Unless it describes itself, PyTorch prints all arguments, and `inplace` where it is
  /// True.
  private static func activation(
    _ name: String, _ parameters: [Parameter], _ summary: String, _ traits: LayerTraits = [],
    example: String? = nil, describe: (@Sendable (BoundCall) -> String)? = nil,
    _ configure: @escaping @Sendable (BoundCall, Reporter) -> Activation?
  ) -> LayerEntry {
    LayerEntry(
      schema: CallSchema(
        .layer, name, parameters, summary, .elementwise("y = \(summary)", example ?? "\(name)()")),
      traits: traits.union(.activation),
      configure: { bound, _, report in configure(bound, report).map { .activation($0) } },
      describe: { bound, _ in
        if let describe { return describe(bound) }
        let printed = parameters.compactMap { parameter -> String? in
          if case .onlyDefault = parameter.kind { return nil }
          if parameter.name == "inplace" { return bound.boolean("inplace") == true ? "inplace=True" : nil }
          return bound.printed(parameter.name)
        }
        return "\(name)(\(printed.joined(separator: ", ")))"
      })
  }
}

extension Parameter {
  fileprivate static func coefficient(_ name: String, _ value: Double, _ summary: String) -> Parameter {
    Parameter(name, .number(.any), default: .number(value), summary)
  }

  /// A number that may be infinite.
  fileprivate static func bound(_ name: String, _ value: Double, _ summary: String) -> Parameter {
    Parameter(name, .number(.extended), default: .number(value), summary)
  }

  fileprivate static let shrinkage = Parameter(
    "lambd", .number(.atLeastZero), default: .number(0.5), "how far from 0 it acts")
}

extension BoundCall {
  /// A number that something is divided by; nil where it is 0, reported.
  fileprivate func divisor(_ name: String, _ report: Reporter) -> Double? {
    guard let number = number(name), number == 0 else { return number(name) }
    report.error(
      "out-of-range", "`\(name)` of \(schema.name) is any number but 0: it is divided by", at: span(name))
    return nil
  }

  /// The value as PyTorch prints it.
  fileprivate func text(of name: String) -> String { self[name].value?.description ?? "?" }
}
