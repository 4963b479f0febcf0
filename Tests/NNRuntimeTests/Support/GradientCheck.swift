import NNRuntime
import NNShapes
import Testing

/// Compares what an operation computes with a formula in double precision, and its gradients with
/// central differences.
struct GradientCheck {
  var name: String
  /// The tensors that the operation takes; each of them gets a gradient.
  var inputs: [Tensor]
  /// The step of the differences. An operation that is linear in each input takes a large one.
  var step: Float = 0x1p-7
  var values = Tolerance(absolute: 1e-5, relative: 1e-5)
  var gradients = Tolerance(absolute: 1e-3, relative: 1e-3)
  /// The output in contiguous order, by its definition.
  var formula: (([[Double]]) -> [Double])?
  /// Puts the tape into the state that every run begins with, such as a generator's.
  var prepare: (Tape) -> Void = { _ in }
  var operation: (Tape, [Variable]) throws -> Variable

  /// Records an issue where something is out of tolerance.
  func run() throws {
    let tape = makeTape(threads: 2)
    prepare(tape)
    let variables = inputs.map { tape.variable($0, requiresGrad: true) }
    let output = try operation(tape, variables)
    let tensor = tape.tensor(output)
    if let formula {
      let expected = formula(inputs.map { $0.values.map { Double($0) } })
      if let failure = difference("\(name): output", tensor.values, expected, values) {
        Issue.record("\(failure)")
      }
    }
    // The loss is Σ w · y, so that its gradient tells the outputs apart.
    let weights = randomTensor(tensor.shape, Generator(seed: 99))
    tape.backward(from: output, gradient: weights)
    for (number, input) in inputs.enumerated() {
      guard let gradient = tape.gradient(variables[number])?.values else {
        Issue.record("\(name): no gradient of input \(number)")
        continue
      }
      let expected = try centralDifferences(of: input, number, weights.values)
      if let failure = difference(
        "\(name): gradient of input \(number)", gradient, expected, gradients)
      {
        Issue.record("\(failure)")
      }
    }
  }

  private func centralDifferences(
    of input: Tensor, _ number: Int, _ weights: [Float]
  ) throws -> [Double] {
    let original = input.values
    return try original.indices.map { index in
      var changed = original
      changed[index] = original[index] + step
      let upper = try weightedSum(weights, replacing: number, with: changed)
      let width = Double(changed[index])
      changed[index] = original[index] - step
      let lower = try weightedSum(weights, replacing: number, with: changed)
      return (upper - lower) / (width - Double(changed[index]))
    }
  }

  /// Σ w · y in double precision, with other values for one input.
  private func weightedSum(
    _ weights: [Float], replacing number: Int, with values: [Float]
  ) throws -> Double {
    let tape = makeTape()
    prepare(tape)
    tape.isRecording = false
    let variables = inputs.enumerated().map { index, input in
      tape.variable(index == number ? Tensor(values, input.shape, input.format) : input)
    }
    let outputs = try tape.tensor(operation(tape, variables)).values
    var sum = 0.0
    for index in outputs.indices { sum += Double(outputs[index]) * Double(weights[index]) }
    return sum
  }
}

extension WindowGeometry {
  /// A window with everything given, the same padding on both sides unless `after` is another.
  static func plain(
    kernel: Int, stride: Int = 1, padding: Int = 0, after: Int? = nil, dilation: Int = 1,
    ceilMode: Bool = false
  ) -> WindowGeometry {
    WindowGeometry(
      kernel: kernel, stride: stride, paddingBefore: padding, paddingAfter: after ?? padding,
      dilation: dilation, ceilMode: ceilMode)
  }
}
