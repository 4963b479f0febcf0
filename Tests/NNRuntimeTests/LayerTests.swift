import NNRuntime
import NNShapes
import Testing

@Suite
struct LayerTests {
  @Test
  func keysAndShapesOfAStateDict() {
    let state = smallModel(Generator(seed: 0)).stateDict
    #expect(
      state.map(\.name) == ["0.weight", "0.bias", "3.fc.weight", "3.fc.bias", "5.weight", "5.bias"])
    let shapes: [Shape] = [[5, 3, 3, 3], [5], [8, 45], [8], [4, 8], [4]]
    #expect(state.map(\.shape) == shapes)
  }

  @Test
  func loadingGivesTheSameOutputs() throws {
    let model = smallModel(Generator(seed: 0))
    let other = smallModel(Generator(seed: 1))
    let input = randomTensor([2, 3, 6, 6], Generator(seed: 2))
    func output(_ layer: any Layer) -> [Float] {
      let tape = makeTape()
      tape.isTraining = false
      return tape.tensor(layer.forward(tape.variable(input), tape)).values
    }
    #expect(output(model) != output(other))
    try other.load(model.stateDict)
    #expect(output(model) == output(other))
    #expect(other.stateDict == model.stateDict)
  }

  @Test
  func everyDifferenceIsListedAndNothingLoaded() {
    let model = smallModel(Generator(seed: 0))
    let before = model.stateDict
    var entries = before.filter { $0.name != "0.bias" && $0.name != "5.weight" }
    entries.append(StateEntry(name: "5.weight", shape: [8, 4], values: .init(repeating: 0, count: 32)))
    entries.append(StateEntry(name: "7.weight", shape: [1], values: [0]))
    entries[0] = StateEntry(name: "0.weight", shape: [5, 3, 9], values: .init(repeating: 0, count: 135))
    let error = #expect(throws: StateDictError.self) { try model.load(entries) }
    #expect(
      error?.description == """
        the weights do not fit the model
          missing: 0.bias
          unexpected: 7.weight
          0.weight is (5, 3, 9) in the file and (5, 3, 3, 3) in the model
          5.weight is (8, 4) in the file and (4, 8) in the model
        """)
    #expect(model.stateDict == before)
  }

  @Test
  func partialLoadingTakesWhatFits() {
    let model = smallModel(Generator(seed: 0))
    let other = smallModel(Generator(seed: 1))
    let differences = other.loadMatching(model.stateDict.filter { $0.name.hasSuffix("bias") })
    #expect(differences.missing == ["0.weight", "3.fc.weight", "5.weight"])
    #expect(differences.unexpected.isEmpty && differences.mismatched.isEmpty)
    #expect(other.stateDict[1] == model.stateDict[1])
    #expect(other.stateDict[0] != model.stateDict[0])
  }

  /// Dropout acts in training only.
  @Test
  func evaluationModeIsDeterministic() {
    let model = smallModel(Generator(seed: 0))
    let input = randomTensor([2, 3, 6, 6], Generator(seed: 2))
    let tape = makeTape()
    func output() -> [Float] { tape.tensor(model.forward(tape.variable(input), tape)).values }
    #expect(output() != output())
    tape.isTraining = false
    #expect(output() == output())
  }
}
