import NNKernelInterface

/// A function of one number, a vector of numbers at a time.
protocol VectorFunction {
  /// f(x).
  func value(_ x: Vector) -> Vector
  /// dy · f'(x).
  func gradient(_ x: Vector, _ dy: Vector) -> Vector
}

extension VectorFunction {
  @inline(__always)
  fileprivate func apply(
    _ count: Int, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index + lanes <= count {
      store(value(load(input + index)), to: output + index)
      index += lanes
    }
    if index < count {
      let rest = count - index
      store(value(load(input + index, count: rest)), to: output + index, count: rest)
    }
  }

  @inline(__always)
  fileprivate func applyGradient(
    _ count: Int, _ input: UnsafePointer<Float>, _ outputGradient: UnsafePointer<Float>,
    _ inputGradient: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index + lanes <= count {
      store(gradient(load(input + index), load(outputGradient + index)), to: inputGradient + index)
      index += lanes
    }
    if index < count {
      let rest = count - index
      let (x, dy) = (load(input + index, count: rest), load(outputGradient + index, count: rest))
      store(gradient(x, dy), to: inputGradient + index, count: rest)
    }
  }
}

extension VectorKernels {
  public static func elementwise(
    _ function: ElementwiseFunction, count: Int, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    switch function {
    case .leakyReLU(let slope): LeakyReLU(slope: slope).apply(count, input, output)
    case .hardtanh(let low, let high):
      Hardtanh(low: low, high: high).apply(count, input, output)
    case .exponentialLinear(let negative, let outer, let inner):
      ExponentialLinear(negative: negative, outer: outer, inner: inner).apply(count, input, output)
    case .gelu: GELU().apply(count, input, output)
    case .geluTanh: GELUTanh().apply(count, input, output)
    case .silu: SiLU().apply(count, input, output)
    case .mish: Mish().apply(count, input, output)
    case .softplus(let beta, let threshold):
      Softplus(beta: beta, threshold: threshold).apply(count, input, output)
    case .softsign: Softsign().apply(count, input, output)
    case .logSigmoid: LogSigmoid().apply(count, input, output)
    case .hardswish: Hardswish().apply(count, input, output)
    case .hardsigmoid: Hardsigmoid().apply(count, input, output)
    case .hardshrink(let lambda): Hardshrink(lambda: lambda).apply(count, input, output)
    case .softshrink(let lambda): Softshrink(lambda: lambda).apply(count, input, output)
    case .tanhshrink: Tanhshrink().apply(count, input, output)
    case .threshold(let threshold, let value):
      Threshold(threshold: threshold, replacement: value).apply(count, input, output)
    }
  }

  public static func elementwiseBackward(
    _ function: ElementwiseFunction, count: Int, input: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    switch function {
    case .leakyReLU(let slope):
      LeakyReLU(slope: slope).applyGradient(count, input, outputGradient, inputGradient)
    case .hardtanh(let low, let high):
      Hardtanh(low: low, high: high).applyGradient(count, input, outputGradient, inputGradient)
    case .exponentialLinear(let negative, let outer, let inner):
      ExponentialLinear(negative: negative, outer: outer, inner: inner).applyGradient(
        count, input, outputGradient, inputGradient)
    case .gelu:
      GELU().applyGradient(count, input, outputGradient, inputGradient)
    case .geluTanh:
      GELUTanh().applyGradient(count, input, outputGradient, inputGradient)
    case .silu:
      SiLU().applyGradient(count, input, outputGradient, inputGradient)
    case .mish:
      Mish().applyGradient(count, input, outputGradient, inputGradient)
    case .softplus(let beta, let threshold):
      Softplus(beta: beta, threshold: threshold).applyGradient(count, input, outputGradient, inputGradient)
    case .softsign:
      Softsign().applyGradient(count, input, outputGradient, inputGradient)
    case .logSigmoid:
      LogSigmoid().applyGradient(count, input, outputGradient, inputGradient)
    case .hardswish:
      Hardswish().applyGradient(count, input, outputGradient, inputGradient)
    case .hardsigmoid:
      Hardsigmoid().applyGradient(count, input, outputGradient, inputGradient)
    case .hardshrink(let lambda):
      Hardshrink(lambda: lambda).applyGradient(count, input, outputGradient, inputGradient)
    case .softshrink(let lambda):
      Softshrink(lambda: lambda).applyGradient(count, input, outputGradient, inputGradient)
    case .tanhshrink:
      Tanhshrink().applyGradient(count, input, outputGradient, inputGradient)
    case .threshold(let threshold, let value):
      Threshold(threshold: threshold, replacement: value).applyGradient(
        count, input, outputGradient, inputGradient)
    }
  }
}
