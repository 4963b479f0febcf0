/// A command line that means nothing: exit status 64.
struct UsageError: Error, Equatable {
  /// What is wrong, one sentence without a full stop.
  var message: String
  /// What to write instead.
  var help: String?
  /// The verb whose help says more.
  var verb: Verb?

  init(_ message: String, help: String? = nil, verb: Verb? = nil) {
    self.message = message
    self.help = help
    self.verb = verb
  }

  /// As standard error shows it.
  var rendering: String {
    let more = verb.map { $0 == .run ? "nnrun --help" : "nnrun \($0.rawValue) --help" } ?? "nnrun --help"
    return "nnrun: \(message)\n" + (help.map { "help: \($0)\n" } ?? "") + "See `\(more)`.\n"
  }
}
