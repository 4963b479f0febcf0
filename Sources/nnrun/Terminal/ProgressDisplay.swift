import NNTraining

/// Shows how far a run is, on standard error: one line rewritten in place on a terminal, a plain line
/// every ten seconds elsewhere, nothing with `--quiet`.
struct ProgressDisplay {
  /// Seconds between two plain lines.
  private static let plainInterval = 10.0

  private let streams: StandardStreams
  private let isTerminal: Bool
  private var lineIsShown = false
  private var nextPlainLine: ContinuousClock.Instant

  init(streams: StandardStreams) {
    self.streams = streams
    isTerminal = streams.errorIsTerminal
    nextPlainLine = .now + .seconds(Self.plainInterval)
  }

  /// Progress within an epoch.
  mutating func show(_ report: StepReport) {
    show(
      title: "epoch \(report.epoch) (\(report.epoch + 1)/\(report.epochs))", done: report.step,
      total: report.stepsPerEpoch, unit: "steps",
      tail: [
        "\(grouped(report.imagesPerSecond)) images/s", "loss \(lossText(report.meanLoss))",
        report.secondsLeft.map { "\(duration($0)) left" },
      ].compactMap { $0 })
  }

  /// Progress of an evaluation.
  mutating func show(_ report: EvaluationReport) {
    show(
      title: "evaluating \(report.split)", done: report.samples, total: report.sampleCount,
      unit: "images", tail: [])
  }

  /// Progress of a download.
  mutating func show(_ report: DownloadReport) {
    guard !streams.isQuiet else { return }
    let received = megabytes(report.receivedBytes)
    if let total = report.totalBytes {
      show(
        title: "fetching \(report.file)", done: report.receivedBytes, total: total, unit: "bytes",
        tail: ["\(received) of \(megabytes(total))"])
    } else {
      put(line: "fetching \(report.file): \(received)")
    }
  }

  /// A line about what is being done.
  mutating func show(_ activity: String) {
    guard !streams.isQuiet else { return }
    put(line: isTerminal ? String(activity.prefix(max(0, streams.errorWidth - 1))) : activity)
  }

  /// Takes the line away, so that other text can be written.
  mutating func clear() {
    guard lineIsShown else { return }
    streams.error("\r\u{1B}[K")
    lineIsShown = false
  }

  private mutating func show(
    title: String, done: Int, total: Int, unit: String, tail: [String]
  ) {
    guard !streams.isQuiet else { return }
    let share = total > 0 ? min(1, Double(done) / Double(total)) : 0
    if isTerminal {
      put(line: ProgressLine.text(title: title, share: share, tail: tail, width: streams.errorWidth))
    } else {
      let counts = unit == "bytes" ? "" : ", \(grouped(Double(done))) of \(grouped(Double(total))) \(unit)"
      put(line: ([title + counts] + tail).joined(separator: ", "))
    }
  }

  private mutating func put(line: String) {
    if isTerminal {
      streams.error("\r" + line + "\u{1B}[K")
      lineIsShown = true
    } else if ContinuousClock.now >= nextPlainLine {
      streams.error(line + "\n")
      nextPlainLine = .now + .seconds(Self.plainInterval)
    }
  }
}

/// The line of a terminal: `epoch 3 (4/10) [=====>    ]  52%  2,510 images/s  loss 1.843  0:04 left`.
enum ProgressLine {
  /// Fits into `width` columns, one of which stays free: the bar shrinks, then goes; then the tail is cut.
  static func text(title: String, share: Double, tail: [String], width: Int) -> String {
    let percent = String(Int(share * 100))
    let figures = ([String(repeating: " ", count: 3 - min(3, percent.count)) + percent + "%"] + tail)
      .joined(separator: "  ")
    let room = width - 1 - title.count - figures.count - 4
    let bar = room >= 8 ? " [" + Self.bar(share, cells: min(room, 30)) + "] " : " "
    return String((title + bar + figures).prefix(max(0, width - 1)))
  }

  private static func bar(_ share: Double, cells: Int) -> String {
    let filled = Int(share * Double(cells))
    let done = String(repeating: "=", count: filled)
    guard filled < cells else { return done }
    return done + ">" + String(repeating: " ", count: cells - filled - 1)
  }
}

/// `12,345`, rounded to a whole number.
func grouped(_ number: Double) -> String {
  guard number.isFinite, abs(number) < 1e15 else { return "\(number)" }
  var digits = String(Int(number.rounded()))
  var result = ""
  while digits.count > 3, digits.dropLast(3) != "-" {
    result = "," + digits.suffix(3) + result
    digits.removeLast(3)
  }
  return digits + result
}

/// `1 step`, `10,000 steps`.
func counted(_ number: Int, _ noun: String) -> String {
  "\(grouped(Double(number))) \(noun)\(number == 1 ? "" : "s")"
}

/// `0:04`, `12:30`, `1:02:03`.
func duration(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e9 else { return "long" }
  let total = Int(seconds.rounded(.up))
  let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
  let (hours, minutes) = (total / 3600, total / 60 % 60)
  return hours > 0 ? "\(hours):\(two(minutes)):\(two(total % 60))" : "\(minutes):\(two(total % 60))"
}

private func megabytes(_ bytes: Int) -> String { decimal(Double(bytes) / 1e6, places: 1) + " MB" }
