import NNKernelInterface

/// See the type of the same name for the functions.
public typealias ElementwiseFunction = NNKernelInterface.ElementwiseFunction

/// Elements a task: 64 KiB of each operand.
private let pieceSize = 16384

// All of these may work in place.
extension Kernels {
  /// y = max(x, 0); NaN stays.
  public func relu(
    count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.relu(count: length, input: input + start, output: output + start)
    }
  }

  /// dx = dy where the output y > 0 or is NaN, else 0.
  public func reluBackward(
    count: Int, output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.reluBackward(
        count: length, output: output + start, outputGradient: outputGradient + start,
        inputGradient: inputGradient + start)
    }
  }

  /// y = 1 / (1 + exp(-x)).
  public func sigmoid(
    count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.sigmoid(count: length, input: input + start, output: output + start)
    }
  }

  /// dx = dy · y · (1 - y).
  public func sigmoidBackward(
    count: Int, output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.sigmoidBackward(
        count: length, output: output + start, outputGradient: outputGradient + start,
        inputGradient: inputGradient + start)
    }
  }

  /// y = tanh(x).
  public func tanh(
    count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.tanh(count: length, input: input + start, output: output + start)
    }
  }

  /// dx = dy · (1 - y²).
  public func tanhBackward(
    count: Int, output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.tanhBackward(
        count: length, output: output + start, outputGradient: outputGradient + start,
        inputGradient: inputGradient + start)
    }
  }

  /// y = f(x).
  public func elementwise(
    _ function: ElementwiseFunction, count: Int, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.elementwise(function, count: length, input: input + start, output: output + start)
    }
  }

  /// dx = dy · f'(x); 0 where f is constant, whatever dy is.
  public func elementwiseBackward(
    _ function: ElementwiseFunction, count: Int, input: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.elementwiseBackward(
        function, count: length, input: input + start, outputGradient: outputGradient + start,
        inputGradient: inputGradient + start)
    }
  }

  /// y = a + b.
  public func add(
    count: Int, a: UnsafePointer<Float>, b: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.add(count: length, a: a + start, b: b + start, output: output + start)
    }
  }

  /// y = a · b.
  public func multiply(
    count: Int, a: UnsafePointer<Float>, b: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.multiply(count: length, a: a + start, b: b + start, output: output + start)
    }
  }

  /// y = factor · x.
  public func scale(
    count: Int, factor: Float, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.scale(count: length, factor: factor, input: input + start, output: output + start)
    }
  }

  /// y += factor · x.
  public func addScaled(
    count: Int, factor: Float, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.addScaled(count: length, factor: factor, input: input + start, output: output + start)
    }
  }

  /// y = value.
  public func fill(count: Int, value: Float, output: UnsafeMutablePointer<Float>, pool: ThreadPool) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.fill(count: length, value: value, output: output + start)
    }
  }

  /// y = factor · x where the mask is not 0, else 0 · x: dropout with factor 1 / (1 - p), forward and
  /// backward.
  public func applyMask(
    count: Int, factor: Float, mask: UnsafePointer<UInt8>, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.applyMask(
        count: length, factor: factor, mask: mask + start, input: input + start,
        output: output + start)
    }
  }

  /// Σ x in double precision, on the calling thread.
  public func sum(count: Int, input: UnsafePointer<Float>) -> Double {
    build.sum(count: count, input: input)
  }
}
