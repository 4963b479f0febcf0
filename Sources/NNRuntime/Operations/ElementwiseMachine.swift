import NNKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Runs a program on a block of elements: a stack of blocks of values, and one of derivatives.
///
/// Conventions at kinks are PyTorch's: relu'(0) = 0, abs'(0) = 0, clamp' = 1 at its ends, and of equal
/// operands minimum and maximum give half of the gradient to each.
struct ElementwiseMachine {
  /// Elements of the block.
  let count: Int
  /// From one block of the stack to the next.
  let stride: Int
  let values: UnsafeMutablePointer<Float>
  /// Nil where only values are wanted.
  let slopes: UnsafeMutablePointer<Float>?
  private var height = 0

  init(
    count: Int, stride: Int, values: UnsafeMutablePointer<Float>, slopes: UnsafeMutablePointer<Float>?
  ) {
    self.count = count
    self.stride = stride
    self.values = values
    self.slopes = slopes
  }

  mutating func run(_ instruction: ElementwiseProgram.Instruction, _ input: UnsafePointer<Float>) {
    switch instruction {
    case .input:
      (values + height * stride).update(from: input, count: count)
      push(slope: 1)
    case .constant(let value):
      (values + height * stride).update(repeating: value, count: count)
      push(slope: 0)
    case .negate: unary { x in (-x, -1) }
    case .relu: unary { x in (x > 0 ? x : x.isNaN ? x : 0, x > 0 ? 1 : 0) }
    case .sigmoid:
      unary { x in
        let y = 1 / (1 + expf(-x))
        return (y, y * (1 - y))
      }
    case .tanh:
      unary { x in
        let y = tanhf(x)
        return (y, 1 - y * y)
      }
    case .softplus:
      // Beyond 20 PyTorch takes x itself.
      unary { x in x > 20 ? (x, 1) : (log1pf(expf(x)), 1 / (1 + expf(-x))) }
    case .exp:
      unary { x in
        let y = expf(x)
        return (y, y)
      }
    case .log: unary { x in (logf(x), 1 / x) }
    case .sqrt:
      unary { x in
        let y = x.squareRoot()
        return (y, 1 / (2 * y))
      }
    case .sin: unary { x in (sinf(x), cosf(x)) }
    case .cos: unary { x in (cosf(x), -sinf(x)) }
    case .abs: unary { x in (Swift.abs(x), x > 0 ? 1 : x < 0 ? -1 : 0) }
    case .sign: unary { x in (x > 0 ? 1 : x < 0 ? -1 : x, 0) }
    case .floor: unary { x in (x.rounded(.down), 0) }
    case .add: binary { a, b in (a + b, 1, 1) }
    case .subtract: binary { a, b in (a - b, 1, -1) }
    case .multiply: binary { a, b in (a * b, b, a) }
    case .divide: binary { a, b in (a / b, 1 / b, -a / (b * b)) }
    case .floorDivide: binary { a, b in (((a - Self.remainder(a, b)) / b).rounded(), 0, 0) }
    case .remainder: binary { a, b in (Self.remainder(a, b), 1, -((a - Self.remainder(a, b)) / b).rounded()) }
    case .power:
      binary { a, b in
        let y = powf(a, b)
        return (y, b == 0 ? 0 : b * powf(a, b - 1), a == 0 && b >= 0 ? 0 : y * logf(a))
      }
    case .minimum:
      binary { a, b in
        if a.isNaN || b.isNaN { return (.nan, .nan, .nan) }
        return a == b ? (a, 0.5, 0.5) : a < b ? (a, 1, 0) : (b, 0, 1)
      }
    case .maximum:
      binary { a, b in
        if a.isNaN || b.isNaN { return (.nan, .nan, .nan) }
        return a == b ? (a, 0.5, 0.5) : a > b ? (a, 1, 0) : (b, 0, 1)
      }
    case .clamp: clamp()
    }
  }

  /// The remainder with the sign of the divisor, as Python's.
  private static func remainder(_ a: Float, _ b: Float) -> Float {
    let rest = fmodf(a, b)
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
  }

  private mutating func push(slope: Float) {
    slopes?.advanced(by: height * stride).update(repeating: slope, count: count)
    height += 1
  }

  /// `body` gives the value and the derivative.
  @inline(__always)
  private func unary(_ body: (Float) -> (Float, Float)) {
    let x = values + (height - 1) * stride
    guard let slopes else {
      for index in 0..<count { x[index] = body(x[index]).0 }
      return
    }
    let dx = slopes + (height - 1) * stride
    for index in 0..<count {
      let (value, slope) = body(x[index])
      x[index] = value
      dx[index] *= slope
    }
  }

  /// `body` gives the value and the derivatives by both operands. What does not change with x has no
  /// part in the derivative, be its factor infinite.
  @inline(__always)
  private mutating func binary(_ body: (Float, Float) -> (Float, Float, Float)) {
    height -= 1
    let a = values + (height - 1) * stride
    let b = a + stride
    guard let slopes else {
      for index in 0..<count { a[index] = body(a[index], b[index]).0 }
      return
    }
    let da = slopes + (height - 1) * stride
    let db = da + stride
    for index in 0..<count {
      let (value, byA, byB) = body(a[index], b[index])
      a[index] = value
      da[index] = (da[index] == 0 ? 0 : da[index] * byA) + (db[index] == 0 ? 0 : db[index] * byB)
    }
  }

  /// min(max(x, low), high).
  private mutating func clamp() {
    height -= 2
    let x = values + (height - 1) * stride
    let (low, high) = (x + stride, x + 2 * stride)
    for index in 0..<count {
      let (value, least, most) = (x[index], low[index], high[index])
      let isAbove = value > most || least > most
      let isBelow = !isAbove && value < least
      x[index] = isAbove ? most : isBelow ? least : value
      guard let slopes else { continue }
      let dx = slopes + (height - 1) * stride
      if isAbove { dx[index] = dx[2 * stride + index] } else if isBelow { dx[index] = dx[stride + index] }
    }
  }
}
