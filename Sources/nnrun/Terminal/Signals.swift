import NNTraining
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Ctrl-C and SIGTERM.
///
/// Outside a run both end the process at once. During a run the first asks it to finish its step and
/// save, by one store to an atomic; a second Ctrl-C ends the process at once.
enum Signals {
  /// Takes both signals over, and makes writing to a closed pipe an error instead of a signal.
  static func install() {
    // The handler may not be the first to touch a global: that would initialize it.
    _ = firstSignal.load(ordering: .relaxed)
    _ = runIsActive.load(ordering: .relaxed)
    _ = runCancellation.isCancelled
    signal(SIGPIPE, SIG_IGN)
    unblock([SIGINT, SIGTERM])
    for number in [SIGINT, SIGTERM] {
      // What the parent chose to ignore, as `nohup` and background jobs do, stays ignored.
      var action = sigaction()
      if sigaction(number, nil, &action) == 0, isIgnored(action) { continue }
      action = sigaction()
      action.__sigaction_handler.sa_handler = handleSignal
      action.sa_flags = SA_RESTART
      sigaction(number, &action, nil)
    }
  }

  /// Runs `body` with the flag that the signals set, and returns what came of it with the status that a
  /// signal asks for, if one came.
  static func during<Result>(_ body: (CancellationFlag) throws -> Result) rethrows -> Result {
    runIsActive.store(true, ordering: .sequentiallyConsistent)
    defer { runIsActive.store(false, ordering: .sequentiallyConsistent) }
    return try body(runCancellation)
  }

  /// The exit status that the signal of an interrupted run asks for.
  static var requestedStatus: ExitStatus? {
    switch firstSignal.load(ordering: .relaxed) {
    case SIGINT: .interrupted
    case SIGTERM: .terminated
    default: nil
    }
  }

  /// A parent that starts the command from a thread of a pool hands its blocked signals down; a blocked
  /// Ctrl-C would never arrive.
  private static func unblock(_ numbers: [Int32]) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in numbers { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    guard let handler = action.__sigaction_handler.sa_handler else { return false }
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

private let firstSignal = Atomic<Int32>(0)
private let runIsActive = Atomic<Bool>(false)
private let runCancellation = CancellationFlag()

/// Only atomics and `_exit`, which POSIX allows in a handler.
private func handleSignal(_ number: Int32) {
  let isFirst = firstSignal.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged
  let waits = runIsActive.load(ordering: .relaxed) && (isFirst || number == SIGTERM)
  if waits { runCancellation.cancel() } else { _exit(128 + number) }
}
