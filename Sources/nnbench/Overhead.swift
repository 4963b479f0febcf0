import NNKernels
import NNRuntime
import NNShapes

/// Prints what an operation costs that has next to nothing to compute, and an empty parallel loop.
func printOverhead(_ options: Options) {
  let overhead = Overhead(options)
  print("nanoseconds an operation, medians; threads: \(options.threads)")
  print(padded("", 32) + padded("forward", -12) + padded("backward", -12))
  let window = WindowGeometry(
    kernel: 1, stride: 1, paddingBefore: 0, paddingAfter: 0, dilation: 1, ceilMode: false)
  let row = Tensor([1], Shape(1, 1))
  let map = Tensor([1], Shape(1, 1, 1, 1), .channelsLast)
  let generator = overhead.tape.generator
  let linear = Linear(inFeatures: 1, outFeatures: 1, bias: true, generator: generator)
  let conv2d = Conv2d(
    inChannels: 1, outChannels: 1, vertical: window, horizontal: window, groups: 1, bias: true,
    generator: generator)
  overhead.print("ReLU, 1 value", row, ReLU())
  overhead.print("Flatten, 1 value", row, Flatten(startDim: 0, endDim: -1))
  overhead.print("Linear(1, 1)", row, linear)
  overhead.print("Conv2d(1, 1, 1), 1×1", map, conv2d)
  overhead.print(
    "MaxPool2d(1), 1×1", map, MaxPool2d(vertical: window, horizontal: window, returnIndices: false))
  overhead.printLoss()
  overhead.printUpdate(linear, row)
  overhead.printLoops()
}

/// The tape that the operations run on, and how long each is measured.
private struct Overhead {
  let tape: Tape
  let seconds: Double

  /// Operations between two readings of the clock.
  private static let chain = 16

  init(_ options: Options) {
    tape = Tape(threads: ThreadPool(threads: options.threads), generator: Generator(seed: 0))
    seconds = options.seconds
  }

  /// A chain of the layer on `input`, which its output must resemble.
  func print(_ name: String, _ input: Tensor, _ layer: any Layer) {
    line(name, count: Self.chain, input) { variable in
      var value = variable
      for _ in 0..<Self.chain { value = layer.forward(value, tape) }
      return value
    }
  }

  /// The loss of a batch of one image with ten classes.
  func printLoss() {
    let output = Tensor([Float](repeating: 0.1, count: 10), Shape(1, 10))
    let target = Target.classes(IndexTensor([3], Shape(1)))
    line("CrossEntropyLoss, 1×10", count: 1, output) { variable in
      (try? CrossEntropyLoss().forward(variable, target, tape)) ?? variable
    }
  }

  /// One update of the two parameters of a layer.
  func printUpdate(_ layer: Linear, _ input: Tensor) {
    let optimizer = Optimizer(layer.parameters, SGD(learningRate: 1e-9))
    tape.reset()
    tape.backward(from: layer.forward(tape.variable(input), tape), gradient: input)
    let time = Timing(seconds: seconds) { optimizer.step(tape.threads) }
    row("SGD, 2 parameters of 1 value", nanoseconds(time), "")
  }

  /// A parallel loop with a task a thread that does nothing.
  func printLoops() {
    let pool = tape.threads
    let loops = 1000
    let time = Timing(seconds: seconds) {
      for _ in 0..<loops { pool.run(tasks: pool.threadCount) { _, _ in } }
    }
    row("empty loop, a task a thread", nanoseconds(time, count: loops), "")
  }

  /// Forward with recording, and backward, of `count` operations.
  private func line(
    _ name: String, count: Int, _ input: Tensor, _ operations: (Variable) -> Variable
  ) {
    let forward = Timing(seconds: seconds) {
      tape.reset()
      _ = operations(tape.variable(input, requiresGrad: true))
    }
    var shape = input.shape
    let both = Timing(seconds: seconds) {
      tape.reset()
      let output = operations(tape.variable(input, requiresGrad: true))
      shape = tape.shape(output)
      if shape.elementCount == 1 {
        tape.backward(from: output)
      } else {
        tape.backward(from: output, gradient: input)
      }
    }
    let backward = max(0, both.median - forward.median) / Double(count)
    row(name, nanoseconds(forward, count: count), decimal(backward * 1e9, places: 0))
  }

  private func nanoseconds(_ time: Timing, count: Int = 1) -> String {
    decimal(time.median * 1e9 / Double(count), places: 0)
  }

  private func row(_ name: String, _ forward: String, _ backward: String) {
    Swift.print(padded(name, 32) + padded(forward, -12) + padded(backward, -12))
    flushOutput()
  }
}
