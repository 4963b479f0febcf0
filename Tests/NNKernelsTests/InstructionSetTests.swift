import NNKernels
import Testing

@Suite struct InstructionSetTests {
  @Test func withoutAValueTheBestIsUsed() throws {
    #expect(try InstructionSet.select(environmentValue: nil) == .best)
    #expect(try InstructionSet.select(environmentValue: "") == .best)
  }

  @Test func availableSetsCanBeSelected() throws {
    #expect(InstructionSet.available.first == .baseline && InstructionSet.available.last == .best)
    for set in InstructionSet.available {
      #expect(try InstructionSet.select(environmentValue: set.rawValue) == set)
    }
  }

  @Test func unknownNamesAreRefused() {
    #expect(throws: InstructionSetError.unknown("sse9")) {
      try InstructionSet.select(environmentValue: "sse9")
    }
    #expect(
      InstructionSetError.unknown("sse9").description
        == "NNRUN_INSTRUCTION_SET=sse9: no such instruction set; it is one of baseline, avx2, avx512")
  }

  @Test func setsThatTheProcessorLacksAreRefused() {
    for set in InstructionSet.allCases where set > .best {
      #expect(throws: InstructionSetError.unsupported(set, best: .best)) {
        try InstructionSet.select(environmentValue: set.rawValue)
      }
    }
  }
}
