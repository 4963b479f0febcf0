import NNTraining
import Testing

@Suite("Progress")
struct ProgressMeterTests {
  @Test("Reports are due ten times a second, and the rate looks back three seconds")
  func rate() {
    var meter = ProgressMeter(time: 0)
    #expect(meter.rate == 0)
    #expect(meter.secondsLeft(for: 10) == nil)
    var reports = 0
    // 100 samples a second for five seconds, then 1000.
    for tick in 1...1000 {
      let time = Double(tick) / 100
      let samples = tick <= 500 ? tick : 500 + (tick - 500) * 10
      if meter.isDue(at: time, samples: samples) { reports += 1 }
      if tick == 500 { #expect(abs(meter.rate - 100) < 1) }
    }
    #expect((90...101).contains(reports))
    #expect(abs(meter.rate - 1000) < 1)
    #expect(abs((meter.secondsLeft(for: 500) ?? 0) - 0.5) < 0.001)
  }
}
