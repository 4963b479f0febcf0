import Synchronization

/// Asks a run to stop after the step it is in, saved.
///
/// ``cancel()`` is one store to an atomic: it may be called from any thread and, once the flag exists,
/// from a signal handler.
public final class CancellationFlag: Sendable {
  private let requested = Atomic<Bool>(false)

  public init() {}

  /// Asks for the stop.
  public func cancel() { requested.store(true, ordering: .relaxed) }

  /// True once it was asked for.
  public var isCancelled: Bool { requested.load(ordering: .relaxed) }
}
