import CAllocationCount
import NNTraining
import Testing

/// What an epoch takes from the heap is for the epoch; its steps take nothing.
@Suite("Allocations of an epoch", .enabled(if: nn_allocations_are_counted(), "needs glibc"))
struct EpochAllocationTests {
  struct Variant: Sendable {
    var layers: String
    var optimizer = "SGD(lr=0.001)"
    var settings = ""
    var threads = 1
    var transforms = "None"
  }

  static let variants = [
    Variant(layers: "Flatten(), Linear(192, 10)"),
    Variant(
      layers: "Conv2d(3, 8, 3, padding=1), ReLU(), MaxPool2d(2), Flatten(), Dropout(0.5), Linear(128, 10)",
      optimizer: "Adam()", settings: ", validate=val, accumulate=2, clip_grad_norm=1, clip_grad_value=0.1",
      threads: 2),
    Variant(
      layers: "Flatten(), Linear(192, 10)",
      optimizer: "NAdam() { \"*.bias\" = (weight_decay=0.1) }\nschedule = OneCycleLR(0.01)"),
    Variant(
      layers: "Conv2d(3, 8, 3, padding=1), BatchNorm2d(8), ReLU(), MaxPool2d(2), Flatten(), LayerNorm(128), "
        + "Linear(128, 10)", threads: 2),
    Variant(
      layers: "Flatten(), Bend(3), Linear(192, 10)", settings: ", validate=val",
      transforms: "[RandomCrop(8, padding=2), RandomHorizontalFlip(), RandomVerticalFlip(), Resize(9), "
        + "CenterCrop(8), ColorJitter(0.4, 0.4, 0.4, 0.1), Normalize(0.5, 0.25), Pad(1), RandomCrop(8), "
        + "RandomErasing(value='random')]"),
  ]

  @Test(arguments: variants)
  func aStepTakesNothing(_ variant: Variant) throws {
    let few = try allocations(images: 40, variant)
    let many = try allocations(images: 2000, variant)
    #expect(many.allocations <= few.allocations + many.reports)
  }

  /// Those of the second of three epochs, on the thread that trains. Of a loss that is a sum nobody
  /// says that the network guesses.
  private func allocations(
    images: Int, _ variant: Variant
  ) throws -> (allocations: Int, reports: Int) {
    let text = """
      layer Bend(x, k) = relu(x * k) + tanh(x)
      data train = DataLoader(
        Shapes10(n=\(images), size=8, transform=\(variant.transforms)), batch_size=4, shuffle=True)
      data val = DataLoader(
        Shapes10(n=\(images), size=8, seed=1, transform=[CenterCrop(8), Normalize(0.5, 0.25)]), batch_size=4)
      model M { \(variant.layers) }
      loss = CrossEntropyLoss(reduction="sum")
      optimizer = \(variant.optimizer)
      train(epochs=3\(variant.settings))
      """
    let run = RunRecorder()
    var marks: [Int] = []
    marks.reserveCapacity(3)
    // Reports come by the clock, so a slow machine sees more of them.
    var reports = 0
    run.onEvent = { event in
      switch event {
      case .epoch: marks.append(nn_allocations_of_this_thread())
      default: reports += 1
      }
    }
    try run.train(text, in: nil) { $0.threads = variant.threads }
    try #require(marks.count == 3)
    return (marks[1] - marks[0], reports)
  }
}
