import NNData
import NNShapes
import NNTraining
import Testing

@Suite("Weights from a file")
struct WeightsFileTests {
  private let slots = [
    WeightsFile.Slot("0.weight", [2, 3]), WeightsFile.Slot("0.bias", [2]),
    WeightsFile.Slot("2.weight", [1, 2]),
  ]

  private func entry(_ key: String, _ shape: Shape) -> Safetensors.Entry {
    Safetensors.Entry(
      key: key, array: NumericArray(shape: shape, (0..<shape.elementCount).map { Float($0) }))
  }

  @Test("What fits is taken in the model's order")
  func fits() throws {
    let entries = [entry("2.weight", [1, 2]), entry("0.bias", [2]), entry("0.weight", [2, 3])]
    let values = try WeightsFile.match(entries, of: "w", to: slots, partial: false) { _ in
      Issue.record("nothing is to be said")
    }
    #expect(values.map { $0?.floats } == [[0, 1, 2, 3, 4, 5], [0, 1], [0, 1]])
  }

  @Test("Every differing key is listed with both shapes; --partial takes the rest")
  func differences() throws {
    let entries = [
      entry("0.weight", [3, 3]), entry("0.bias", [2]), entry("3.weight", [4]),
      Safetensors.Entry(key: "2.weight", array: NumericArray(shape: [1, 2], integers: [1, 2])),
    ]
    let error = #expect(throws: WeightsError.self) {
      try WeightsFile.match(entries, of: "w", to: slots, partial: false) { _ in }
    }
    #expect(
      error?.description == """
        w does not fit the model:
          0.weight: (3, 3) in the file, (2, 3) in the model
          2.weight: int64 (1, 2) in the file, (1, 2) in the model
          3.weight: (4,) in the file, not in the model
        """)
    var said: [RunMessage] = []
    let values = try WeightsFile.match(entries, of: "w", to: slots, partial: true) { said.append($0) }
    #expect(values.map { $0?.floats } == [nil, [0, 1], nil])
    #expect(said.count == 1)
    #expect(said.first?.text.hasPrefix("w: took 1 of the model's 3 tensors, left out:\n  0.weight") == true)
    let missing = #expect(throws: WeightsError.self) {
      try WeightsFile.match([], of: "w", to: [slots[1]], partial: false) { _ in }
    }
    #expect(missing?.description.contains("  0.bias: not in the file, (2,) in the model") == true)
  }
}
