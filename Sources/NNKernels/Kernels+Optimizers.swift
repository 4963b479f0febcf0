import NNKernelInterface

/// See the type of the same name for the formulas and the meaning of each number.
public typealias OptimizerStep = NNKernelInterface.OptimizerStep
/// See the type of the same name for the formula and the meaning of each number.
public typealias SGDStep = NNKernelInterface.SGDStep
/// See the type of the same name for the formula and the meaning of each number.
public typealias AdamStep = NNKernelInterface.AdamStep
/// See the type of the same name for the formula and the meaning of each number.
public typealias AdamaxStep = NNKernelInterface.AdamaxStep
/// See the type of the same name for the formula and the meaning of each number.
public typealias RMSpropStep = NNKernelInterface.RMSpropStep
/// See the type of the same name for the formula and the meaning of each number.
public typealias AdagradStep = NNKernelInterface.AdagradStep
/// See the type of the same name for the formula and the meaning of each number.
public typealias AdadeltaStep = NNKernelInterface.AdadeltaStep
/// See the type of the same name.
public typealias OptimizerBuffers = NNKernelInterface.OptimizerBuffers

/// One parameter in a step of an optimizer.
public struct ParameterUpdate {
  /// Elements of the parameter and of each of its buffers.
  public var count: Int
  public var step: OptimizerStep
  public var parameter: UnsafeMutablePointer<Float>
  public var gradient: UnsafePointer<Float>
  public var buffers: OptimizerBuffers

  /// Traps where a buffer is missing that `step` needs.
  public init(
    count: Int, step: OptimizerStep, parameter: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, buffers: OptimizerBuffers
  ) {
    precondition(buffers.suffice(for: step), "\(step): a buffer is missing")
    self.count = count
    self.step = step
    self.parameter = parameter
    self.gradient = gradient
    self.buffers = buffers
  }
}

extension OptimizerBuffers {
  fileprivate func suffice(for step: OptimizerStep) -> Bool {
    switch step {
    case .sgd(let step): step.momentum == 0 || first != nil
    case .rmsprop(let step):
      first != nil && (!step.centered || second != nil) && (step.momentum == 0 || third != nil)
    case .adagrad: first != nil
    case .adam, .adamax, .adadelta: first != nil && second != nil
    }
  }

  fileprivate func advanced(by count: Int) -> OptimizerBuffers {
    OptimizerBuffers(first.map { $0 + count }, second.map { $0 + count }, third.map { $0 + count })
  }
}

/// Elements a task: 64 KiB of each operand.
private let pieceSize = 16384

extension Kernels {
  /// Updates all parameters, and what is kept for them, in one pass and one parallel loop.
  public func update(_ updates: UnsafeBufferPointer<ParameterUpdate>, pool: ThreadPool) {
    forEachPiece(updates.count, pool) { index in
      updates[index].count
    } body: { index, start, length in
      let update = updates[index]
      build.update(
        count: length, step: update.step, parameter: update.parameter + start,
        gradient: update.gradient + start, buffers: update.buffers.advanced(by: start))
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
