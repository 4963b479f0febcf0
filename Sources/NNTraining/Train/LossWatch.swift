#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Looks at the loss of each epoch and says, at most once each, what a person who watched would say.
package struct LossWatch {
  /// Epochs in a row whose mean loss rose before the rate is called too high.
  private static let risingEpochs = 2
  /// An epoch of fewer steps is no evidence that nothing is learnt.
  private static let fewestSteps = 50
  /// How near ln(classes) counts as guessing, as a share of it.
  private static let guessingBand = 0.005

  /// The number of classes where the loss of guessing is their logarithm, else nil.
  private let classes: Int?
  private let batchSize: Int
  /// The learning rate of the epoch in hand.
  package var lr: Double
  private var losses: [Double] = []
  private var saidRising = false
  private var saidGuessing = false

  package init(classes: Int?, batchSize: Int, lr: Double) {
    self.classes = classes
    self.batchSize = batchSize
    self.lr = lr
  }

  /// Takes the mean loss of the next epoch, of this many steps, and gives what is to be said.
  package mutating func add(_ loss: Double, steps: Int) -> RunMessage? {
    losses.append(loss)
    return rising() ?? guessing(loss, steps: steps)
  }

  private mutating func rising() -> RunMessage? {
    let recent = losses.suffix(Self.risingEpochs + 1)
    guard !saidRising, recent.count == Self.risingEpochs + 1,
      zip(recent, recent.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    saidRising = true
    let course = recent.map { decimal($0, places: 3) }.joined(separator: ", ")
    return RunMessage(
      .warning,
      "the mean loss rose for \(Self.risingEpochs) epochs in a row (\(course)): lr=\(settingText(lr)) is probably too "
        + "high for batch_size=\(batchSize); try lr=\(settingText(lr / 10))")
  }

  private mutating func guessing(_ loss: Double, steps: Int) -> RunMessage? {
    guard !saidGuessing, let classes, classes > 1, steps >= Self.fewestSteps else { return nil }
    let chance = log(Double(classes))
    guard abs(loss - chance) < Self.guessingBand * chance else { return nil }
    saidGuessing = true
    return RunMessage(
      .note,
      "the mean loss is \(decimal(loss, places: 3)), and ln \(classes) is \(decimal(chance, places: 3)): "
        + "the network is guessing")
  }
}
