import NNData
import NNDiagnostics
import NNModel
import NNTraining
import Testing

@Suite("Opening data")
struct DataOpeningTests {
  private func text(_ source: String) -> String {
    """
    seed = 0
    data = DataLoader(\(source), batch_size=50)
    model M { Flatten(), Linear(3072, 10) }
    loss = CrossEntropyLoss()
    optimizer = SGD(lr=0.01)
    train(epochs=1)
    """
  }

  @Test("An else is taken, said with the reason, and recorded")
  func elseTaken() throws {
    let place = try TemporaryFolder()
    let run = RunRecorder()
    let source = "CIFAR10(\"\(place.file("none"))\", train=False) else Shapes10(n=100)"
    try run.train(text(source), in: place.file("run"))
    let warning = try #require(run.warnings.first)
    #expect(
      warning.hasPrefix(
        "data train is Shapes10(n=100, size=32, channels=3, seed=0, train=True), the file's `else`"))
    #expect(warning.contains("test_batch.bin: not found"))
    #expect(run.starts.first?.data.hasPrefix("Shapes10(n=100") == true)
    #expect(try place.text("run/run.json").contains("test_batch.bin: not found"))
    #expect(try TrainingState(path: place.file("run/last.state")).sources.first?.index == 1)
  }

  @Test("Resumed, the run takes the same source, though the first one is there now")
  func elseResumed() throws {
    let place = try TemporaryFolder()
    let source = "CIFAR10(\"\(place.file("data"))\", train=False) else Shapes10(n=100)"
    try RunRecorder().train(text(source), in: place.file("run"))
    try place.write("not CIFAR-10", to: "test_batch.bin")
    let run = RunRecorder()
    try run.train(text(source), in: place.file("run")) {
      $0.resume = .newest
      $0.epochs = 2
    }
    #expect(run.starts.first?.data.hasPrefix("Shapes10") == true)
  }

  @Test("Missing data without an else is an error at the source")
  func missing() throws {
    let place = try TemporaryFolder()
    let text = text("CIFAR10(\"\(place.path)\", train=False)")
    let error = #expect(throws: DataFailure.self) { try RunRecorder().train(text, in: place.file("run")) }
    #expect(error?.error.allowsElse == true)
    #expect(error?.help?.contains("else Shapes10()") == true)
    let span = try #require(error?.span)
    #expect(
      Array(text.utf8)[span.start..<span.end].elementsEqual("CIFAR10(\"\(place.path)\", train=False)".utf8))
    #expect(try place.names() == [], "nothing is left behind")
  }

  @Test("Data that is there and wrong is an error, whatever follows else")
  func corrupt() throws {
    let place = try TemporaryFolder()
    try place.write("short", to: "test_batch.bin")
    let error = #expect(throws: DataFailure.self) {
      try RunRecorder().train(
        text("CIFAR10(\"\(place.path)\", train=False) else Shapes10(n=100)"), in: place.file("run"))
    }
    guard case .corrupt? = error?.error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(
    "check warns of what is missing, and says what a run would do",
    arguments: [
      (
        "CIFAR10(\"ROOT\", train=False)",
        "a run without it is an error; an `else` such as `else Shapes10()` would allow another"
      ),
      ("CIFAR10(\"ROOT\", train=False, download=True)", "a run fetches it"),
      (
        "CIFAR10(\"ROOT\") else Shapes10(n=9)",
        "a run takes Shapes10(n=9, size=32, channels=3, seed=0, train=True)"
      ),
      (
        "CIFAR10(\"ROOT\", download=True) else Shapes10(n=9)",
        "a run fetches it, or else takes Shapes10(n=9, size=32, channels=3, seed=0, train=True)"
      ),
    ])
  func diagnostics(_ source: String, _ help: String) throws {
    let place = try TemporaryFolder()
    let (plan, document) = try planned(text(source.replacing("ROOT", with: place.path)))
    let found = dataDiagnostics(plan, in: document)
    #expect(found.count == 1)
    #expect(found.first?.severity == .warning)
    #expect(found.first?.code == "missing-data")
    #expect(found.first?.help == help)
    #expect(found.first?.message.contains("is not on disk") == true)
  }

  @Test("The drawn set is always there")
  func drawn() throws {
    let (plan, document) = try planned(text("Shapes10(n=9)"))
    #expect(dataDiagnostics(plan, in: document).isEmpty)
  }
}
