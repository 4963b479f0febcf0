import NNShapes
import Testing

@Suite struct ShapeTests {
  @Test func writesItselfAsPythonWritesATuple() {
    #expect(Shape([3, 32, 32]).description == "(3, 32, 32)")
    #expect(Shape([10]).description == "(10,)")
    #expect(Shape([]).description == "()")
    #expect(Shape([3, 32, 32]).crossed == "3×32×32")
  }

  @Test func countsElements() {
    #expect(Shape([3, 4, 5]).elementCount == 60)
    #expect(Shape([]).elementCount == 1)
    #expect(Shape([3, 0, 5]).elementCount == 0)
    #expect(Shape([1 << 31, 1 << 31, 1 << 31]).elementCountIfRepresentable == nil)
    #expect(Shape([1 << 31, 1 << 31, 1 << 31, 0]).elementCountIfRepresentable == 0)
  }

  @Test func comparesSizesAndRank() {
    #expect(Shape([1, 3]) != Shape([3]))
    #expect(Shape([3]) != Shape([3, 1]))
    #expect(Shape([2, 3]) == Shape([3]).batched(2))
    #expect(Shape([2, 3]).withoutFirst == [3])
    #expect(Set([Shape([2, 3]), Shape([2, 3]), Shape([3, 2])]).count == 2)
  }
}
