/// A call in Python's spelling, as the reference cases write layers, losses and optimizers:
/// `Conv2d(3, 6, kernel_size=(5, 5), padding='same', weight=@weight)`.
public struct CallText: Sendable {
  /// An argument.
  public indirect enum Value: Equatable, Sendable {
    case number(Double)
    case string(String)
    case boolean(Bool)
    case none
    case tuple([Value])
    /// `@name`: a tensor beside the call.
    case reference(String)
  }

  public let name: String
  public let positional: [Value]
  public let named: [String: Value]

  /// nil where the text is no such call.
  public init?(_ text: String) {
    var parser = Parser(text)
    guard let call = parser.parseCall(), parser.isAtEnd else { return nil }
    self = call
  }

  fileprivate init(name: String, positional: [Value], named: [String: Value]) {
    self.name = name
    self.positional = positional
    self.named = named
  }

  /// The argument at `position` or called `name`; nil where it is not given.
  public func argument(_ position: Int, _ name: String) -> Value? {
    position < positional.count ? positional[position] : named[name]
  }
}

extension CallText.Value {
  public var number: Double? { if case .number(let value) = self { value } else { nil } }
  public var integer: Int? { number.flatMap { Int(exactly: $0) } }
  public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
  public var string: String? { if case .string(let value) = self { value } else { nil } }

  /// One integer for both axes, or two; PyTorch takes a tuple of one as one.
  public var integerPair: (Int, Int)? {
    if let value = integer { return (value, value) }
    guard case .tuple(let values) = self, let first = values.first?.integer,
      let last = values.last?.integer, values.count <= 2
    else { return nil }
    return (first, last)
  }
}

/// A recursive-descent parser of the above; nesting is that of hand-written cases.
private struct Parser {
  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func parseCall() -> CallText? {
    let name = eatWord()
    guard !name.isEmpty, eat("(") else { return nil }
    var (positional, named): ([CallText.Value], [String: CallText.Value]) = ([], [:])
    while !eat(")") {
      let start = rest
      let word = eatWord()
      if !word.isEmpty, eat("=") {
        guard let value = parseValue() else { return nil }
        named[word] = value
      } else {
        rest = start
        guard let value = parseValue() else { return nil }
        positional.append(value)
      }
      guard eat(",") || rest.first == ")" else { return nil }
    }
    return CallText(name: name, positional: positional, named: named)
  }

  private mutating func parseValue() -> CallText.Value? {
    if eat("(") {
      var values: [CallText.Value] = []
      while !eat(")") {
        guard let value = parseValue() else { return nil }
        values.append(value)
        guard eat(",") || rest.first == ")" else { return nil }
      }
      return .tuple(values)
    }
    if eat("'") {
      let text = rest.prefix { $0 != "'" }
      rest = rest.dropFirst(text.count + 1)
      return .string(String(text))
    }
    if eat("@") { return .reference(eatWord()) }
    let text = String(rest.prefix { $0.isLetter || $0.isNumber || "._+-".contains($0) })
    rest = rest.dropFirst(text.count)
    switch text {
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    case "None": return CallText.Value.none
    default: return Double(text).map { .number($0) }
    }
  }

  private mutating func eatWord() -> String {
    let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
    rest = rest.dropFirst(word.count)
    return String(word)
  }

  private mutating func eat(_ token: Character) -> Bool {
    while rest.first == " " { rest = rest.dropFirst() }
    guard rest.first == token else { return false }
    rest = rest.dropFirst()
    while rest.first == " " { rest = rest.dropFirst() }
    return true
  }
}
