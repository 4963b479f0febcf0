import NNDiagnostics
import NNTraining

/// One run of the command: a parsed command line and the streams to answer on.
struct Command {
  /// The version that `--version` prints.
  static let version = "0.1.0"

  let invocation: Invocation
  let streams: StandardStreams

  /// Does what the words after the program's name ask for. Every failure ends up here as text on
  /// standard error and as a status.
  static func execute(_ words: [String]) -> ExitStatus {
    var streams = StandardStreams()
    do {
      guard !words.isEmpty else { throw UsageError("nothing to do: name a model file or a verb") }
      let invocation = try parse(words)
      streams.isQuiet = invocation.has(.quiet)
      streams.allowsColor = !invocation.has(.noColor)
      return try Command(invocation: invocation, streams: streams).run()
    } catch {
      return Failure(error).report(on: streams)
    }
  }

  /// The command line. Where its first word is neither a verb nor a file, that is the mistake to tell,
  /// whatever the options are.
  private static func parse(_ words: [String]) throws(UsageError) -> Invocation {
    do {
      return try ArgumentParser.parse(words)
    } catch {
      if error.verb == .run, let word = ArgumentParser.firstOperand(words) {
        try ModelFileOperand.refuseUnlessFile(word)
      }
      throw error
    }
  }

  private func run() throws -> ExitStatus {
    if invocation.has(.help) {
      try streams.output(Help.text(for: invocation.verb))
      return .success
    }
    if invocation.has(.version) {
      try streams.output("nnrun \(Self.version)\n")
      return .success
    }
    let files = try ModelFileOperand.all(of: invocation)
    switch invocation.verb {
    case .check: return try check(files)
    case .run: return try run(files[0])
    case .train: return try train(files[0])
    case .ast: return try ast(files[0])
    case .convert: return try convert(files[0])
    case .summary: return try summary(files[0])
    case .apply: return try apply(files[0])
    case .bench: return try bench(files[0])
    case .layers: return try layers()
    }
  }

  /// `--convolution`, the fastest method unless given.
  var convolutionMethod: ConvolutionMethod {
    invocation.text(.convolution).flatMap(ConvolutionMethod.init(rawValue:)) ?? .automatic
  }

  // MARK: What several verbs say

  /// Diagnostics on standard error.
  func show(_ diagnostics: [Diagnostic]) {
    streams.error(TextRenderer(color: streams.errorHasColor).render(diagnostics))
  }

  /// A sentence on standard error, `note: …` or `warning: …`; notes are silenced by `--quiet`.
  func show(_ message: RunMessage) {
    if message.level == .note, streams.isQuiet { return }
    streams.error(
      streams.styled(message.level.rawValue, message.level == .note ? "1;36" : "1;33")
        + ": " + printableLines(message.text) + "\n")
  }

  func show(_ messages: [RunMessage]) {
    for message in messages { show(message) }
  }

  /// A note on standard error.
  func note(_ text: String) { show(RunMessage(.note, text)) }
}

/// Any error, as standard error tells it.
private struct Failure {
  let error: any Error

  init(_ error: any Error) { self.error = error }

  func report(on streams: StandardStreams) -> ExitStatus {
    switch error {
    case let error as UsageError:
      streams.error(error.rendering)
      return .usage
    case let error as RejectedFile:
      return error.status
    case let error as LocatedFailure:
      streams.error(TextRenderer(color: streams.errorHasColor).render(error.diagnostic))
    case let error as any RunFailure:
      show(error.description, on: streams)
      if let help = error.help { streams.error("  \(streams.styled("help", "1;32")): \(printable(help))\n") }
    case let error as any CustomStringConvertible:
      show(error.description, on: streams)
    default:
      show("\(error)", on: streams)
    }
    // What a signal cut short ends as the signal asks.
    return Signals.requestedStatus ?? .failure
  }

  private func show(_ text: String, on streams: StandardStreams) {
    streams.error("\(streams.styled("error", "1;31")): \(printableLines(text))\n")
  }
}

/// A text of several lines, each of them printable.
func printableLines(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false).map { printable(String($0)) }
    .joined(separator: "\n")
}
