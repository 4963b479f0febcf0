/// Says when progress is due, and how fast it goes: the rate over the last few seconds, so that a
/// change shows and a single slow step does not.
package struct ProgressMeter {
  /// Seconds between two reports.
  package static let interval = 0.1
  /// Seconds that the rate looks back.
  package static let window = 3.0

  /// Moments and the count of samples then; the first is the oldest within the window.
  private var marks: [(time: Double, samples: Int)] = []
  private var lastReport = -Double.infinity

  /// Starts counting at `time` with nothing done.
  package init(time: Double) {
    marks.reserveCapacity(Int(Self.window / Self.interval) + 4)
    marks.append((time, 0))
  }

  /// True at most once an interval: the moment to report. `samples` are done by now.
  package mutating func isDue(at time: Double, samples: Int) -> Bool {
    guard time - lastReport >= Self.interval else { return false }
    lastReport = time
    marks.append((time, samples))
    // One mark older than the window stays, so that the rate spans at least the window.
    while marks.count > 2, marks[1].time <= time - Self.window { marks.removeFirst() }
    return true
  }

  /// Samples a second over the window; 0 before anything is known.
  package var rate: Double {
    guard let first = marks.first, let last = marks.last, last.time > first.time else { return 0 }
    return Double(last.samples - first.samples) / (last.time - first.time)
  }

  /// Seconds for `samples` more at that rate; nil without a rate.
  package func secondsLeft(for samples: Int) -> Double? { rate > 0 ? Double(samples) / rate : nil }
}
