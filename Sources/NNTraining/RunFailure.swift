import NNDiagnostics

/// What goes wrong while a checked file runs: missing data, an unreadable checkpoint, a loss that is
/// not a number. The command renders it and exits with 1.
///
/// `description` is one or more sentences that name the files, layers and numbers involved.
public protocol RunFailure: Error, CustomStringConvertible {
  /// What to do about it, one line.
  var help: String? { get }
  /// The place in the model file that it comes from, where there is one.
  var span: Span? { get }
}

extension RunFailure {
  public var help: String? { nil }
  public var span: Span? { nil }
}
