import NNKernels
import Testing

/// Sums and maps by channel against their formulas in double precision, on every build.
@Suite struct ChannelTests {
  @Test(arguments: TestBuild.all)
  func everyWidth(build: TestBuild) {
    for channels in [1, 3, 4, 8, 9, 16, 17, 33, 64] {
      for rows in [1, 2, 3, 4, 5, 31] { check(build, rows, channels) }
    }
    check(build, 40_000, 3)
    check(build, 3000, 64)
  }

  /// Large values that differ by little: the variance is that of the differences.
  @Test(arguments: TestBuild.all)
  func largeMeans(build: TestBuild) {
    let (rows, channels) = (5000, 5)
    let x = Buffer(rows * channels, seed: 3)
    for index in 0..<x.count { x.pointer[index] = 4096 + x.pointer[index].rounded() }
    let statistics = statistics(build, rows, channels, x)
    for channel in 0..<channels {
      let exact = moments(x, rows, channels, channel)
      #expect(abs(Double(statistics.mean.pointer[channel]) - exact.mean) < 1e-3)
      #expect(abs(Double(statistics.variance.pointer[channel]) - exact.variance) < 1e-5)
    }
    for index in 0..<x.count { x.pointer[index] = 1000.1 }
    let constant = self.statistics(build, rows, channels, x)
    for channel in 0..<channels {
      #expect(constant.mean.pointer[channel] == 1000.1 && constant.variance.pointer[channel] == 0)
    }
  }

  private func statistics(_ build: TestBuild, _ rows: Int, _ channels: Int, _ x: Buffer) -> (
    mean: Buffer, variance: Buffer
  ) {
    let (mean, variance) = (Buffer(channels), Buffer(channels))
    let workspace = Buffer(build.kernels.channelSumsWorkspaceCount(rows: rows, channels: channels))
    build.kernels.channelStatistics(
      rows: rows, channels: channels, input: x.pointer, mean: mean.pointer, variance: variance.pointer,
      workspace: workspace.pointer, pool: Pools.three)
    #expect(mean.guardIsIntact && variance.guardIsIntact && workspace.guardIsIntact)
    return (mean, variance)
  }

  private func moments(_ x: Buffer, _ rows: Int, _ channels: Int, _ channel: Int) -> (
    mean: Double, variance: Double
  ) {
    let values = (0..<rows).map { Double(x.pointer[$0 * channels + channel]) }
    let mean = values.reduce(0, +) / Double(rows)
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows))
  }

  private func check(_ build: TestBuild, _ rows: Int, _ channels: Int) {
    let kernels = build.kernels
    let (x, dy) = (Buffer(rows * channels, seed: 1), Buffer(rows * channels, seed: 2))
    let (mean, variance) = statistics(build, rows, channels, x)
    let (scale, shift) = (Buffer(channels, seed: 4), Buffer(channels, seed: 5))
    let (factor, offset) = (Buffer(channels, seed: 6), Buffer(channels, seed: 7))
    let sum = Buffer(channels)
    let workspace = Buffer(kernels.channelSumsWorkspaceCount(rows: rows, channels: channels))
    kernels.channelSums(
      rows: rows, channels: channels, input: x.pointer, output: sum.pointer, workspace: workspace.pointer,
      pool: Pools.three)
    for channel in 0..<channels {
      let exact = moments(x, rows, channels, channel)
      #expect(abs(Double(mean.pointer[channel]) - exact.mean) < 1e-6, "\(rows)×\(channels)")
      #expect(abs(Double(variance.pointer[channel]) - exact.variance) < 1e-6, "\(rows)×\(channels)")
      #expect(abs(Double(sum.pointer[channel]) - exact.mean * Double(rows)) < 1e-5 * Double(rows + 10))
    }
    for relu in [false, true] {
      let map = ChannelMap(mean: mean.pointer, scale: scale.pointer, shift: shift.pointer)
      let (y, dx) = (Buffer(rows * channels), Buffer(rows * channels))
      let (sums, products) = (Buffer(channels), Buffer(channels))
      kernels.channelNormalize(
        rows: rows, channels: channels, map: map, relu: relu, input: x.pointer, output: y.pointer,
        pool: Pools.three)
      kernels.channelProducts(
        rows: rows, channels: channels, map: map, relu: relu, gradient: dy.pointer, input: x.pointer,
        sums: sums.pointer, products: products.pointer, workspace: workspace.pointer, pool: Pools.three)
      kernels.channelNormalizeBackward(
        rows: rows, channels: channels, map: map, relu: relu, factor: factor.pointer, offset: offset.pointer,
        gradient: dy.pointer, input: x.pointer, inputGradient: dx.pointer, pool: Pools.three)
      let (wantedY, wantedDx) = (Buffer(rows * channels), Buffer(rows * channels))
      var (wantedSums, wantedProducts) = (
        [Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels)
      )
      for index in 0..<rows * channels {
        let channel = index % channels
        let distance = x.pointer[index] - mean.pointer[channel]
        let value = distance * scale.pointer[channel] + shift.pointer[channel]
        wantedY.pointer[index] = relu ? max(value, 0) : value
        // Where rounding may decide whether the ReLU is open, the kernel's own output does.
        let isOpen = !relu || y.pointer[index] > 0
        let g = isOpen ? dy.pointer[index] : 0
        wantedSums[channel] += Double(g)
        wantedProducts[channel] += Double(g) * Double(distance)
        wantedDx.pointer[index] =
          (g - offset.pointer[channel] + distance * factor.pointer[channel]) * scale.pointer[channel]
      }
      #expect(y.error(against: wantedY) < 1e-6 && dx.error(against: wantedDx) < 1e-6, "\(rows)×\(channels)")
      #expect(y.guardIsIntact && dx.guardIsIntact && sums.guardIsIntact && products.guardIsIntact)
      for channel in 0..<channels {
        let bound = 1e-6 * Double(rows + 10)
        #expect(abs(Double(sums.pointer[channel]) - wantedSums[channel]) < bound)
        #expect(abs(Double(products.pointer[channel]) - wantedProducts[channel]) < bound)
      }
    }
  }
}
