import NNDiagnostics
import NNSyntax

/// Says what a name is that is not in the catalogue where it stands.
struct UnknownEntry {
  let report: Reporter
  /// The layers that the file defines.
  var own: [String] = []

  /// Reports `name`, found where something of the kind `wanted` belongs, and returns the name that was
  /// probably meant.
  @discardableResult
  func report(_ name: Name, wanted: CallSchema.Kind) -> String? {
    let text = name.text
    if let other = Catalogue.schema(text), other.kind != wanted {
      report.error(
        "wrong-kind", "\(text) is \(other.kind.withArticle); \(wanted.withArticle) belongs here",
        at: name.span,
        help: other.kind.home(text))
      return nil
    }
    if let kind = UnavailableNames.kind(of: text) {
      report.error(
        "not-available", "\(text) is PyTorch's, but this version of nnrun does not have it", at: name.span,
        help: kind == wanted && kind != .layer ? "\(wanted.plural) here: \(list(names(of: wanted)))" : nil)
      return nil
    }
    // Findings beyond those that are printed need no advice, which takes its time.
    guard report.errorCount < 200 else {
      report.error(
        "unknown-\(wanted.rawValue)", "there is no \(wanted.rawValue) `\(shortened(text))`", at: name.span)
      return nil
    }
    let candidates = names(of: wanted)
    let own = suggest(text, from: candidates)
    let elsewhere =
      ForeignNames.entryNames.contains(text) ? text : suggest(text, from: ForeignNames.entryNames).first
    let foreign =
      own.isEmpty || elsewhere == text
      ? elsewhere.flatMap(ForeignNames.entry).flatMap { candidates.contains($0) ? $0 : nil } : nil
    let near = foreign.map { [$0] } ?? own
    report.error(
      "unknown-\(wanted.rawValue.replacing(" ", with: "-"))",
      "there is no \(wanted.rawValue) `\(shortened(text))`",
      at: name.span,
      help: foreign.map { "PyTorch's name for \(elsewhere ?? text) is `\($0)`" } ?? didYouMean(
        text, from: candidates)
        ?? "\(wanted.plural) here: \(list(candidates))")
    return near.count == 1 ? near[0] : nil
  }

  private func names(of kind: CallSchema.Kind) -> [String] {
    Catalogue.schemas.filter { $0.kind == kind }.map(\.name) + (kind == .layer ? ["Sequential"] + own : [])
  }
}

extension CallSchema.Kind {
  var withArticle: String {
    switch self {
    case .optimizer: "an optimizer"
    case .initialization: "an initialisation"
    default: "a \(rawValue)"
    }
  }

  var plural: String {
    switch self {
    case .loss: "losses"
    case .settings: "settings"
    default: rawValue + "s"
    }
  }

  /// Where a thing of this kind belongs.
  fileprivate func home(_ name: String) -> String {
    switch self {
    case .layer: "layers stand in `model NAME { … }`"
    case .loss: "write loss = \(name)()"
    case .optimizer: "write optimizer = \(name)(lr=0.01)"
    case .dataSet: "write data = DataLoader(\(name)(…), batch_size=64)"
    case .transform: "write transform=\(name)() in the data set"
    case .initialization: "write Linear(…, init=\(name))"
    case .schedule: "write schedule = \(name)(…)"
    case .settings: "\(name) is a statement of its own"
    }
  }
}
