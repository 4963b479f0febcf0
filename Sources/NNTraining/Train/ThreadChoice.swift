import NNKernels

/// Takes one thread for steps that are so short that several lose more on the way between their cores
/// than they save. The same machine does both from one minute to the next, where its cores are lent by a
/// host, so it tries again and again. The numbers are the same either way.
package struct ThreadChoice {
  private let pool: ThreadPool
  private var state = State.trying
  private var trial = Trial()
  /// The median of the last trial with all threads.
  private var sharedSeconds = 0.0
  /// Seconds of steps since the last trial.
  private var settledSeconds = 0.0

  /// Steps from which several threads always pay.
  private static let longStep = 0.002
  /// Seconds from one trial to the next: a trial takes a few hundredths of them at most.
  private static let period = 1.0
  /// One thread has to gain that much.
  private static let gain = 0.95

  private enum State { case trying, tryingAlone, settled }

  package init(_ pool: ThreadPool) { self.pool = pool }

  /// Takes note of the time of a step, and sets the threads of the next one.
  package mutating func add(seconds: Double) {
    switch state {
    case .trying:
      guard let median = trial.median(adding: seconds) else { return }
      sharedSeconds = median
      let isLong = median >= Self.longStep || pool.threadCount == 1
      state = isLong ? .settled : .tryingAlone
      pool.isAlone = !isLong
    case .tryingAlone:
      guard let median = trial.median(adding: seconds) else { return }
      state = .settled
      pool.isAlone = median < Self.gain * sharedSeconds
    case .settled:
      settledSeconds += seconds
      if settledSeconds < Self.period { return }
      settledSeconds = 0
      state = .trying
      pool.isAlone = false
    }
  }

  /// The times of some steps in a row.
  private struct Trial {
    /// The first steps find the caches as those before left them.
    private static let warmUp = 2
    /// In order, as far as they are there.
    private var seconds = InlineArray<9, Double>(repeating: 0)
    private var count = -Trial.warmUp

    /// The median once the trial is over, which then begins anew.
    mutating func median(adding step: Double) -> Double? {
      if count >= 0 {
        var place = count
        while place > 0 && seconds[place - 1] > step {
          seconds[place] = seconds[place - 1]
          place -= 1
        }
        seconds[place] = step
      }
      count += 1
      if count < seconds.count { return nil }
      count = -Trial.warmUp
      return seconds[seconds.count / 2]
    }
  }
}
