#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import NNShapes

/// Why a file of shapes cannot be used.
struct ShapeFileError: Error, CustomStringConvertible {
  let description: String
}

/// The convolutions of a text file: lines of `conv2d N C H W O k stride padding`; `#` starts a comment.
func readShapes(_ path: String) throws -> [Conv2dGeometry] {
  guard let bytes = FileManager.default.contents(atPath: path) else {
    throw ShapeFileError(description: "\(path): cannot be read")
  }
  var shapes: [Conv2dGeometry] = []
  let lines = String(decoding: bytes, as: UTF8.self).split(
    separator: "\n", omittingEmptySubsequences: false)
  for (index, line) in lines.enumerated() {
    let words = line.prefix { $0 != "#" }.split(separator: " ")
    if words.isEmpty { continue }
    let numbers = words.dropFirst().compactMap { Int($0) }
    guard words[0] == "conv2d", numbers.count == 8, words.count == 9,
      numbers.dropLast().allSatisfy({ (1...65536).contains($0) }), (0...65536).contains(numbers[7]),
      min(numbers[2], numbers[3]) + 2 * numbers[7] >= numbers[5]
    else {
      throw ShapeFileError(
        description: "\(path):\(index + 1): expected `conv2d N C H W O k stride padding`: \(line)")
    }
    let window = WindowGeometry(
      kernel: numbers[5], stride: numbers[6], paddingBefore: numbers[7], paddingAfter: numbers[7],
      dilation: 1, ceilMode: false)
    shapes.append(
      Conv2dGeometry(
        batch: numbers[0], inputChannels: numbers[1], inputHeight: numbers[2],
        inputWidth: numbers[3], outputChannels: numbers[4], groups: 1, vertical: window,
        horizontal: window))
  }
  return shapes
}
