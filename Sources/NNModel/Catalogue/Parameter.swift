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
    /// A list of whole numbers, or where ``TupleKind/acceptsNumber`` says so one number alone.
    case tuple(TupleKind)
    /// The same, or one of these words.
    case tupleOrChoice(TupleKind, [String])
    /// A factor above 0 for both axes or one for each.
    case factor
    /// The name of an initialisation, or a call of it: `xavier_uniform`, `normal(std=0.01)`.
    case initialization
    /// Numbers, as many as there are classes.
    case numbers
    /// Numbers in nested lists, or `tensor([…])`.
    case tensor
    /// One number, several, or one of these words.
    case numberOrNumbers(NumberRange, words: [String] = [])
    /// Two numbers.
    case numberPair(NumberRange)
    /// Different whole numbers.
    case integers(ClosedRange<Int>)
    /// Whole numbers of at least 1, in any order.
    case milestones
    /// A list of schedules.
    case schedules
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
  /// nnrun's own and the same for many entries, so that signatures leave it out.
  public var isCommon = false
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

/// The lists of whole numbers that a parameter takes.
public struct TupleKind: Sendable {
  /// Of each number.
  public var range: ClosedRange<Int>
  /// How many numbers.
  public var counts: ClosedRange<Int>
  /// One number may stand for as many as are wanted.
  public var acceptsNumber: Bool
  /// `None` may stand in place of a number.
  public var acceptsNone: Bool
  /// What the numbers are: `(left, right, top, bottom)`.
  public var meaning: String

  public init(
    _ range: ClosedRange<Int>, counts: ClosedRange<Int>, acceptsNumber: Bool = true,
    acceptsNone: Bool = false, _ meaning: String = ""
  ) {
    self.range = range
    self.counts = counts
    self.acceptsNumber = acceptsNumber
    self.acceptsNone = acceptsNone
    self.meaning = meaning
  }

  /// A number for the one axis of a sequence: `3` or `(3,)`.
  static func single(_ range: ClosedRange<Int>) -> TupleKind { TupleKind(range, counts: 1...1) }
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
  /// `written` is 0 for one number, else the number of elements; nil stands for `None`.
  case tuple([Int?], written: Int)
  /// Factors along height and width; `written` as in ``pair(_:written:)``.
  case factor(Double, Double, written: Int)
  case initialization(WeightInitialization)
  case numbers([Double])
  case tensor(NumberTensor)
  case integers([Int])
  case transforms([TransformPlan])
  /// How many there are; the checker reads each.
  case schedules(Int)
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
    case .tuple(let elements, let written):
      written == 0
        ? elements.first.map(elementText) ?? "()" : pythonTuple(elements.map(elementText))
    case .factor(let height, _, written: 0): numberText(height)
    case .factor(let height, let width, _): "(\(numberText(height)), \(numberText(width)))"
    case .initialization(let initialization): initialization.description
    case .numbers(let numbers): "(\(numbers.map(numberText).joined(separator: ", ")))"
    case .tensor(let tensor): "tensor of shape \(tensor.shape)"
    case .integers(let integers): "(\(integers.map(String.init).joined(separator: ", ")))"
    case .schedules(let count): "[\(counted(count, "schedule"))]"
    case .transforms(let transforms): "[\(transforms.map(\.text).joined(separator: ", "))]"
    case .interval(let interval): interval.description
    case .hole: "_"
    }
  }
}

/// An element of a tuple, as Python prints it.
private func elementText(_ element: Int?) -> String { element.map(String.init) ?? "None" }

/// `(2, 3)`, `(2,)`.
func pythonTuple(_ elements: [String]) -> String {
  elements.count == 1 ? "(\(elements[0]),)" : "(\(elements.joined(separator: ", ")))"
}

/// The numbers that a parameter takes.
public struct NumberRange: Sendable {
  public var lower: Double
  public var upper: Double
  /// False where `lower` itself is not taken.
  public var includesLower = true
  public var includesUpper = true
  public var allowsInfinity = false
  /// False where 0 is not taken, though the bounds have it between them.
  public var includesZero = true

  public func contains(_ number: Double) -> Bool {
    if number.isNaN || (number.isInfinite && !allowsInfinity) { return false }
    if number == 0 && !includesZero { return false }
    return (includesLower ? number >= lower : number > lower)
      && (includesUpper ? number <= upper : number < upper)
  }

  public static let any = NumberRange(lower: -.infinity, upper: .infinity)
  public static let nonzero = NumberRange(lower: -.infinity, upper: .infinity, includesZero: false)
  /// Infinities included.
  public static let extended = NumberRange(lower: -.infinity, upper: .infinity, allowsInfinity: true)
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
    if lower == -.infinity && upper == .infinity {
      return !includesZero ? "a finite number other than 0" : allowsInfinity ? "a number" : "a finite number"
    }
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
