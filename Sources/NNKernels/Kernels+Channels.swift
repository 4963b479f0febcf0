import NNKernelInterface

/// A map that differs by channel.
public typealias ChannelMap = NNKernelInterface.ChannelMap

// Sums by channel run in blocks of rows, each with float sums of its own, which are then added up in double
// precision in the order of the rows.
extension Kernels {
  /// Rows a task: 64 KiB.
  private func rowsPerTask(_ channels: Int) -> Int { max(1, 16384 / max(1, channels)) }

  private func taskCount(_ rows: Int, _ channels: Int) -> Int {
    let size = rowsPerTask(channels)
    return (rows + size - 1) / size
  }

  /// Floats of workspace that a sum by channel takes.
  public func channelSumsWorkspaceCount(rows: Int, channels: Int) -> Int {
    (2 * max(1, taskCount(rows, channels)) + 1) * channels
  }

  /// Σ x over the rows of (rows, channels).
  public func channelSums(
    rows: Int, channels: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let shift = workspace + 2 * max(1, taskCount(rows, channels)) * channels
    shift.update(repeating: 0, count: channels)
    forEachBlock(rows, channels, pool) { task, row, count in
      build.channelSums(
        rows: count, channels: channels, input: input + row * channels, shift: shift,
        output: workspace + task * channels)
    }
    for channel in 0..<channels { output[channel] = Float(total(rows, channels, workspace, channel)) }
  }

  /// The mean and the biased variance of each channel over at least one row, Σ (x - mean)² / rows.
  ///
  /// Each block of rows has a mean and a sum of squares around that of its own, put together by the rule of
  /// Chan, Golub and LeVeque (1979), so that large values that differ by little lose nothing.
  public func channelStatistics(
    rows: Int, channels: Int, input: UnsafePointer<Float>, mean: UnsafeMutablePointer<Float>,
    variance: UnsafeMutablePointer<Float>, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    precondition(rows >= 1, "statistics of no rows")
    let (tasks, size) = (taskCount(rows, channels), rowsPerTask(channels))
    let squares = workspace + tasks * channels
    forEachBlock(rows, channels, pool) { task, row, count in
      let (block, center) = (input + row * channels, workspace + task * channels)
      build.channelSums(rows: count, channels: channels, input: block, shift: block, output: center)
      for channel in 0..<channels { center[channel] = block[channel] + center[channel] / Float(count) }
      build.channelSquares(
        rows: count, channels: channels, input: block, mean: center, output: squares + task * channels)
    }
    for channel in 0..<channels {
      var (total, sum) = (0.0, 0.0)
      for task in 0..<tasks {
        let count = Double(min(size, rows - task * size))
        let seen = Double(task * size)
        let distance = Double(workspace[task * channels + channel]) - total
        total += distance * (count / (seen + count))
        sum +=
          Double(squares[task * channels + channel]) + distance * distance * (seen * count / (seen + count))
      }
      mean[channel] = Float(total)
      variance[channel] = Float(sum / Double(rows))
    }
  }

  /// Σ dy, and Σ dy · (x - mean), of each channel over the rows; with `relu` of the gradient before a ReLU of
  /// the mapped x.
  public func channelProducts(
    rows: Int, channels: Int, map: ChannelMap, relu: Bool, gradient: UnsafePointer<Float>,
    input: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>, products: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let second = workspace + max(1, taskCount(rows, channels)) * channels
    forEachBlock(rows, channels, pool) { task, row, count in
      build.channelProducts(
        rows: count, channels: channels, map: map, relu: relu, gradient: gradient + row * channels,
        input: input + row * channels, sums: workspace + task * channels, products: second + task * channels)
    }
    for channel in 0..<channels {
      sums[channel] = Float(total(rows, channels, workspace, channel))
      products[channel] = Float(total(rows, channels, second, channel))
    }
  }

  /// y = (x - mean) · scale + shift, each a number a channel; with `relu` not below 0.
  public func channelNormalize(
    rows: Int, channels: Int, map: ChannelMap, relu: Bool, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachBlock(rows, channels, pool) { _, row, count in
      build.channelNormalize(
        rows: count, channels: channels, map: map, relu: relu, input: input + row * channels,
        output: output + row * channels)
    }
  }

  /// dx = (dy - offset + (x - mean) · factor) · scale, each a number a channel; with `relu` of the gradient
  /// before a ReLU of the mapped x.
  public func channelNormalizeBackward(
    rows: Int, channels: Int, map: ChannelMap, relu: Bool, factor: UnsafePointer<Float>,
    offset: UnsafePointer<Float>, gradient: UnsafePointer<Float>, input: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    forEachBlock(rows, channels, pool) { _, row, count in
      build.channelNormalizeBackward(
        rows: count, channels: channels, map: map, relu: relu, factor: factor, offset: offset,
        gradient: gradient + row * channels, input: input + row * channels,
        inputGradient: inputGradient + row * channels)
    }
  }

  private func forEachBlock(
    _ rows: Int, _ channels: Int, _ pool: ThreadPool, _ body: (_ task: Int, _ row: Int, _ count: Int) -> Void
  ) {
    let size = rowsPerTask(channels)
    pool.run(tasks: taskCount(rows, channels)) { task, _ in
      body(task, task * size, min(size, rows - task * size))
    }
  }

  /// The sum of one channel's partial sums.
  private func total(
    _ rows: Int, _ channels: Int, _ partials: UnsafePointer<Float>, _ channel: Int
  ) -> Double {
    var sum = 0.0
    for task in 0..<taskCount(rows, channels) { sum += Double(partials[task * channels + channel]) }
    return sum
  }
}
