import NNKernelInterface

// Plain loops here become vector loops: the compiler does it as well as we could. Only sums and the
// functions that call the exponential are written with vectors.
extension VectorKernels {
  public static func relu(
    count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index < count {
      let x = input[index]
      output[index] = x < 0 ? 0 : x
      index += 1
    }
  }

  public static func reluBackward(
    count: Int, output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index < count {
      inputGradient[index] = output[index] <= 0 ? 0 : outputGradient[index]
      index += 1
    }
  }

  public static func sigmoidBackward(
    count: Int, output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index < count {
      let y = output[index]
      inputGradient[index] = outputGradient[index] * y * (1 - y)
      index += 1
    }
  }

  public static func tanhBackward(
    count: Int, output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index < count {
      let y = output[index]
      inputGradient[index] = outputGradient[index] * (1 - y * y)
      index += 1
    }
  }

  public static func add(
    count: Int, a: UnsafePointer<Float>, b: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index < count {
      output[index] = a[index] + b[index]
      index += 1
    }
  }

  public static func multiply(
    count: Int, a: UnsafePointer<Float>, b: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index < count {
      output[index] = a[index] * b[index]
      index += 1
    }
  }

  public static func scale(
    count: Int, factor: Float, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index < count {
      output[index] = factor * input[index]
      index += 1
    }
  }

  public static func addScaled(
    count: Int, factor: Float, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index < count {
      output[index] += factor * input[index]
      index += 1
    }
  }

  public static func fill(count: Int, value: Float, output: UnsafeMutablePointer<Float>) {
    var index = 0
    while index < count {
      output[index] = value
      index += 1
    }
  }

  public static func applyMask(
    count: Int, factor: Float, mask: UnsafePointer<UInt8>, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    var index = 0
    while index < count {
      output[index] = input[index] * (mask[index] == 0 ? 0 : factor)
      index += 1
    }
  }

  /// Four running sums, so that additions overlap; the order depends on `count` alone.
  public static func sum(count: Int, input: UnsafePointer<Float>) -> Double {
    var (s0, s1, s2, s3) = (0.0, 0.0, 0.0, 0.0)
    var index = 0
    while index + 4 <= count {
      s0 += Double(input[index])
      s1 += Double(input[index + 1])
      s2 += Double(input[index + 2])
      s3 += Double(input[index + 3])
      index += 4
    }
    while index < count {
      s0 += Double(input[index])
      index += 1
    }
    return (s0 + s1) + (s2 + s3)
  }
}
