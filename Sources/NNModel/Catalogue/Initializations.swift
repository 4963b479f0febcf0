import NNDiagnostics
import NNSyntax

/// What stands for `init=`: `xavier_uniform`, `normal(std=0.01)`, and PyTorch's own `nn.init.kaiming_normal_`.
struct Initializations {
  let report: Reporter
  let evaluator: Evaluator

  /// One function of `torch.nn.init`.
  private struct Entry: Sendable {
    let schema: CallSchema
    let configure: @Sendable (BoundCall) -> WeightInitialization?

    init(
      _ name: String, _ parameters: [Parameter], _ summary: String,
      _ configure: @escaping @Sendable (BoundCall) -> WeightInitialization?
    ) {
      schema = CallSchema(.initialization, name, parameters, summary)
      self.configure = configure
    }
  }

  private static func number(_ name: String, _ value: Double, _ range: NumberRange = .any) -> Parameter {
    Parameter(name, .number(range), default: .number(value), "a number")
  }

  private static let kaiming = [
    Parameter(
      "a", .number(.any), default: .number(0), "the slope below 0 of the leaky_relu that follows"),
    Parameter(
      "mode", .choice(WeightInitialization.FanMode.allCases.map(\.rawValue)), default: .text("fan_in"),
      "keep the variance forward or backward"),
    Parameter(
      "nonlinearity",
      .choice(["leaky_relu", "relu", "tanh", "sigmoid", "linear", "selu", "conv1d", "conv2d"]),
      default: .text("leaky_relu"), "what follows the layer"),
  ]

  private static let entries: [Entry] = [
    Entry("uniform", [number("a", 0), number("b", 1)], "U(a, b)") { bound in
      bound.both("a", "b").map { .uniform(a: $0, b: $1) }
    },
    Entry("normal", [number("mean", 0), number("std", 1, .atLeastZero)], "N(mean, std²)") { bound in
      bound.both("mean", "std").map { .normal(mean: $0, std: $1) }
    },
    Entry(
      "trunc_normal",
      [number("mean", 0), number("std", 1, .positive), number("a", -2), number("b", 2)],
      "N(mean, std²) between a and b"
    ) { bound in
      guard let (mean, std) = bound.both("mean", "std"), let (a, b) = bound.both("a", "b") else { return nil }
      return .truncNormal(mean: mean, std: std, a: a, b: b)
    },
    Entry("constant", [Parameter("val", .number(.any), example: "0", "a number")], "val") { bound in
      bound.number("val").map { .constant($0) }
    },
    Entry("ones", [], "1") { _ in .constant(1) },
    Entry("zeros", [], "0") { _ in .constant(0) },
    Entry("eye", [], "the identity, of a Linear") { _ in .eye },
    Entry(
      "dirac", [Parameter("groups", .integer(sizes), default: .integer(1), "groups")],
      "the identity, of a convolution"
    ) { bound in bound.integer("groups").map { .dirac(groups: $0) } },
    Entry("xavier_uniform", [number("gain", 1, .atLeastZero)], "U(±gain·√(6/(fan_in + fan_out)))") { bound in
      bound.number("gain").map { .xavierUniform(gain: $0) }
    },
    Entry("xavier_normal", [number("gain", 1, .atLeastZero)], "N(0, gain²·2/(fan_in + fan_out))") { bound in
      bound.number("gain").map { .xavierNormal(gain: $0) }
    },
    Entry("kaiming_uniform", kaiming, "U(±gain·√(3/fan))") { bound in
      bound.kaiming.map { .kaimingUniform(gain: $0, mode: $1) }
    },
    Entry("kaiming_normal", kaiming, "N(0, gain²/fan)") { bound in
      bound.kaiming.map { .kaimingNormal(gain: $0, mode: $1) }
    },
  ]

  static let schemas = entries.map(\.schema)

  func convert(_ argument: LocatedValue, _ parameter: Parameter) -> ParameterValue? {
    switch argument.value {
    case .none: return ParameterValue.none
    case .invalid: return nil
    case .word(let word), .text(let word):
      return entry(Name(word, argument.span)).flatMap { entry in
        let bound = Binder(evaluator: evaluator, report: report).bind(
          [], to: entry.schema, name: Name(word, argument.span), isDamaged: false)
        return entry.configure(bound).map { .initialization($0) }
      }
    case .call(let call):
      guard let entry = entry(call.name) else { return nil }
      let bound = Binder(evaluator: evaluator, report: report).bind(call, to: entry.schema)
      return entry.configure(bound).map { .initialization($0) }
    default:
      report.error(
        "wrong-type",
        "`\(parameter.name)` is the name of an initialisation, not \(argument.value.phrase)",
        at: argument.span, help: "write \(parameter.name)=xavier_uniform, or \(parameter.name)=constant(0)")
      return nil
    }
  }

  private func entry(_ name: Name) -> Entry? {
    var text = name.text
    for prefix in ["torch.nn.init.", "nn.init.", "init."] where text.hasPrefix(prefix) {
      text.removeFirst(prefix.count)
    }
    if text.hasSuffix("_") { text.removeLast() }
    if let entry = Self.entries.first(where: { $0.schema.name == text }) { return entry }
    let names = Self.entries.map(\.schema.name)
    let known = ["orthogonal", "sparse"].contains(text)
    report.error(
      known ? "not-available" : "unknown-name",
      known
        ? "the initialisation `\(text)` is not in this version of nnrun"
        : "there is no initialisation `\(shortened(text))`", at: name.span,
      help: didYouMean(text, from: names) ?? "they are \(list(names))")
    return nil
  }
}

extension BoundCall {
  fileprivate func both(_ first: String, _ second: String) -> (Double, Double)? {
    guard let a = number(first), let b = number(second) else { return nil }
    return (a, b)
  }

  /// The gain of `nonlinearity` as `torch.nn.init.calculate_gain` has it, and the mode.
  fileprivate var kaiming: (Double, WeightInitialization.FanMode)? {
    guard let slope = number("a"), let mode = text("mode").flatMap(WeightInitialization.FanMode.init) else {
      return nil
    }
    switch text("nonlinearity") {
    case "leaky_relu": return ((2 / (1 + slope * slope)).squareRoot(), mode)
    case "relu": return (2.0.squareRoot(), mode)
    case "tanh": return (5.0 / 3, mode)
    case "selu": return (0.75, mode)
    case nil: return nil
    default: return (1, mode)
    }
  }
}

extension Parameter {
  /// `init=` and `requires_grad=` of a layer with weights: nnrun's own, by PyTorch's words.
  static let weightSettings = [
    common("init", .initialization, .none, "how the weight is drawn: a function of torch.nn.init"),
    requiresGrad,
  ]

  static let requiresGrad = common(
    "requires_grad", .boolean, .boolean(true), "False leaves the weights as they are while training")

  private static func common(
    _ name: String, _ kind: Kind, _ value: ParameterValue, _ summary: String
  ) -> Parameter {
    var parameter = Parameter(
      name, kind, default: value, acceptsNone: value == ParameterValue.none, keywordOnly: true, summary)
    parameter.isCommon = true
    return parameter
  }
}

extension BoundCall {
  /// `init=` of a layer, where it has one.
  var initialization: WeightInitialization? {
    guard schema.index(of: "init") != nil, case .initialization(let value)? = self["init"].value else {
      return nil
    }
    return value
  }

  /// `requires_grad=False`.
  var isFrozen: Bool { schema.index(of: "requires_grad") != nil && boolean("requires_grad") == false }
}
