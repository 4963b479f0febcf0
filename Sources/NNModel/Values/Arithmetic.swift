import NNSyntax

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Python's arithmetic on 64-bit integers and doubles.
///
/// Integers stay integers under `+ - * // % **` (a negative exponent gives a float); `/` gives a
/// float that may stand for an integer when whole; `//` and `%` round toward minus infinity.
enum Arithmetic {
  /// Why a result cannot be had.
  enum Failure: Error {
    /// An integer outside of 64 bits.
    case overflow
    case divisionByZero
    /// A negative number to a fractional power.
    case notReal
  }

  static func negated(_ value: Value) throws(Failure) -> Value? {
    switch value {
    case .integer(let integer):
      guard integer != .min else { throw .overflow }
      return .integer(-integer)
    case .number(let number, let whole): return .number(-number, standsForInteger: whole)
    default: return nil
    }
  }

  /// Nil where an operand is not a number.
  static func apply(_ operation: BinaryOperator, _ a: Value, _ b: Value) throws(Failure) -> Value? {
    if case .integer(let x) = a, case .integer(let y) = b, let result = try integers(operation, x, y) {
      return .integer(result)
    }
    guard let x = a.asNumber, let y = b.asNumber else { return nil }
    let result = try numbers(operation, x, y)
    let whole = a.asInteger != nil && b.asInteger != nil && Int(exactly: result) != nil
    return .number(result, standsForInteger: whole)
  }

  /// Nil where the result is a float.
  private static func integers(_ operation: BinaryOperator, _ x: Int, _ y: Int) throws(Failure) -> Int? {
    let outcome: (partialValue: Int, overflow: Bool)
    switch operation {
    case .add: outcome = x.addingReportingOverflow(y)
    case .subtract: outcome = x.subtractingReportingOverflow(y)
    case .multiply: outcome = x.multipliedReportingOverflow(by: y)
    case .divide: return nil
    case .floorDivide:
      guard y != 0 else { throw .divisionByZero }
      outcome = x.dividedReportingOverflow(by: y)
      if !outcome.overflow, x % y != 0, (x < 0) != (y < 0) { return outcome.partialValue - 1 }
    case .remainder:
      guard y != 0 else { throw .divisionByZero }
      if y == -1 { return 0 }
      let remainder = x % y
      return remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder
    case .power:
      guard y >= 0 else { return nil }
      return try power(x, y)
    }
    if outcome.overflow { throw .overflow }
    return outcome.partialValue
  }

  private static func power(_ base: Int, _ exponent: Int) throws(Failure) -> Int {
    if base == 0 || base == 1 { return exponent == 0 ? 1 : base }
    if base == -1 { return exponent % 2 == 0 ? 1 : -1 }
    guard exponent < 64 else { throw .overflow }
    var result = 1
    for _ in 0..<exponent {
      let (product, overflow) = result.multipliedReportingOverflow(by: base)
      if overflow { throw .overflow }
      result = product
    }
    return result
  }

  private static func numbers(_ operation: BinaryOperator, _ x: Double, _ y: Double) throws(Failure) -> Double
  {
    switch operation {
    case .add: return x + y
    case .subtract: return x - y
    case .multiply: return x * y
    case .divide:
      guard y != 0 else { throw .divisionByZero }
      return x / y
    case .floorDivide:
      guard y != 0 else { throw .divisionByZero }
      return (x / y).rounded(.down)
    case .remainder:
      guard y != 0 else { throw .divisionByZero }
      let remainder = fmod(x, y)
      return remainder != 0 && (remainder < 0) != (y < 0) ? remainder + y : remainder
    case .power:
      if x == 0 && y < 0 { throw .divisionByZero }
      let result = pow(x, y)
      if result.isNaN && !x.isNaN && !y.isNaN { throw .notReal }
      return result
    }
  }
}
