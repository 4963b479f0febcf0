import NNTraining
import Testing

/// Which transforms act in a run, and what the run says of them.
@Suite("Transforms of a run")
struct TransformRunTests {
  private func run(_ train: String, _ val: String, validate: String = "val", layers: String = "Double()")
    throws
    -> (result: TrainingResult, notes: [String])
  {
    let recorder = RunRecorder()
    let result = try recorder.train(
      """
      seed = 3
      layer Double(x) = x * 2
      data train = DataLoader(Shapes10(n=40, size=8\(train)), batch_size=8)
      data val = DataLoader(Shapes10(n=40, size=8, seed=1\(val)), batch_size=8)
      model M { Flatten(), Linear(192, 10), \(layers) }
      loss = CrossEntropyLoss()
      optimizer = SGD(lr=0)
      train(epochs=1, validate=\(validate))
      """, in: nil)
    return (result, recorder.messages.map(\.text).filter { $0.hasPrefix("data ") })
  }

  private func losses(_ train: String, _ val: String, validate: String = "val") throws -> (Double, Double) {
    let metrics = try #require(try run(train, val, validate: validate).result.metrics.first)
    return (metrics.lossSum, try #require(metrics.validation).lossSum)
  }

  @Test("Random transforms act on what is trained on alone, the others on what is evaluated too")
  func whichActWhen() throws {
    let plain = try losses("", "")
    let flipped = try losses(", transform=[RandomVerticalFlip(1), RandomHorizontalFlip(1)]", "")
    #expect(flipped.0 != plain.0)
    #expect(flipped.1 == plain.1)
    let evaluated = try losses(", transform=RandomVerticalFlip(1)", "", validate: "train")
    #expect(evaluated.1 == (try losses("", "", validate: "train").1))
    let grey = try losses(", transform=Grayscale(3)", "")
    #expect(grey.0 != plain.0 && grey.1 != plain.1)
    // Its own transforms, or none, are what a split has instead.
    #expect(try losses(", transform=Grayscale(3)", ", transform=None").1 == plain.1)
    #expect(try losses("", ", transforms=[Grayscale(3)]").1 == grey.1)
  }

  @Test("What the file does not write is said")
  func notes() throws {
    let source = "Shapes10(n=40, size=8, channels=3, seed=0, train=True)"
    let other = "Shapes10(n=40, size=8, channels=3, seed=1, train=True)"
    #expect(
      try run(", transform=[RandomHorizontalFlip(), Normalize(0.5, 0.5)]", "").notes == [
        "data train: \(source): ToTensor() is put before Normalize(0.5, 0.5)",
        "data val: \(other) has the transforms of data train less the random ones: ToTensor(), Normalize(0.5, 0.5)",
      ])
    #expect(
      try run(", transform=Grayscale(3)", ", transform=None").notes == [
        "data train: \(source): ToTensor() is put at the end"
      ])
    #expect(try run(", transform=ToTensor()", ", transform=ToTensor()").notes == [])
    #expect(try run("", "").notes == [])
  }
}
