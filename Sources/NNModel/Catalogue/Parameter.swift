import NNShapes

/// One parameter of a catalogue entry: what may be given for it, and what it is when left out.
public struct Parameter: Sendable {
  /// What is taken.
  public enum Kind: Sendable {
    case integer(ClosedRange<Int>)
    case number(NumberRange)
    case boolean
    /// One of these words, quoted or bare.
    case choice([String])
    /// Any text; the string says what: `a folder`.
    case text(String)
    /// A whole number for both axes or one for each, (height, width). `singleton`: PyTorch also takes
    /// `(2,)` here.
    case pair(ClosedRange<Int>, singleton: Bool)
    /// The same, or one of these words.
    case pairOrChoice(ClosedRange<Int>, [String])
    /// Numbers, as many as there are classes.
    case numbers
    /// Two numbers.
    case numberPair(NumberRange)
    /// Different whole numbers.
    case integers(ClosedRange<Int>)
    /// One number, several, or one of these words.
    case numberOrNumbers(NumberRange, words: [String] = [])
    /// One whole number of at least 0 for all sides of an image, two or four: torchvision's `padding`.
    case border
    /// `ToTensor()`, a list of transforms, or `Compose([…])`.
    case transforms
    /// A number with a unit: `"10 min"`, `"3 epochs"`.
    case interval
    /// The name of something that the file defines; the string says of what: `model`, `split`.
    case reference(String)
    /// Only what PyTorch's default is, so that it can stand in a positional list; anything else is
    /// refused with this explanation.
    case onlyDefault([ParameterValue], otherwise: String)
  }

  public var name: String
  public var kind: Kind
  /// Nil where the argument has to be given.
  public var defaultValue: ParameterValue?
  /// `None` may be given.
  public var acceptsNone = false
  /// `_` may be given: the size is worked out from the input.
  public var acceptsHole = false
  /// Only by name, after PyTorch's `*`.
  public var isKeywordOnly = false
  /// What it is, in one line.
  public var summary: String
  /// A usual value, for `help:` lines where it is missing.
  public var example: String

  public init(
    _ name: String, _ kind: Kind, default defaultValue: ParameterValue? = nil, acceptsNone: Bool = false,
    acceptsHole: Bool = false, keywordOnly: Bool = false, example: String = "…", _ summary: String
  ) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.acceptsNone = acceptsNone
    self.acceptsHole = acceptsHole
    isKeywordOnly = keywordOnly
    self.summary = summary
    self.example = acceptsHole ? "_" : example
  }
}

/// An argument, checked and converted.
public indirect enum ParameterValue: Hashable, Sendable {
  case none
  case boolean(Bool)
  case integer(Int)
  /// `isInteger`: written without a point, so that it prints so too.
  case number(Double, isInteger: Bool)
  case text(String)
  /// `written` is 0 for one number, else the number of elements of the tuple.
  case pair(Size2d, written: Int)
  case numbers([Double])
  case integers([Int])
  case transforms([TransformPlan])
  case interval(TrainPlan.Interval)
  case hole

  /// Both axes alike, written as one number.
  static func both(_ size: Int) -> ParameterValue { .pair(Size2d(size, size), written: 0) }
  static func number(_ number: Double) -> ParameterValue { .number(number, isInteger: false) }
}

extension ParameterValue: CustomStringConvertible {
  /// As PyTorch prints it: `True`, `(2, 2)`, `0.5`; words without quotes.
  public var description: String {
    switch self {
    case .none: "None"
    case .boolean(let flag): flag ? "True" : "False"
    case .integer(let integer): String(integer)
    case .number(let number, let isInteger):
      isInteger ? Int(exactly: number).map(String.init) ?? numberText(number) : numberText(number)
    case .text(let text): text
    case .pair(let size, written: 0): String(size.height)
    case .pair(let size, written: 1): "(\(size.height),)"
    case .pair(let size, _): size.description
    case .numbers(let numbers): "(\(numbers.map(numberText).joined(separator: ", ")))"
    case .integers(let integers): "(\(integers.map(String.init).joined(separator: ", ")))"
    case .transforms(let transforms): "[\(transforms.map(\.text).joined(separator: ", "))]"
    case .interval(let interval): interval.description
    case .hole: "_"
    }
  }
}

/// The numbers that a parameter takes.
public struct NumberRange: Sendable {
  public var lower: Double
  public var upper: Double
  /// False where `lower` itself is not taken.
  public var includesLower = true
  public var includesUpper = true
  public var allowsInfinity = false

  public func contains(_ number: Double) -> Bool {
    if number.isNaN || (number.isInfinite && !allowsInfinity) { return false }
    return (includesLower ? number >= lower : number > lower)
      && (includesUpper ? number <= upper : number < upper)
  }

  public static let any = NumberRange(lower: -.infinity, upper: .infinity)
  public static let atLeastZero = NumberRange(lower: 0, upper: .infinity)
  public static let positive = NumberRange(lower: 0, upper: .infinity, includesLower: false)
  public static let fraction = NumberRange(lower: 0, upper: 1)
  /// 0 ≤ x < 1, as Adam's betas.
  public static let belowOne = NumberRange(lower: 0, upper: 1, includesUpper: false)
  /// 0 < x < 1.
  public static let properFraction = NumberRange(
    lower: 0, upper: 1, includesLower: false, includesUpper: false)

  /// `at least 0`, `between 0 and 1`, `above 0`.
  public var phrase: String {
    if lower == -.infinity && upper == .infinity { return "a finite number" }
    func text(_ bound: Double) -> String { Int(exactly: bound).map(String.init) ?? numberText(bound) }
    if upper == .infinity { return (includesLower ? "at least " : "above ") + text(lower) }
    switch (includesLower, includesUpper) {
    case (true, true): return "between \(text(lower)) and \(text(upper))"
    case (true, false): return "at least \(text(lower)) and below \(text(upper))"
    case (false, true): return "above \(text(lower)) and at most \(text(upper))"
    case (false, false): return "above \(text(lower)) and below \(text(upper))"
    }
  }
}

/// The largest dimension of anything, 2^31 - 1.
let maximumDimension = Int(Int32.max)

/// Sizes that have to be there.
let sizes = 1...maximumDimension
