import NNDiagnostics

/// One word, number, text or sign of a `.nn` file.
struct Token {
  enum Kind: UInt8 {
    case name, number, string
    case leftParenthesis, rightParenthesis, leftBracket, rightBracket, leftBrace, rightBrace
    case comma, equals, colon, semicolon, dot
    case plus, minus, star, slash, doubleSlash, percent, doubleStar
    /// A sign of Python that the grammar has no use for: `==`, `+=`, `->`, `@`, …
    case foreign
    /// Something to be reported and passed over.
    case skipped
    case end
  }

  var kind: Kind
  var span: Span
  /// A line break stands between the token before and this one.
  var newlineBefore: Bool
  /// What is wrong with the characters of the token.
  var problem: LexicalProblem?
  /// What to read instead of the characters in `span`, where they were lookalikes.
  var replacement: String?

  init(_ kind: Kind, _ span: Span, newlineBefore: Bool) {
    self.kind = kind
    self.span = span
    self.newlineBefore = newlineBefore
  }
}

extension Token.Kind {
  var opensBracket: Bool { self == .leftParenthesis || self == .leftBracket || self == .leftBrace }
  var closesBracket: Bool { closed != nil }

  /// The closing bracket for an opening one.
  var closing: Token.Kind? {
    switch self {
    case .leftParenthesis: .rightParenthesis
    case .leftBracket: .rightBracket
    case .leftBrace: .rightBrace
    default: nil
    }
  }

  /// The opening bracket for a closing one.
  var closed: Token.Kind? {
    switch self {
    case .rightParenthesis: .leftParenthesis
    case .rightBracket: .leftBracket
    case .rightBrace: .leftBrace
    default: nil
    }
  }

  /// The sign itself, for messages; empty for tokens that differ in text.
  var sign: String {
    switch self {
    case .leftParenthesis: "("
    case .rightParenthesis: ")"
    case .leftBracket: "["
    case .rightBracket: "]"
    case .leftBrace: "{"
    case .rightBrace: "}"
    case .comma: ","
    case .equals: "="
    case .colon: ":"
    case .semicolon: ";"
    case .dot: "."
    case .plus: "+"
    case .minus: "-"
    case .star: "*"
    case .slash: "/"
    case .doubleSlash: "//"
    case .percent: "%"
    case .doubleStar: "**"
    case .name, .number, .string, .foreign, .skipped, .end: ""
    }
  }

  /// The operator between two values that the sign is.
  var binaryOperator: BinaryOperator? {
    switch self {
    case .plus: .add
    case .minus: .subtract
    case .star: .multiply
    case .slash: .divide
    case .doubleSlash: .floorDivide
    case .percent: .remainder
    case .doubleStar: .power
    default: nil
    }
  }

  /// True where a value may begin.
  var beginsExpression: Bool {
    switch self {
    case .name, .number, .string, .leftParenthesis, .leftBracket: true
    default: false
    }
  }
}

/// What can be wrong below the grammar; ``SyntaxMessage`` has the words.
enum LexicalProblem {
  case blockComment
  case invisibleSpace(Unicode.Scalar)
  case lineContinuation
  case loneCarriageReturn
  case lookalikeSign(Unicode.Scalar, String)
  case lookalikeName(String)
  case malformedNumber
  case prefixedString
  case smartQuotes
  case tripleQuotes
  case unknownCharacter(Unicode.Scalar)
  case unterminatedString
}
