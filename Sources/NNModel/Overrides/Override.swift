import NNDiagnostics

/// One change that the command line makes to a file before anything is derived from it:
/// `--set train.epochs=3`.
public struct Override: Sendable {
  /// The text of the option; findings about it point in here.
  public let source: SourceFile
  /// Where the path stands in `source`; empty where the option itself stands for it (`--epochs 3`).
  let pathSpan: Span
  /// Where the value stands in `source`.
  let valueSpan: Span
  /// `train.epochs`, `Tudui[0]`.
  let path: String

  /// `PATH=VALUE` as given to `--set`. Nil without an equals sign or with nothing before it.
  public init?(assignment: String) {
    let source = SourceFile(name: "--set", text: assignment)
    guard let equals = source.bytes.firstIndex(of: UInt8(ascii: "=")), equals > 0 else { return nil }
    self.source = source
    pathSpan = Span(0, equals)
    valueSpan = Span(equals + 1, source.bytes.count)
    path = source.text(in: pathSpan)
  }

  /// An option that stands for one path: `--epochs 3` sets `train.epochs`.
  public init(option: String, path: String, value: String) {
    source = SourceFile(name: option, text: value)
    pathSpan = Span(0, 0)
    valueSpan = Span(0, source.bytes.count)
    self.path = path
  }
}

/// A path in steps: `Tudui[0].stride` is `Tudui`, `0`, `stride`.
struct OverridePath {
  let steps: [String]

  /// Nil where it is no path: names and whole numbers, joined by dots or in brackets.
  init?(_ text: String) {
    var steps: [String] = []
    var step = ""
    var isOpen = false
    /// A dot or the beginning calls for a name; the end of a bracket does not.
    var needsStep = true
    for character in text.trimmingSpaces {
      switch character {
      case "." where !isOpen, "[" where !isOpen:
        if !step.isEmpty { steps.append(step) } else if needsStep { return nil }
        step = ""
        isOpen = character == "["
        needsStep = true
      case "]" where isOpen:
        guard Int(step) != nil else { return nil }
        steps.append(step)
        step = ""
        isOpen = false
        needsStep = false
      default:
        guard needsStep, character.isLetter || character.isNumber || character == "_" || character == "-"
        else { return nil }
        step.append(character)
      }
    }
    if isOpen { return nil }
    if !step.isEmpty { steps.append(step) } else if needsStep { return nil }
    self.steps = steps
  }
}

extension String {
  fileprivate var trimmingSpaces: Substring {
    let start = drop { $0 == " " }
    return start.lastIndex { $0 != " " }.map { start[...$0] } ?? start[start.endIndex...]
  }
}
