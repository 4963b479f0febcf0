// Winograd's short convolutions in one dimension, as lines of vectors: four outputs of a kernel of
// `Kernel` taps from `Points` = Kernel + 3 inputs, with `Points` multiplications where the definition
// takes 4 · Kernel. (Winograd, "Arithmetic Complexity of Computations", 1980; Toom and Cook's points.)
//
//   y = Aᵀ · ((G · g) ⊙ (Bᵀ · d)): d inputs, g taps, y outputs.
//   The weight gradient is the same with the roles of taps and outputs exchanged.
//
// The polynomial points are ±p for two or three p, ∞ and, where the number is even, 0. Points in pairs let
// a line share the even and the odd part of each polynomial. The values keep rounding small: for four
// finite points ±1/2 and ±3/2, for five ±11/16 and ±3/2 (half the error of the usual ±1, ±2), for seven
// ±1/2, ±1, ±2.
//
// Two dimensions are lines along the columns, then along the rows.

/// The constants and lines for `Points` points, 5, 6 or 8.
enum WinogradLines<let Points: Int> {
  /// Taps of the kernel.
  @inline(__always) static var taps: Int { Points - 3 }

  /// Pairs of rows of points that are made together.
  @inline(__always) static var pairs: Int { (Points + 1) / 2 }

  /// Those of 0 and ∞, of five points that of ∞ twice, then those of ±p.
  @inline(__always)
  static func rows(ofPair pair: Int) -> (Int, Int) {
    if Points == 5 { return pair == 0 ? (4, 4) : (2 * pair - 2, 2 * pair - 1) }
    return pair == 0 ? (0, Points - 1) : (2 * pair - 1, 2 * pair)
  }

  // MARK: Points

  @inline(__always) private static var a: Float { Points == 6 ? 0.6875 : 0.5 }
  @inline(__always) private static var b: Float { Points == 8 ? 1 : 1.5 }
  @inline(__always) private static var c: Float { 2 }

  /// p², p³, p⁴
  @inline(__always) private static func square(_ p: Float) -> Float { p * p }
  @inline(__always) private static func cube(_ p: Float) -> Float { p * p * p }
  @inline(__always) private static func fourth(_ p: Float) -> Float { p * p * p * p }

  /// 1 / Π (p - q) over the other finite points q: the same for p and -p, of four finite points the negative.
  @inline(__always)
  private static func scale(_ p: Float, _ q: Float, _ r: Float) -> Float {
    if Points == 5 { return 1 / (2 * p * (p * p - q * q)) }
    let pair = 2 * p * p * (p * p - q * q)
    return Points == 6 ? 1 / pair : 1 / (pair * (p * p - r * r))
  }

  /// 1 / Π (0 - q).
  @inline(__always) private static var scaleAtZero: Float {
    Points == 6 ? 1 / (square(a) * square(b)) : -1 / (square(a) * square(b) * square(c))
  }

  @inline(__always)
  private static func times(_ x: Vector, _ factor: Float) -> Vector { x * Vector(repeating: factor) }

  /// x · factor + y
  @inline(__always)
  private static func add(_ x: Vector, _ factor: Float, _ y: Vector) -> Vector {
    multiplyAdd(x, Vector(repeating: factor), y)
  }

  // MARK: Bᵀ · d

  /// `Points` vectors, `step` floats apart, to as many.
  @inline(__always)
  static func input(
    _ d: UnsafePointer<Float>, _ step: Int, _ t: UnsafeMutablePointer<Float>, _ targetStep: Int
  ) {
    if Points == 5 {
      let (d0, d1, d2) = (load(d), load(d + step), load(d + 2 * step))
      let (d3, d4) = (load(d + 3 * step), load(d + 4 * step))
      storePair(add(d1, -square(b), d3), add(d0, -square(b), d2), a, t, targetStep)
      storePair(
        add(d1, -square(a), d3), add(d0, -square(a), d2), b, t + 2 * targetStep, targetStep)
      store(
        add(d0, square(a) * square(b), add(d2, -(square(a) + square(b)), d4)), to: t + 4 * targetStep)
    } else if Points == 6 {
      let (d0, d1, d2) = (load(d), load(d + step), load(d + 2 * step))
      let (d3, d4, d5) = (load(d + 3 * step), load(d + 4 * step), load(d + 5 * step))
      let sum = square(a) + square(b)
      let product = square(a) * square(b)
      store(add(d0, product, add(d2, -sum, d4)), to: t)
      storePair(add(d2, -square(b), d4), add(d1, -square(b), d3), a, t + targetStep, targetStep)
      storePair(add(d2, -square(a), d4), add(d1, -square(a), d3), b, t + 3 * targetStep, targetStep)
      store(add(d1, product, add(d3, -sum, d5)), to: t + 5 * targetStep)
    } else {
      let (d0, d1, d2, d3) = (load(d), load(d + step), load(d + 2 * step), load(d + 3 * step))
      let (d4, d5) = (load(d + 4 * step), load(d + 5 * step))
      let (d6, d7) = (load(d + 6 * step), load(d + 7 * step))
      let (s, q, r) = (square(a), square(b), square(c))
      let e1 = s + q + r
      let e2 = s * q + s * r + q * r
      let e3 = s * q * r
      store(add(d0, -e3, add(d2, e2, add(d4, -e1, d6))), to: t)
      storePair(
        add(d2, q * r, add(d4, -(q + r), d6)), add(d1, q * r, add(d3, -(q + r), d5)), a,
        t + targetStep, targetStep)
      storePair(
        add(d2, s * r, add(d4, -(s + r), d6)), add(d1, s * r, add(d3, -(s + r), d5)), b,
        t + 3 * targetStep, targetStep)
      storePair(
        add(d2, s * q, add(d4, -(s + q), d6)), add(d1, s * q, add(d3, -(s + q), d5)), c,
        t + 5 * targetStep, targetStep)
      store(add(d1, -e3, add(d3, e2, add(d5, -e1, d7))), to: t + 7 * targetStep)
    }
  }

