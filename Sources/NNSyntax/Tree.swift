import NNDiagnostics

// The syntax tree of a model file: what is written, and where. Both spellings make the same one.
// It knows no layer, loss or parameter by name; those live in the catalogue (NNModel).
// Spans are byte ranges of the file that the document came from.

/// A whole file.
public struct Document: Sendable {
  /// The model file, source 0 of the spans.
  public var file: SourceFile
  /// Texts that parts of the tree came from besides: `Span.source` n is `otherSources[n - 1]`.
  public var otherSources: [SourceFile] = []
  public var statements: [Statement]
  /// The names of `let` statements whose values could not be read, so that nobody calls them undefined.
  public var unreadBindings: [Name] = []

  public init(file: SourceFile, statements: [Statement]) {
    self.file = file
    self.statements = statements
  }

  /// The text that `span` is of.
  public func source(of span: Span) -> SourceFile {
    span.source > 0 && span.source <= otherSources.count ? otherSources[span.source - 1] : file
  }
}

/// A name and its place.
public struct Name: Sendable {
  public var text: String
  public var span: Span

  public init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

/// One statement of a file.
public struct Statement: Sendable {
  public indirect enum Kind: Sendable {
    /// `let width = 32`
    case binding(Name, Expression)
    /// `seed = 0`
    case seed(Expression)
    /// `input = (3, 32, 32)`, `input = randn(1, 3, 32, 32)`, `input = tensor([[1, 2]])`
    case input(Expression)
    /// `data train = DataLoader(CIFAR10("data") else Shapes10(), batch_size=64)`
    case data(DataStatement)
    /// `model Tudui { … }`, `model Tudui = Sequential(…)`
    case model(Name, Stack)
    /// `layer Scale(x, k=2) = x * k`
    case layer(LayerDefinition)
    /// `loss = …`, `optimizer = …`, `schedule = …`, with a name where several are told apart; only an
    /// optimizer has groups
    case component(Component, name: Name?, Call, groups: [ParameterGroup])
    /// `train(epochs=10)`
    case train([Argument])
  }

  /// The statements that are one call.
  public enum Component: String, Sendable { case loss, optimizer, schedule }

  public var kind: Kind
  /// The whole statement.
  public var span: Span
  /// The word that begins it: `let`, `data`, `model`, …
  public var keyword: Span

  public init(_ kind: Kind, span: Span, keyword: Span) {
    self.kind = kind
    self.span = span
    self.keyword = keyword
  }
}

/// `data NAME = DataLoader(SOURCE else SOURCE, settings)`; without settings, the loader itself is
/// not part of the tree.
public struct DataStatement: Sendable {
  public var name: Name?
  /// At least one; the rest are the `else` branches in order.
  public var sources: [Call]
  /// The settings of the loader, always named.
  public var settings: [Argument]

  public init(name: Name?, sources: [Call], settings: [Argument]) {
    self.name = name
    self.sources = sources
    self.settings = settings
  }
}

/// `"*.bias" = (weight_decay=0)`: settings of an optimizer for some of the parameters.
public struct ParameterGroup: Sendable {
  /// A pattern over the parameters' `state_dict` keys.
  public var pattern: Name
  /// Always named.
  public var settings: [Argument]
  public var span: Span

  public init(pattern: Name, settings: [Argument], span: Span) {
    self.pattern = pattern
    self.settings = settings
    self.span = span
  }
}

/// `layer NAME(INPUT, PARAMETER=DEFAULT) = BODY`: a layer of the file's own.
public struct LayerDefinition: Sendable {
  /// What stands for the input, which is the first one and has no default, or for a value.
  public struct Parameter: Sendable {
    public var name: Name
    public var defaultValue: Expression?
    public var span: Span

    public init(name: Name, defaultValue: Expression?, span: Span) {
      self.name = name
      self.defaultValue = defaultValue
      self.span = span
    }
  }

  public var name: Name
  public var parameters: [Parameter]
  public var body: Expression

  public init(name: Name, parameters: [Parameter], body: Expression) {
    self.name = name
    self.parameters = parameters
    self.body = body
  }

  /// The parameters that a head like `Scale(x, k=2)` names; `wrong` are arguments that name none.
  public static func parameters(of head: [Argument]) -> (parameters: [Parameter], wrong: [Argument]) {
    var parameters: [Parameter] = []
    var wrong: [Argument] = []
    for argument in head {
      if let name = argument.name {
        parameters.append(Parameter(name: name, defaultValue: argument.value, span: argument.span))
      } else if case .word(let word) = argument.value.kind {
        parameters.append(
          Parameter(name: Name(word, argument.value.span), defaultValue: nil, span: argument.span))
      } else {
        wrong.append(argument)
      }
    }
    return (parameters, wrong)
  }
}

/// A list of layers in braces or in `Sequential(…)`.
public struct Stack: Sendable {
  public var items: [Item]
  public var span: Span

  public init(items: [Item], span: Span) {
    self.items = items
    self.span = span
  }
}

/// One element of a stack, with the name it is given in its `state_dict` key.
public struct Item: Sendable {
  public indirect enum Element: Sendable {
    /// `Conv2d(3, 32, 5)`
    case call(Call)
    /// `Sequential { … }`, `Sequential(…)`
    case sequential(Stack)
  }

  /// `conv1 = …` and the word of `(conv1): …`. The number of `(0): …` is checked and dropped.
  public var name: Name?
  public var element: Element
  public var span: Span

  public init(name: Name?, element: Element, span: Span) {
    self.name = name
    self.element = element
    self.span = span
  }
}

/// `Name(arguments)`; `Name` alone is a call without arguments.
public struct Call: Sendable {
  /// Without PyTorch's prefixes: `nn.Conv2d` is `Conv2d`. Other dots stay: `tudui.parameters`.
  public var name: Name
  public var arguments: [Argument]
  /// From the first letter (of the prefix) to the closing parenthesis.
  public var span: Span

  public init(name: Name, arguments: [Argument], span: Span) {
    self.name = name
    self.arguments = arguments
    self.span = span
  }
}

/// A positional or a named argument. Positional ones come first.
public struct Argument: Sendable {
  public var name: Name?
  public var value: Expression
  public var span: Span

  public init(name: Name?, value: Expression, span: Span) {
    self.name = name
    self.value = value
    self.span = span
  }
}

/// A value as written.
public struct Expression: Sendable {
  public indirect enum Kind: Sendable {
    /// A number as written, `1_000` or `5e-4` or `inf`; ``NumberLiteral`` gives its value.
    case number(String)
    /// A quoted text, quotes and escapes resolved.
    case string(String)
    case boolean(Bool)
    /// `None`, `null`
    case none
    /// `_`, a size to be worked out.
    case hole
    /// A bare word.
    case word(String)
    /// A tuple or a list: one thing.
    case list([Expression])
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression)
    case call(Call)
  }

  public var kind: Kind
  public var span: Span

  public init(_ kind: Kind, span: Span) {
    self.kind = kind
    self.span = span
  }
}

/// A prefix operator.
public enum UnaryOperator: String, Sendable, CaseIterable {
  case minus = "-"
  case plus = "+"
}

/// An operator between two values; precedence and meaning are Python's.
public enum BinaryOperator: String, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case power = "**"
}
