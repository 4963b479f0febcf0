/// How the command ends. Scripts rely on the numbers.
enum ExitStatus: Int32, Sendable {
  /// Done, warnings included.
  case success = 0
  /// The model file, the data or the run failed.
  case failure = 1
  /// The command line means nothing.
  case usage = 64
  /// Ctrl-C; a run is saved.
  case interrupted = 130
  /// SIGTERM; a run is saved.
  case terminated = 143
}
