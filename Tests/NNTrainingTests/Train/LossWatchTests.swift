import NNTraining
import Testing

@Suite("Notes on the loss")
struct LossWatchTests {
  @Test("The headline file's course is called out once, after the second rise")
  func rising() {
    var watch = LossWatch(classes: 10, batchSize: 1, lr: 0.01)
    let course = [1.870488, 1.614773, 1.548220, 1.598754, 1.789255, 1.9, 2.0]
    let said = course.map { watch.add($0, steps: 10_000) }
    #expect(said.map { $0 != nil } == [false, false, false, false, true, false, false])
    #expect(
      said[4]
        == RunMessage(
          .warning,
          "the mean loss rose for 2 epochs in a row (1.548, 1.599, 1.789): lr=0.01 is probably too high "
            + "for batch_size=1; try lr=0.001"))
  }

  @Test("A loss of ln(classes) is guessing, where there were steps enough to learn")
  func guessing() {
    var watch = LossWatch(classes: 10, batchSize: 64, lr: 0.01)
    #expect(watch.add(2.3026, steps: 49) == nil)
    #expect(
      watch.add(2.301, steps: 50)
        == RunMessage(.note, "the mean loss is 2.301, and ln 10 is 2.303: the network is guessing"))
    #expect(watch.add(2.3, steps: 50) == nil)
    var without = LossWatch(classes: nil, batchSize: 64, lr: 0.01)
    #expect(without.add(2.3026, steps: 1000) == nil)
    var learning = LossWatch(classes: 10, batchSize: 64, lr: 0.01)
    #expect(learning.add(2.28, steps: 1000) == nil)
  }
}
