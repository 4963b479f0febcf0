import NNDiagnostics
import NNShapes
import NNSyntax

/// Numbers in nested lists, `[[1, 2], [3, 4]]`, as a model file writes a tensor.
public struct NumberTensor: Hashable, Sendable {
  public var shape: Shape
  /// Row-major.
  public var values: [Double]
}

/// Reads them. Lists side by side are of one length.
struct NestedNumbers {
  let evaluator: Evaluator
  let report: Reporter

  /// Nil, reported, where something in the list is wrong. Traps where `located` is no list.
  func read(_ located: LocatedValue) -> NumberTensor? {
    var sizes: [Int] = []
    var level = located
    while case .list(let elements) = level.value {
      guard sizes.count < Shape.maximumRank else {
        report.error(
          "too-many-dimensions", "values have at most \(Shape.maximumRank) dimensions", at: located.span)
        return nil
      }
      sizes.append(elements.count)
      guard let first = elements.first else { break }
      level = first
    }
    precondition(!sizes.isEmpty, "NestedNumbers: no list")
    var numbers: [Double] = []
    guard collect(located, sizes[...], into: &numbers) else { return nil }
    return NumberTensor(shape: Shape(sizes), values: numbers)
  }

  /// Recursion is bounded by the number of dimensions.
  private func collect(_ located: LocatedValue, _ sizes: ArraySlice<Int>, into numbers: inout [Double])
    -> Bool
  {
    guard let size = sizes.first else {
      if let number = located.value.asNumber {
        numbers.append(number)
        return true
      }
      if case .list = located.value {
        report.error("ragged", "a number is wanted here, as in the lists before", at: located.span)
      } else {
        refuseElement(located)
      }
      return false
    }
    guard case .list(let elements) = located.value else {
      if located.value.asNumber != nil {
        report.error("ragged", "a list of \(size) is wanted here, as before", at: located.span)
      } else {
        refuseElement(located)
      }
      return false
    }
    guard elements.count == size else {
      report.error(
        "ragged",
        "this list has \(counted(elements.count, "element")), and the first one of its kind has \(size)",
        at: located.span, help: "lists side by side are of one length")
      return false
    }
    // A few mistakes are worth a list, a million are one.
    let errors = report.errorCount
    for element in elements where report.errorCount < errors + 10 {
      _ = collect(element, sizes.dropFirst(), into: &numbers)
    }
    return report.errorCount == errors
  }

  private func refuseElement(_ located: LocatedValue) {
    switch located.value {
    case .invalid: break
    case .word(let word): evaluator.reportUnknownName(word, at: located.span)
    default:
      report.error("wrong-type", "a number is wanted here, not \(located.value.phrase)", at: located.span)
    }
  }
}
