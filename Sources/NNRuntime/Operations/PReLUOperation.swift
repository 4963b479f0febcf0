import NNKernels
import NNShapes

/// The numbers of a recorded PReLU.
struct PReLUOperation {
  /// The tensor as it lies in memory, seen as (outer, axis, inner) with a weight for each index of the
  /// axis.
  let layout: AxisLayout

  /// Indices of the outer dimension that a task works on.
  fileprivate var blocksPerTask: Int {
    max(1, PReLUOperation.taskSize / max(1, layout.axis * layout.inner))
  }

  fileprivate var taskCount: Int { (layout.outer + blocksPerTask - 1) / blocksPerTask }

  /// Elements a task. Must not depend on the number of threads: it decides the order of sums.
  private static let taskSize = 16384
}

extension Tape {
  /// y = x for x > 0, else w[c] · x, where c is the index in dimension 1, or 0 for a single weight.
  ///
  /// `input` of any shape; `weight` (1), or (C) with an input (N, C, …). dx = dy or w[c] · dy, dw[c] = Σ
  /// x · dy over x ≤ 0. Traps where the weights are not as many as the channels.
  public func prelu(_ input: Variable, weight: Variable) -> Variable {
    let (x, w) = (tensor(input), tensor(weight))
    let operation = PReLUOperation(layout: preluLayout(x, weights: w.count))
    let output = pool.makeTensor(x.shape, x.format)
    let (axis, inner) = (operation.layout.axis, operation.layout.inner)
    let (source, slopes, target) = (x.pointer, w.pointer, output.pointer)
    forEachBlock(of: operation) { _, start in
      if inner == 1 {
        let (x, y) = (source + start, target + start)
        for channel in 0..<axis { y[channel] = x[channel] > 0 ? x[channel] : slopes[channel] * x[channel] }
        return
      }
      for channel in 0..<axis {
        let (slope, first) = (slopes[channel], start + channel * inner)
        for index in first..<(first + inner) {
          target[index] = source[index] > 0 ? source[index] : slope * source[index]
        }
      }
    }
    return record(
      .prelu(operation), Node.Inputs(first: input.index, second: weight.index), output)
  }

  func preluBackward(_ operation: PReLUOperation, _ node: Node, _ outputGradient: Tensor) {
    let (x, w) = (values[node.inputs.first].tensor, values[node.inputs.second].tensor)
    let (axis, inner) = (operation.layout.axis, operation.layout.inner)
    let (source, slopes, dy) = (x.pointer, w.pointer, outputGradient.pointer)
    if wantsGradient(node.inputs.first) {
      let inputGradient = pool.makeTensor(x.shape, x.format)
      let dx = inputGradient.pointer
      forEachBlock(of: operation) { _, start in
        if inner == 1 {
          let (x, dx, dy) = (source + start, dx + start, dy + start)
          for channel in 0..<axis {
            dx[channel] = x[channel] > 0 ? dy[channel] : slopes[channel] * dy[channel]
          }
          return
        }
        for channel in 0..<axis {
          let (slope, first) = (slopes[channel], start + channel * inner)
          for index in first..<(first + inner) {
            dx[index] = source[index] > 0 ? dy[index] : slope * dy[index]
          }
        }
      }
      addGradient(inputGradient, to: node.inputs.first)
    }
    guard wantsGradient(node.inputs.second) else { return }
    // A sum of each task's own, then those in order.
    let count = w.count
    let workspace = makeWorkspace(operation.taskCount * count)
    workspace.pointer.update(repeating: 0, count: workspace.count)
    let sums = workspace.pointer
    forEachBlock(of: operation) { task, start in
      if inner == 1 {
        let (x, dy, sums) = (source + start, dy + start, sums + task * count)
        for channel in 0..<axis { sums[channel] += x[channel] > 0 ? 0 : x[channel] * dy[channel] }
        return
      }
      for channel in 0..<axis {
        var sum: Float = 0
        let first = start + channel * inner
        for index in first..<(first + inner) { sum += source[index] > 0 ? 0 : source[index] * dy[index] }
        sums[task * count + channel] += sum
      }
    }
    let weightGradient = pool.makeTensor(w.shape)
    for channel in 0..<count {
      var sum = 0.0
      for task in 0..<operation.taskCount { sum += Double(sums[task * count + channel]) }
      weightGradient.pointer[channel] = Float(sum)
    }
    addGradient(weightGradient, to: node.inputs.second)
  }

  // Channels that lie side by side, `inner` 1, have loops of their own: those become vector loops.

  /// Calls `body` with the first element of each index of the outer dimension, tasks in parallel.
  private func forEachBlock(of operation: PReLUOperation, _ body: (_ task: Int, _ start: Int) -> Void) {
    let (layout, blocksPerTask) = (operation.layout, operation.blocksPerTask)
    threads.run(tasks: operation.taskCount) { task, _ in
      for block in (task * blocksPerTask)..<min((task + 1) * blocksPerTask, layout.outer) {
        body(task, block * layout.axis * layout.inner)
      }
    }
  }

  private func preluLayout(_ x: Tensor, weights: Int) -> AxisLayout {
    if weights == 1 {
      return AxisLayout(outer: x.shape.rank == 0 ? 1 : x.shape[0], axis: 1, of: x.count)
    }
    precondition(
      x.shape.rank >= 2 && x.shape[1] == weights, "PReLU(num_parameters=\(weights)) of \(x.shape)")
    guard x.format == .channelsLast else { return AxisLayout(x.shape, dim: 1, "PReLU") }
    switch x.shape.rank {
    // (N, H, W, C): the weights lie side by side.
    case 4: return AxisLayout(outer: x.shape[0] * x.shape[2] * x.shape[3], axis: weights, of: x.count)
    // (H, W, C) of a (C, H, W), whose dimension 1 is H.
    case 3: return AxisLayout(outer: 1, axis: weights, of: x.count)
    default: return AxisLayout(x.shape, dim: 1, "PReLU")
    }
  }
}

extension AxisLayout {
  /// `count` elements as (outer, axis, the rest).
  fileprivate init(outer: Int, axis: Int, of count: Int) {
    self.outer = outer
    self.axis = axis
    inner = outer == 0 || axis == 0 ? 0 : count / (outer * axis)
  }
}
