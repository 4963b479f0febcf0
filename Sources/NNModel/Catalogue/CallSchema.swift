/// What a name of the catalogue takes: one schema for layers, losses, optimizers, data sets and the
/// settings of `DataLoader` and `train` alike.
public struct CallSchema: Sendable {
  /// What a name stands for.
  public enum Kind: String, Sendable, CaseIterable {
    case layer
    case loss
    case optimizer
    case dataSet = "data set"
    case transform
    case schedule
    case initialization
    case settings
  }

  public var kind: Kind
  public var name: String
  /// In PyTorch's positional order.
  public var parameters: [Parameter]
  /// What it is, in one line.
  public var summary: String
  /// The rest of what `nnrun layers NAME` prints.
  public var documentation: Documentation?

  public init(
    _ kind: Kind, _ name: String, _ parameters: [Parameter], _ summary: String,
    _ documentation: Documentation? = nil
  ) {
    self.documentation = documentation
    self.kind = kind
    self.name = name
    self.parameters = parameters
    self.summary = summary
  }

  /// `Linear(in_features, out_features, bias=True)`, without the arguments that have no
  /// effect and those of nnrun's own.
  public var signature: String {
    let list = effective.map { parameter in
      guard let value = parameter.defaultValue else { return parameter.name }
      if case .text(let text) = value { return "\(parameter.name)='\(text)'" }
      return "\(parameter.name)=\(value)"
    }
    return "\(name)(\(list.joined(separator: ", ")))"
  }

  /// The parameters that take more than what changes nothing, without those that many entries have.
  var effective: [Parameter] {
    parameters.filter {
      if case .onlyDefault = $0.kind { return false }
      return !$0.isCommon
    }
  }

  /// How many arguments may stand without a name.
  var positionalCount: Int { parameters.prefix { !$0.isKeywordOnly }.count }

  func index(of parameter: String) -> Int? { parameters.firstIndex { $0.name == parameter } }
}

extension Parameter {
  /// `device=None` and `dtype=None`, which have no effect.
  static let placement: [Parameter] = ["device", "dtype"].map { name in
    Parameter(
      name, .onlyDefault([.none], otherwise: "nnrun computes in float32 on the processor"),
      default: ParameterValue.none,
      "only None, without effect")
  }

  /// `inplace=False`, without effect: the result is the same.
  static let inplace = Parameter("inplace", .boolean, default: .boolean(false), "without effect")

  /// The same parameter, given only by its name.
  static func keywordOnly(_ parameter: Parameter) -> Parameter {
    var parameter = parameter
    parameter.isKeywordOnly = true
    return parameter
  }

  /// A parameter of PyTorch's that takes only its default here.
  static func only(
    _ name: String, _ values: ParameterValue..., because reason: String, keywordOnly: Bool = false
  ) -> Parameter {
    Parameter(
      name, .onlyDefault(values, otherwise: reason), default: values.first ?? ParameterValue.none,
      keywordOnly: keywordOnly, "only \(values.map(\.description).joined(separator: " or "))")
  }
}