  /// even ± p · odd
  @inline(__always)
  private static func storePair(
    _ even: Vector, _ odd: Vector, _ p: Float, _ t: UnsafeMutablePointer<Float>, _ step: Int
  ) {
    store(add(odd, p, even), to: t)
    store(add(odd, -p, even), to: t + step)
  }

  // MARK: Aᵀ · m

  /// `Points` vectors, `step` floats apart, to the four outputs.
  @inline(__always)
  static func output(_ m: UnsafePointer<Float>, _ step: Int) -> (Vector, Vector, Vector, Vector) {
    var y0 = load(m)
    var (y1, y2, y3) = (y0, y0, y0)
    let last = load(m + (Points - 1) * step)
    let pairs = Points == 5 ? m : m + step
    addOutput(pair: 1, load(pairs), load(pairs + step), last, to: &y0, &y1, &y2, &y3)
    addOutput(pair: 2, load(pairs + 2 * step), load(pairs + 3 * step), last, to: &y0, &y1, &y2, &y3)
    if Points == 8 {
      addOutput(pair: 3, load(pairs + 4 * step), load(pairs + 5 * step), last, to: &y0, &y1, &y2, &y3)
    }
    return (y0, y1, y2, y3)
  }

  /// Adds what the values at the points ±p of a pair, 1 to 3 in order, give to the four outputs. The first starts
  /// with the value at 0, where that is a point; the others are sums only after the second pair, which brings
  /// the value at ∞, `last`, to the fourth.
  @inline(__always)
  static func addOutput(
    pair: Int, _ plus: Vector, _ minus: Vector, _ last: Vector, to y0: inout Vector,
    _ y1: inout Vector, _ y2: inout Vector, _ y3: inout Vector
  ) {
    let (even, odd) = (plus + minus, plus - minus)
    y0 = Points == 5 && pair == 1 ? even : y0 + even
    switch pair {
    case 1:
      (y1, y2, y3) = (odd, even, odd)
    case 2:
      y1 = add(y1, a, times(odd, b))
      y2 = add(y2, square(a), times(even, square(b)))
      y3 = add(y3, cube(a), add(odd, cube(b), last))
    default:
      y1 = add(odd, c, y1)
      y2 = add(even, square(c), y2)
      y3 = add(odd, cube(c), y3)
    }
  }

  // MARK: G · g

  /// `taps` vectors to those of two points, those of ``rows(ofPair:)``.
  @inline(__always)
  static func weightPair(_ pair: Int, _ g: (Int) -> Vector) -> (Vector, Vector) {
    if Points == 5 {
      if pair == 0 { return (g(1), g(1)) }
      let (p, q) = pair == 1 ? (a, b) : (b, a)
      let even = times(g(0), scale(p, q, 0))
      return (add(g(1), p * scale(p, q, 0), even), add(g(1), p * scale(p, q, 0), -even))
    }
    return switch pair {
    case 0: (times(g(0), scaleAtZero), g(taps - 1))
    case 1: weightPair(g, a, scale(a, b, c))
    case 2: weightPair(g, b, scale(b, a, c))
    default: weightPair(g, c, scale(c, a, b))
    }
  }

