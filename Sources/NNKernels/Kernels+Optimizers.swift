import NNKernelInterface

/// See the type of the same name for the formula and the meaning of each number.
public typealias SGDStep = NNKernelInterface.SGDStep
/// See the type of the same name for the formula and the meaning of each number.
public typealias AdamStep = NNKernelInterface.AdamStep

private let pieceSize = 16384

extension Kernels {
  /// Updates a parameter, and its momentum buffer where momentum is not 0, in one pass.
  public func sgd(
    count: Int, step: SGDStep, parameter: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    momentumBuffer: UnsafeMutablePointer<Float>?, pool: ThreadPool
  ) {
    precondition(
      step.momentum == 0 || momentumBuffer != nil, "SGD: momentum \(step.momentum) without a buffer")
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.sgd(
        count: length, step: step, parameter: parameter + start, gradient: gradient + start,
        momentumBuffer: momentumBuffer.map { $0 + start })
    }
  }

  /// Updates a parameter and its moments in one pass; `maximumVariance` is AMSGrad's, nil without.
  public func adam(
    count: Int, step: AdamStep, parameter: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, mean: UnsafeMutablePointer<Float>,
    variance: UnsafeMutablePointer<Float>, maximumVariance: UnsafeMutablePointer<Float>?,
    pool: ThreadPool
  ) {
    forEachPiece(of: count, size: pieceSize, pool) { start, length in
      build.adam(
        count: length, step: step, parameter: parameter + start, gradient: gradient + start,
        mean: mean + start, variance: variance + start,
        maximumVariance: maximumVariance.map { $0 + start })
    }
  }
}
