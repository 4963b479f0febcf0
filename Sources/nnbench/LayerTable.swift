import NNKernels

/// Prints the table of one instruction set.
func printLayers(_ shapes: [LayerShape], _ set: InstructionSet, _ options: Options, _ pool: ThreadPool) {
  let kernels = options.methods.map { Kernels(set, convolution: $0) }
  let peak = kernels[0].peakRate(seconds: 0.1) / 1e9 * Double(pool.threadCount)
  print(
    "\(set.rawValue), threads: \(pool.threadCount), peak \(decimal(peak, places: 1)) GFLOP/s\n"
      + "each pass: median ms, GFLOP/s, share of the peak")
  print(
    padded("", 40) + padded("", 10) + padded("forward", -28) + padded("input gradient", -28)
      + padded("weight gradient", -28))
  for shape in shapes {
    for kernels in kernels {
      let times = LayerBenchmark(shape, kernels, pool, seconds: options.seconds)
      let cells = [times.forward, times.inputGradient, times.weightGradient].map { time in
        let rate = 2e-9 * shape.multiplyAdds / time.median
        return padded(decimal(time.median * 1e3, places: 4), -11)
          + padded(decimal(rate, places: 1), -9) + padded(decimal(100 * rate / peak, places: 0) + " %", -8)
      }
      print(padded(shape.text, 40) + padded(kernels.convolution.rawValue, 10) + cells.joined())
      flushOutput()
    }
  }
}

/// `text` with blanks up to `width`: after it, or before it where `width` is negative.
func padded(_ text: String, _ width: Int) -> String {
  let blanks = String(repeating: " ", count: max(0, abs(width) - text.count))
  return width < 0 ? blanks + text : text + blanks
}

/// `value`, not negative, with this many digits after the point.
func decimal(_ value: Double, places: Int) -> String {
  var scale = 1
  for _ in 0..<places { scale *= 10 }
  let units = Int((value * Double(scale)).rounded())
  guard places > 0 else { return "\(units)" }
  let fraction = "\(units % scale)"
  return "\(units / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
}
