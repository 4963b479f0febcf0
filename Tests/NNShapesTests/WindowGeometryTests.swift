import NNShapes
import Testing

@Suite struct WindowGeometryTests {
  /// Windows counted one by one: those that lie within the padded axis, and in ceil mode also those
  /// that hang over its end, as long as they start before the right padding.
  private func countedWindows(_ window: WindowGeometry, size: Int) -> Int {
    let end = size + window.paddingBefore + window.paddingAfter
    var count = 0
    var start = 0
    while true {
      let fits = start + window.effectiveKernel <= end
      // The next window after the last that fits begins in reach of the data: PyTorch keeps it.
      let hangs =
        window.ceilMode && start < size + window.paddingBefore
        && start + window.effectiveKernel < end + window.stride
      if !fits && !hangs { return count }
      count += 1
      start += window.stride
    }
  }

  @Test func outputSizeIsTheNumberOfWindows() {
    for size in 1...12 {
      for kernel in 1...4 {
        for stride in 1...4 {
          for padding in 0...kernel / 2 {
            for dilation in 1...3 {
              for ceilMode in [false, true] {
                let window = WindowGeometry(
                  kernel: kernel, stride: stride, paddingBefore: padding, paddingAfter: padding,
                  dilation: dilation, ceilMode: ceilMode)
                guard window.effectiveKernel <= size + 2 * padding else { continue }
                #expect(
                  window.outputSize(of: size) == countedWindows(window, size: size),
                  "size \(size), \(window)")
              }
            }
          }
        }
      }
    }
  }

  /// Figures of `torch.nn.MaxPool2d` and `Conv2d` on one axis.
  @Test(arguments: [
    (32, 5, 1, 2, 1, false, 32), (32, 2, 2, 0, 1, false, 16), (9, 2, 2, 0, 1, false, 4),
    (9, 2, 2, 0, 1, true, 5), (4, 3, 3, 1, 1, true, 2), (28, 3, 2, 1, 2, false, 13),
    (1, 2, 2, 0, 1, false, 0),
  ])
  func outputSizeAsInPyTorch(
    size: Int, kernel: Int, stride: Int, padding: Int, dilation: Int, ceilMode: Bool, expected: Int
  ) {
    let window = WindowGeometry(
      kernel: kernel, stride: stride, paddingBefore: padding, paddingAfter: padding, dilation: dilation,
      ceilMode: ceilMode)
    #expect(window.outputSize(of: size) == expected)
  }

  @Test func samePaddingKeepsTheSize() {
    for size in 1...9 {
      for kernel in 1...6 {
        for dilation in 1...3 {
          let padding = WindowGeometry.samePadding(kernel: kernel, dilation: dilation)
          let window = WindowGeometry(
            kernel: kernel, stride: 1, paddingBefore: padding.before, paddingAfter: padding.after,
            dilation: dilation, ceilMode: false)
          #expect(window.outputSize(of: size) == size)
          #expect(padding.after - padding.before == dilation * (kernel - 1) % 2)
        }
      }
    }
  }

  @Test func unusedTailCountsTheElementsBehindTheLastWindow() {
    let pool = WindowGeometry(
      kernel: 2, stride: 2, paddingBefore: 0, paddingAfter: 0, dilation: 1, ceilMode: false)
    #expect(pool.unusedTail(of: 8) == 0)
    #expect(pool.unusedTail(of: 9) == 1)
    #expect(pool.unusedTail(of: 1) == 0)
  }
}
