import NNKernels
import NNTraining
import Testing

@Suite struct ThreadChoiceTests {
  private let pool = ThreadPool(threads: 2)

  /// Adds steps that take `shared` seconds on all threads and `alone` on one; the share of them made alone.
  private func shareAlone(_ choice: inout ThreadChoice, shared: Double, alone: Double, steps: Int) -> Double {
    var count = 0
    for _ in 0..<steps {
      if pool.isAlone { count += 1 }
      choice.add(seconds: pool.isAlone ? alone : shared)
    }
    return Double(count) / Double(steps)
  }

  @Test func takesWhatIsFaster() {
    var choice = ThreadChoice(pool)
    #expect(shareAlone(&choice, shared: 0.0008, alone: 0.0003, steps: 10_000) > 0.98)
    // The machine changes.
    _ = shareAlone(&choice, shared: 0.0002, alone: 0.0003, steps: 4000)
    #expect(shareAlone(&choice, shared: 0.0002, alone: 0.0003, steps: 10_000) < 0.02)
  }

  @Test func keepsAllThreadsForLongSteps() {
    var choice = ThreadChoice(pool)
    #expect(shareAlone(&choice, shared: 0.003, alone: 0.001, steps: 10_000) == 0)
  }

  @Test func aFewSlowStepsDecideNothing() {
    var choice = ThreadChoice(pool)
    for step in 0..<40 {
      choice.add(seconds: pool.isAlone ? 0.0003 : step % 3 == 0 ? 0.01 : 0.0002)
    }
    #expect(!pool.isAlone)
  }

  @Test func oneThreadStaysOne() {
    let single = ThreadPool(threads: 1)
    var choice = ThreadChoice(single)
    for _ in 0..<100 { choice.add(seconds: 0.0001) }
    #expect(!single.isAlone)
  }
}
