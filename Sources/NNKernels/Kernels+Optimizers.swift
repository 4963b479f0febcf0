import NNKernelInterface

/// See the type of the same name for the formula and the meaning of each number.
public typealias SGDStep = NNKernelInterface.SGDStep
/// See the type of the same name for the formula and the meaning of each number.
public typealias AdamStep = NNKernelInterface.AdamStep

/// One parameter in a step of stochastic gradient descent.
public struct SGDUpdate {
  /// Elements of the parameter and of each of its buffers.
  public var count: Int
  public var step: SGDStep
  public var parameter: UnsafeMutablePointer<Float>
  public var gradient: UnsafePointer<Float>
  /// Not nil where `step` has a momentum.
  public var momentumBuffer: UnsafeMutablePointer<Float>?

  public init(
    count: Int, step: SGDStep, parameter: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    momentumBuffer: UnsafeMutablePointer<Float>?
  ) {
    precondition(
      step.momentum == 0 || momentumBuffer != nil, "SGD: momentum \(step.momentum) without a buffer")
    self.count = count
    self.step = step
    self.parameter = parameter
    self.gradient = gradient
    self.momentumBuffer = momentumBuffer
  }
}

/// One parameter in a step of Adam.
public struct AdamUpdate {
  /// Elements of the parameter and of each of its buffers.
  public var count: Int
  public var step: AdamStep
  public var parameter: UnsafeMutablePointer<Float>
  public var gradient: UnsafePointer<Float>
  public var mean: UnsafeMutablePointer<Float>
  public var variance: UnsafeMutablePointer<Float>
  /// AMSGrad's, nil without.
  public var maximumVariance: UnsafeMutablePointer<Float>?

  public init(
    count: Int, step: AdamStep, parameter: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    mean: UnsafeMutablePointer<Float>, variance: UnsafeMutablePointer<Float>,
    maximumVariance: UnsafeMutablePointer<Float>?
  ) {
    self.count = count
    self.step = step
    self.parameter = parameter
    self.gradient = gradient
    self.mean = mean
    self.variance = variance
    self.maximumVariance = maximumVariance
  }
}

/// Elements a task: 64 KiB of each operand.
private let pieceSize = 16384

extension Kernels {
  /// Updates all parameters, and their momentum buffers, in one pass and one parallel loop.
  public func sgd(_ updates: UnsafeBufferPointer<SGDUpdate>, pool: ThreadPool) {
    forEachPiece(updates.count, pool) { index in
      updates[index].count
    } body: { index, start, length in
      let update = updates[index]
      build.sgd(
        count: length, step: update.step, parameter: update.parameter + start,
        gradient: update.gradient + start, momentumBuffer: update.momentumBuffer.map { $0 + start })
    }
  }

  /// Updates all parameters and their moments in one pass and one parallel loop.
  public func adam(_ updates: UnsafeBufferPointer<AdamUpdate>, pool: ThreadPool) {
    forEachPiece(updates.count, pool) { index in
      updates[index].count
    } body: { index, start, length in
      let update = updates[index]
      build.adam(
        count: length, step: update.step, parameter: update.parameter + start,
        gradient: update.gradient + start, mean: update.mean + start, variance: update.variance + start,
        maximumVariance: update.maximumVariance.map { $0 + start })
    }
  }

  /// Cuts the parameters, one behind the other, into pieces of ``pieceSize`` elements, and calls
  /// `body(parameter, start, length)` for each part of a parameter in a piece.
  @inline(__always)
  private func forEachPiece(
    _ parameters: Int, _ pool: ThreadPool, size: (_ parameter: Int) -> Int,
    body: (_ parameter: Int, _ start: Int, _ length: Int) -> Void
  ) {
    var total = 0
    var index = 0
    while index < parameters {
      total += size(index)
      index += 1
    }
    forEachPiece(of: total, size: pieceSize, pool) { pieceStart, pieceLength in
      let pieceEnd = pieceStart + pieceLength
      var (parameter, first) = (0, 0)
      while first < pieceEnd {
        let count = size(parameter)
        let start = max(pieceStart - first, 0)
        let end = min(pieceEnd - first, count)
        if start < end { body(parameter, start, end - start) }
        first += count
        parameter += 1
      }
    }
  }
}
