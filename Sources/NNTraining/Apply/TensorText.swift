import NNData
import NNShapes

extension NumericArray {
  /// The values as nested brackets on one line: `[[6, 8], [14, 16]]`.
  ///
  /// Numbers are the shortest decimals that give the value back, whole ones without `.0`. More than
  /// 1000 elements are abbreviated as torch does, three at each end of every dimension longer than
  /// six, unless `full`.
  public func text(full: Bool = false) -> String {
    let edge = full || shape.elementCount <= 1000 ? nil : 3
    var result = ""
    write(dimension: 0, offset: 0, stride: storage.count, edge, into: &result, element: elementText)
    return result
  }

  private func elementText(_ index: Int) -> String {
    switch storage {
    case .float32(let values): withoutZeroFraction("\(values[index])")
    case .float64(let values): withoutZeroFraction("\(values[index])")
    case .int64(let values): "\(values[index])"
    case .int32(let values): "\(values[index])"
    case .uint8(let values): "\(values[index])"
    case .bool(let values): values[index] ? "True" : "False"
    }
  }

  /// Writes the `stride` elements from `offset` on, which are one entry of dimension `dimension` - 1.
  private func write(
    dimension: Int, offset: Int, stride: Int, _ edge: Int?, into result: inout String,
    element: (Int) -> String
  ) {
    guard dimension < shape.rank else {
      result += element(offset)
      return
    }
    let size = shape[dimension]
    let inner = size == 0 ? 0 : stride / size
    var index = 0
    result += "["
    while index < size {
      if index > 0 { result += ", " }
      if let edge, size > 2 * edge, index == edge {
        result += "..., "
        index = size - edge
      }
      write(
        dimension: dimension + 1, offset: offset + index * inner, stride: inner, edge, into: &result,
        element: element)
      index += 1
    }
    result += "]"
  }
}

/// `16.0` as `16`; `0.1`, `1e-05` and `inf` as they are.
private func withoutZeroFraction(_ text: String) -> String {
  text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