  /// The same of three taps without the scale of each point, ``tapScale(ofPoint:)``, which the source's values
  /// can have instead.
  @inline(__always)
  static func unscaledWeightPair(_ pair: Int, _ g: (Int) -> Vector) -> (Vector, Vector) {
    if pair == 0 { return (g(0), g(2)) }
    let p = pair == 1 ? a : b
    let even = add(g(2), square(p), g(0))
    return (add(g(1), p, even), add(g(1), -p, even))
  }

  /// What ``unscaledWeightPair(_:_:)`` leaves out: of six points.
  static func tapScale(ofPoint point: Int) -> Float {
    switch point {
    case 0: scaleAtZero
    case 1, 2: scale(a, b, c)
    case 3, 4: scale(b, a, c)
    default: 1
    }
  }

  /// (g0 + p² g2 + p⁴ g4) ± p (g1 + p² g3), scaled.
  @inline(__always)
  private static func weightPair(_ g: (Int) -> Vector, _ p: Float, _ scale: Float) -> (Vector, Vector) {
    var even = add(g(2), square(p) * scale, times(g(0), scale))
    var odd = g(1)
    if Points == 8 {
      even = add(g(4), fourth(p) * scale, even)
      odd = add(g(3), square(p), odd)
    }
    return (add(odd, p * scale, even), add(odd, -p * scale, even))
  }

  // MARK: The weight gradient: four output gradients for taps, taps for outputs; 6 or 8 points

  /// Four vectors to `Points`.
  @inline(__always)
  static func outputGradient(
    _ g: UnsafePointer<Float>, _ step: Int, _ t: UnsafeMutablePointer<Float>, _ targetStep: Int
  ) {
    let (g0, g1, g2, g3) = (load(g), load(g + step), load(g + 2 * step), load(g + 3 * step))
    store(times(g0, scaleAtZero), to: t)
    storeGradientPair(g0, g1, g2, g3, a, scale(a, b, c), t + targetStep, targetStep)
    storeGradientPair(g0, g1, g2, g3, b, scale(b, a, c), t + 3 * targetStep, targetStep)
    if Points == 8 {
      storeGradientPair(g0, g1, g2, g3, c, scale(c, a, b), t + 5 * targetStep, targetStep)
    }
    store(g3, to: t + (Points - 1) * targetStep)
  }

  /// (g0 + p² g2) ± p (g1 + p² g3), scaled.
  @inline(__always)
  private static func storeGradientPair(
    _ g0: Vector, _ g1: Vector, _ g2: Vector, _ g3: Vector, _ p: Float, _ scale: Float,
    _ t: UnsafeMutablePointer<Float>, _ step: Int
  ) {
    let even = add(g2, square(p) * scale, times(g0, scale))
    storePair(even, add(g3, square(p), g1), p * scale, t, step)
  }

  /// `Points` vectors to `taps`, handed to `put` one by one.
  @inline(__always)
  static func weightGradient(
    _ m: UnsafePointer<Float>, _ step: Int, _ put: (_ tap: Int, _ value: Vector) -> Void
  ) {
    let (m0, m1, m2) = (load(m), load(m + step), load(m + 2 * step))
    let (m3, m4) = (load(m + 3 * step), load(m + 4 * step))
    let last = load(m + (Points - 1) * step)
    if Points == 6 {
      let (w0, w1, w2) = threeTaps(m0, m1, m2, m3, m4, last)
      put(0, w0)
      put(1, w1)
      put(2, w2)
    } else {
      let (m5, m6) = (load(m + 5 * step), load(m + 6 * step))
      let (evenA, oddA) = (m1 + m2, m1 - m2)
      let (evenB, oddB) = (m3 + m4, m3 - m4)
      let (evenC, oddC) = (m5 + m6, m5 - m6)
      put(0, m0 + evenA + evenB + evenC)
      put(1, add(oddC, c, add(oddA, a, times(oddB, b))))
      put(2, add(evenC, square(c), add(evenA, square(a), times(evenB, square(b)))))
      put(3, add(oddA, cube(a), add(oddB, cube(b), times(oddC, cube(c)))))
      put(4, add(evenA, fourth(a), add(evenB, fourth(b), add(evenC, fourth(c), last))))
    }
  }

  /// Six vectors to three taps.
  @inline(__always)
  static func threeTaps(
    _ m0: Vector, _ m1: Vector, _ m2: Vector, _ m3: Vector, _ m4: Vector, _ m5: Vector
  ) -> (Vector, Vector, Vector) {
    let (evenA, oddA) = (m1 + m2, m1 - m2)
    let (evenB, oddB) = (m3 + m4, m3 - m4)
    return (
      m0 + evenA + evenB, add(oddA, a, times(oddB, b)),
      add(evenA, square(a), times(evenB, square(b))) + m5
    )
  }
}
