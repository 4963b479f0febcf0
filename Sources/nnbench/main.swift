import NNKernels
import NNShapes

// nnbench [SHAPES [SECONDS [THREADS]]]: the rate of each convolution pass on each instruction set.

let arguments = CommandLine.arguments.dropFirst()
let path = arguments.first ?? "Benchmarks/shapes.txt"
let seconds = arguments.dropFirst().first.flatMap { Double($0) } ?? 0.2
let threads = max(1, arguments.dropFirst(2).first.flatMap { Int($0) } ?? 1)

do {
  let shapes = try readShapes(path)
  let pool = ThreadPool(threads: threads)
  let selected = try InstructionSet.select(
    environmentValue: environmentValue(InstructionSet.environmentVariable))
  for set in InstructionSet.available where set <= selected {
    measure(shapes, Kernels(set, convolution: .automatic), pool)
  }
} catch {
  printError("nnbench: \(error)")
}

/// Prints the table of one instruction set.
func measure(_ shapes: [Conv2dGeometry], _ kernels: Kernels, _ pool: ThreadPool) {
  let peak = kernels.peakRate(seconds: 0.1) * Double(threads) / 1e9
  print("\(kernels.instructionSet.rawValue): peak \(rounded(peak)) GFLOP/s on \(threads) threads")
  print("GFLOP/s and share of the peak, medians (and the best call's share)")
  print(
    "  " + pad("N×C×H×W → O, kernel, stride", 30) + pad("forward", 24) + pad("input gradient", 24)
      + "weight gradient")
  for shape in shapes {
    let times = ConvolutionBenchmark(shape, kernels, pool, seconds: seconds)
    let flops = 2 * Double(shape.outputCount * shape.multiplyAddsPerOutput) / 1e9
    let cells = [times.forward, times.inputGradient, times.weightGradient].map { time in
      let (median, best) = (flops / time.median, flops / time.best)
      return pad(
        "\(rounded(median)) \(rounded(100 * median / peak)) % (\(rounded(100 * best / peak)) %)", 24)
    }
    let name =
      "\(shape.batch)×\(shape.inputChannels)×\(shape.inputHeight)×\(shape.inputWidth) → "
      + "\(shape.outputChannels), \(shape.vertical.kernel), \(shape.vertical.stride)"
    print("  " + pad(name, 30) + cells.joined())
  }
}

/// `text` with blanks up to `width`.
func pad(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

/// One decimal.
func rounded(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
