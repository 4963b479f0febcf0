#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The line of an epoch on standard output: `epoch:0, loss:18704.882`.
public func epochLine(epoch: Int, lossSum: Double) -> String {
  "epoch:\(epoch), loss:\(lossText(lossSum))"
}

/// A loss as epoch lines print it: three decimals; below 1 in size six significant digits, with an
/// exponent below 10⁻⁶; `nan`, `inf` and `-inf` as Python writes them.
public func lossText(_ loss: Double) -> String {
  if loss.isNaN { return "nan" }
  if loss.isInfinite { return loss < 0 ? "-inf" : "inf" }
  let size = abs(loss)
  // What rounds to 1 with six significant digits is written as 1 is.
  if size == 0 || size >= 0.9999995 { return decimal(loss, places: 3) }
  if size < 1e-6 { return formatted("%.5e", loss) }
  // 0.1 has six decimals, 0.01 seven. What is rounded up to the next power of ten keeps a digit more,
  // so the exponent is read off the rounded number.
  let exponent = formatted("%.5e", size).split(separator: "e").last.flatMap { Int($0) } ?? -1
  return decimal(loss, places: 5 - exponent)
}

/// `value` with this many decimals, rounded half to even on its exact binary value.
public func decimal(_ value: Double, places: Int) -> String { formatted("%.\(places)f", value) }

/// `value` with at most six significant digits, as settings are written: `0.07`, `4`, `1e+19`.
func settingText(_ value: Double) -> String { formatted("%g", value) }

private func formatted(_ format: String, _ value: Double) -> String {
  withVaList([value]) { arguments in
    // The longest fixed Double has 309 digits before the point.
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
      let length = vsnprintf(buffer.baseAddress, buffer.count, format, arguments)
      let bytes = buffer.prefix(max(0, min(Int(length), buffer.count - 1)))
      return String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
