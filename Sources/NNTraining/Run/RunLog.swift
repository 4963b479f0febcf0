/// What a run writes down while it goes on: `metrics.jsonl` and a TensorBoard event file.
///
/// A checkpoint records ``position``; ``init(folder:goingOnAt:)`` cuts both files back to it.
package final class RunLog {
  /// How far both files were.
  package struct Position: Equatable {
    package var metricsLength: Int
    package var eventsName: String
    package var eventsLength: Int

    package init(metricsLength: Int, eventsName: String, eventsLength: Int) {
      self.metricsLength = metricsLength
      self.eventsName = eventsName
      self.eventsLength = eventsLength
    }
  }

  private let metrics: GrowingFile
  private let events: GrowingFile
  private let eventsName: String

  /// Begins both files. `wallTime` is in seconds since 1970.
  package init(folder: RunFolder, wallTime: Double) throws {
    eventsName = "events.out.tfevents.\(Int(wallTime)).nnrun"
    metrics = try GrowingFile(path: folder.metrics)
    events = try GrowingFile(path: folder.file(eventsName))
    try events.append(EventRecords.header(wallTime: wallTime))
  }

  /// Goes on at a position. Where a file is shorter than that, what is gone stays gone: `isComplete`
  /// is false then.
  package init(folder: RunFolder, goingOnAt position: Position) throws {
    eventsName = position.eventsName
    metrics = try GrowingFile(path: folder.metrics, keeping: position.metricsLength)
    events = try GrowingFile(path: folder.file(position.eventsName), keeping: position.eventsLength)
    isComplete = metrics.length == position.metricsLength && events.length == position.eventsLength
    if events.length == 0 { try events.append(EventRecords.header(wallTime: Clock.wallTime())) }
  }

  /// False where lines of before are missing.
  package private(set) var isComplete = true

  package var position: Position {
    Position(metricsLength: metrics.length, eventsName: eventsName, eventsLength: events.length)
  }

  /// Waits until the disk has everything that was written.
  func synchronize() {
    metrics.synchronize()
    events.synchronize()
  }

  /// A line for one step (`--log-every`).
  package func step(epoch: Int, step: Int, loss: Double, lr: Double) throws {
    try line([
      ("epoch", .integer(epoch)), ("step", .integer(step)), ("loss", .number(loss)), ("lr", .number(lr)),
    ])
    try scalars([.init("step_loss", loss)], step: step)
  }

  /// The line of an epoch.
  package func epoch(_ epoch: EpochMetrics) throws {
    var members: [(String, JSONValue)] = [
      ("epoch", .integer(epoch.epoch)), ("step", .integer(epoch.step)),
      ("loss_sum", .number(epoch.lossSum)), ("loss_mean", .number(epoch.lossMean)),
    ]
    var curves = [EventRecords.Scalar("loss", epoch.lossMean), EventRecords.Scalar("lr", epoch.lr)]
    if let accuracy = epoch.accuracy {
      members.append(("accuracy", .number(accuracy)))
      curves.append(.init("accuracy", accuracy))
    }
    members += [
      ("lr", .number(epoch.lr)), ("seconds", .number(epoch.seconds)),
      ("images_per_s", .number(epoch.imagesPerSecond)),
    ]
    if let validation = epoch.validation {
      members += [
        ("val_loss_sum", .number(validation.lossSum)), ("val_loss_mean", .number(validation.lossMean)),
      ]
      curves.append(.init("val_loss", validation.lossMean))
      if let accuracy = validation.accuracy {
        members.append(("val_accuracy", .number(accuracy)))
        curves.append(.init("val_accuracy", accuracy))
      }
    }
    try line(members)
    try scalars(curves, step: epoch.step)
  }

  private func line(_ members: [(String, JSONValue)]) throws {
    try metrics.append(Array((JSONValue.object(members).text + "\n").utf8))
  }

  private func scalars(_ scalars: [EventRecords.Scalar], step: Int) throws {
    try events.append(EventRecords.scalars(scalars, step: step, wallTime: Clock.wallTime()))
  }
}
