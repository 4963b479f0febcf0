import NNKernelInterface

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// (outer, axis, inner). Vectors lie along `inner` where it has more than one element, so that every
// lane works on a line of its own; along the axis itself where it is the last.
extension VectorKernels {
  public static func softmax(
    outer: Int, axis: Int, inner: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    var block = 0
    while block < outer {
      let (x, y) = (input + block * axis * inner, output + block * axis * inner)
      if inner == 1 {
        let total = exponentials(axis, x, y)
        scale(count: axis, factor: 1 / total, input: y, output: y)
      } else {
        forEachColumnBlock(inner) { column, width in
          let maximum = columnMaximum(axis, inner, x + column, width)
          var total = Vector(repeating: 0)
          var k = 0
          while k < axis {
            let e = exponential(load(x + k * inner + column, upTo: width) - maximum)
            total += e
            store(e, to: y + k * inner + column, upTo: width)
            k += 1
          }
          let factor = Vector(repeating: 1) / total
          k = 0
          while k < axis {
            store(
              load(UnsafePointer(y) + k * inner + column, upTo: width) * factor, to: y + k * inner + column,
              upTo: width)
            k += 1
          }
        }
      }
      block += 1
    }
  }

  public static func logSoftmax(
    outer: Int, axis: Int, inner: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    var block = 0
    while block < outer {
      let (x, y) = (input + block * axis * inner, output + block * axis * inner)
      forEachColumnBlock(inner) { column, width in
        var maximum = Vector(repeating: 0)
        var logarithm = Vector(repeating: 0)
        if inner == 1 {
          maximum = Vector(repeating: lineMaximum(axis, x))
          logarithm = Vector(repeating: logf(exponentials(axis, x, y)))
        } else {
          maximum = columnMaximum(axis, inner, x + column, width)
          var total = Vector(repeating: 0)
          var k = 0
          while k < axis {
            total += exponential(load(x + k * inner + column, upTo: width) - maximum)
            k += 1
          }
          var lane = 0
          while lane < lanes {
            logarithm[lane] = logf(total[lane])
            lane += 1
          }
        }
        var k = 0
        while k < axis {
          let position = k * inner + column
          store(load(x + position, upTo: width) - maximum - logarithm, to: y + position, upTo: width)
          k += 1
        }
      }
      block += 1
    }
  }

  public static func softmaxBackward(
    outer: Int, axis: Int, inner: Int, output: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    var block = 0
    while block < outer {
      let base = block * axis * inner
      forEachColumnBlock(inner) { column, width in
        var total = Vector(repeating: 0)
        var k = 0
        while k < axis {
          let position = base + k * inner + column
          total += load(output + position, upTo: width) * load(outputGradient + position, upTo: width)
          k += 1
        }
        k = 0
        while k < axis {
          let position = base + k * inner + column
          let y = load(output + position, upTo: width)
          let dy = load(outputGradient + position, upTo: width)
          store(y * (dy - total), to: inputGradient + position, upTo: width)
          k += 1
        }
      }
      block += 1
    }
  }

  public static func logSoftmaxBackward(
    outer: Int, axis: Int, inner: Int, output: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    var block = 0
    while block < outer {
      let base = block * axis * inner
      forEachColumnBlock(inner) { column, width in
        var total = Vector(repeating: 0)
        var k = 0
        while k < axis {
          total += load(outputGradient + base + k * inner + column, upTo: width)
          k += 1
        }
        k = 0
        while k < axis {
          let position = base + k * inner + column
          let dy = load(outputGradient + position, upTo: width)
          let probability = exponential(load(output + position, upTo: width))
          store(dy - probability * total, to: inputGradient + position, upTo: width)
          k += 1
        }
      }
      block += 1
    }
  }
}

/// Calls `body(column, width)` for blocks of at most `lanes` of `inner` columns.
@inline(__always)
private func forEachColumnBlock(_ inner: Int, _ body: (_ column: Int, _ width: Int) -> Void) {
  var column = 0
  while column < inner {
    body(column, min(lanes, inner - column))
    column += lanes
  }
}

/// The largest of `axis` values a column. NaN may get lost here; it comes back in the sum.
@inline(__always)
private func columnMaximum(
  _ axis: Int, _ stride: Int, _ input: UnsafePointer<Float>, _ width: Int
) -> Vector {
  var maximum = Vector(repeating: -.infinity)
  var k = 0
  while k < axis {
    let x = load(input + k * stride, upTo: width)
    maximum = maximum.replacing(with: x, where: x .> maximum)
    k += 1
  }
  return maximum
}

/// The largest of `count` consecutive values.
private func lineMaximum(_ count: Int, _ input: UnsafePointer<Float>) -> Float {
  var largest = -Float.infinity
  var index = 0
  while index < count {
    if input[index] > largest { largest = input[index] }
    index += 1
  }
  return largest
}

/// y = exp(x - max) for `count` consecutive values; returns the sum of y.
private func exponentials(
  _ count: Int, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
) -> Float {
  let maximum = Vector(repeating: lineMaximum(count, input))
  var total = Vector(repeating: 0)
  var index = 0
  while index + lanes <= count {
    let e = exponential(load(input + index) - maximum)
    total += e
    store(e, to: output + index)
    index += lanes
  }
  if index < count {
    let rest = count - index
    // The filler's exponential is 0, unless the whole line is NaN anyway.
    let e = exponential(load(input + index, count: rest, filler: -.infinity) - maximum)
    total += e
    store(e, to: output + index, count: rest)
  }
  var sum: Float = 0
  var lane = 0
  while lane < lanes {
    sum += total[lane]
    lane += 1
  }
  return sum
}
