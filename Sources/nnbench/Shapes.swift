#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import NNKernels
import NNShapes

/// A layer to be measured.
enum LayerShape {
  case conv2d(Conv2dGeometry, ConvolutionEpilogue)
  case linear(rows: Int, inFeatures: Int, outFeatures: Int)

  /// Multiply-adds of one pass by the direct method.
  var multiplyAdds: Double {
    switch self {
    case .conv2d(let geometry, _): Double(geometry.outputCount) * Double(geometry.multiplyAddsPerOutput)
    case .linear(let rows, let inFeatures, let outFeatures):
      Double(rows) * Double(inFeatures) * Double(outFeatures)
    }
  }

  /// `64×3×32×32 → 32, 5×5 pool`
  var text: String {
    switch self {
    case .linear(let rows, let inFeatures, let outFeatures): return "\(rows)×\(inFeatures) → \(outFeatures)"
    case .conv2d(let geometry, let epilogue):
      let window = geometry.vertical
      var text =
        "\(geometry.batch)×\(geometry.inputChannels)×\(geometry.inputHeight)×\(geometry.inputWidth) → "
        + "\(geometry.outputChannels), \(window.kernel)×\(window.kernel)"
      if window.stride != 1 { text += " s\(window.stride)" }
      if window.dilation != 1 { text += " d\(window.dilation)" }
      if geometry.groups != 1 { text += " g\(geometry.groups)" }
      if epilogue.relu { text += " relu" }
      if epilogue.pooling { text += " pool" }
      return text
    }
  }
}

/// Why a file of shapes cannot be used.
struct ShapeFileError: Error, CustomStringConvertible {
  let description: String
}

/// The layers of a text file; `Options.usage` says what its lines are.
func readShapes(_ path: String) throws(ShapeFileError) -> [LayerShape] {
  guard let bytes = FileManager.default.contents(atPath: path) else {
    throw ShapeFileError(description: "\(path): cannot be read")
  }
  var shapes: [LayerShape] = []
  let lines = String(decoding: bytes, as: UTF8.self).split(
    separator: "\n", omittingEmptySubsequences: false)
  for (index, line) in lines.enumerated() {
    let words = line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
    guard let kind = words.first else { continue }
    var shape: LayerShape?
    if kind == "conv2d" { shape = conv2d(words.dropFirst()) }
    if kind == "linear" { shape = linear(words.dropFirst()) }
    guard let shape else {
      throw ShapeFileError(description: "\(path):\(index + 1): no layer, see nnbench --help: \(line)")
    }
    shapes.append(shape)
  }
  return shapes
}

/// A whole number that no size goes beyond.
private func size(_ text: some StringProtocol, least: Int = 1) -> Int? {
  Int(text).flatMap { (least...65536).contains($0) ? $0 : nil }
}

/// Of `N in out`.
private func linear(_ words: ArraySlice<String>) -> LayerShape? {
  let numbers = words.compactMap { size($0) }
  guard words.count == 3, numbers.count == 3 else { return nil }
  return .linear(rows: numbers[0], inFeatures: numbers[1], outFeatures: numbers[2])
}

/// Of `N C H W O k stride padding` and what may follow; nil where a part is wrong or nothing fits.
private func conv2d(_ words: ArraySlice<String>) -> LayerShape? {
  let numbers = words.prefix(7).compactMap { size($0) }
  guard words.count >= 8, numbers.count == 7,
    let padding = size(words[words.startIndex + 7], least: 0)
  else { return nil }
  var (dilation, groups, epilogue) = (1, 1, ConvolutionEpilogue.none)
  for word in words.dropFirst(8) {
    let parts = word.split(separator: "=", omittingEmptySubsequences: false)
    switch (parts[0], parts.count == 2 ? size(parts[1]) : nil) {
    case ("dilation", let value?): dilation = value
    case ("groups", let value?): groups = value
    case ("relu", nil) where parts.count == 1: epilogue.relu = true
    case ("pool", nil) where parts.count == 1: epilogue.pooling = true
    default: return nil
    }
  }
  let window = WindowGeometry(
    kernel: numbers[5], stride: numbers[6], paddingBefore: padding, paddingAfter: padding,
    dilation: dilation, ceilMode: false)
  let least = epilogue.pooling ? 2 : 1
  guard numbers[1] % groups == 0, numbers[4] % groups == 0,
    min(window.outputSize(of: numbers[2]), window.outputSize(of: numbers[3])) >= least
  else { return nil }
  return .conv2d(
    Conv2dGeometry(
      batch: numbers[0], inputChannels: numbers[1], inputHeight: numbers[2], inputWidth: numbers[3],
      outputChannels: numbers[4], groups: groups, vertical: window, horizontal: window), epilogue)
}
