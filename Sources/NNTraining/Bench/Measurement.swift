/// How long something takes, in seconds.
package struct Measurement {
  /// The middle of all runs, or the mean of the two in the middle.
  package private(set) var median: Double
  package private(set) var minimum: Double

  /// The fewest and the most runs.
  private static let runs = (fewest: 5, most: 10_000)
  private static let warmUps = 2

  /// Runs `body` for about this long, and a few times before that do not count.
  package init(seconds: Double, _ body: () throws -> Void) rethrows {
    try self.init(seconds: seconds, prepare: {}, body)
  }

  /// The same with something before each run that is not timed.
  package init(seconds: Double, prepare: () throws -> Void, _ body: () throws -> Void) rethrows {
    for _ in 0..<Self.warmUps {
      try prepare()
      try body()
    }
    var times: [Double] = []
    let end = Clock.seconds() + seconds
    repeat {
      try prepare()
      let start = Clock.seconds()
      try body()
      times.append(Clock.seconds() - start)
    } while times.count < Self.runs.most && (times.count < Self.runs.fewest || Clock.seconds() < end)
    self.init(times)
  }

  /// Of these times, at least one.
  package init(_ times: [Double]) {
    precondition(!times.isEmpty, "Measurement: no times")
    let sorted = times.sorted()
    let middle = sorted.count / 2
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    minimum = sorted[0]
  }
}
