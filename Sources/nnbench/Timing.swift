/// The time of a call, in seconds.
struct Timing {
  /// The middle of the times.
  let median: Double
  let best: Double

  /// Of calls that take `seconds` together, at least three; the first is not counted.
  init(seconds: Double, _ body: () -> Void) {
    body()
    let clock = ContinuousClock()
    var times: [Double] = []
    var total = 0.0
    while total < seconds || times.count < 3 {
      let time = clock.measure(body) / .seconds(1)
      times.append(time)
      total += time
    }
    times.sort()
    median = times[times.count / 2]
    best = times[0]
  }
}
