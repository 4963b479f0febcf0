import NNData
import NNShapes
import NNTraining
import Testing

@Suite("Tensors as text")
struct TensorTextTests {
  @Test(
    "Nested brackets, shortest decimals",
    arguments: [
      (Shape([1, 1, 2, 2]), [6, 8, 14, 16], "[[[[6, 8], [14, 16]]]]"),
      (Shape([3]), [0.1, -2.5, 1e-5], "[0.1, -2.5, 1e-05]"),
      (Shape([]), [2.25], "2.25"),
      (Shape([4]), [.nan, .infinity, -.infinity, -0.0], "[nan, inf, -inf, -0]"),
      (Shape([2, 0]), [], "[[], []]"),
      (Shape([0, 2]), [], "[]"),
    ] as [(Shape, [Float], String)])
  func floats(_ shape: Shape, _ values: [Float], _ expected: String) {
    #expect(NumericArray(shape: shape, values).text() == expected)
  }

  @Test("Integers")
  func integers() {
    let value = NumericArray(shape: [2, 2], storage: .int64([5, 7, 13, -15]))
    #expect(value.text() == "[[5, 7], [13, -15]]")
  }

  @Test("A thousand elements are printed, one more is abbreviated at both ends")
  func abbreviation() {
    let thousand = NumericArray(shape: [1000], storage: .int64(Array(0..<1000)))
    #expect(thousand.text().split(separator: ",").count == 1000)
    let more = NumericArray(shape: [1001], storage: .int64(Array(0..<1001)))
    #expect(more.text() == "[0, 1, 2, ..., 998, 999, 1000]")
    #expect(more.text(full: true).split(separator: ",").count == 1001)
  }

  @Test("Every long dimension is abbreviated, a dimension of six is not")
  func dimensions() {
    let value = NumericArray(shape: [7, 6, 30], storage: .int64((0..<1260).map(Int64.init)))
    let text = value.text()
    let rows = text.split(separator: "]").map { $0.drop { !$0.isNumber } }.filter { !$0.isEmpty }
    #expect(rows.count == 36)
    #expect(rows.first == "0, 1, 2, ..., 27, 28, 29")
    #expect(rows.last == "1230, 1231, 1232, ..., 1257, 1258, 1259")
    #expect(text.contains("]], ..., [["))
  }
}
