import NNKernels
import NNShapes
import Testing

/// Shapes around the tiles, regions and vectors of Winograd's method: all passes, with and without a
/// pooling, on builds that are made to use it.
@Suite struct WinogradTests {
  private func check(_ g: Conv2dGeometry) {
    ConvolutionTests().check(g)
    FusedConvolutionTests().check(g)
  }

  /// Outputs of 1, T - 1, T, T + 1 and 2T + 1 pixels for tiles of T = 4.
  @Test(arguments: [1, 3, 4, 5, 9], [3, 5])
  func tiles(size: Int, kernel: Int) {
    let padding = kernel / 2
    for other in [1, 4, 6, 8] {
      check(
        conv(
          2, 5, size, other, 6, kernel: (kernel, kernel),
          padding: (padding, padding, padding, padding)))
    }
  }

  /// From none to a whole kernel, more on one side than on the other.
  @Test(arguments: [3, 5])
  func paddings(kernel: Int) {
    for (before, after) in [(0, 0), (0, 1), (2, 1), (kernel - 1, 0), (kernel, kernel)] {
      check(
        conv(1, 9, 8, 7, 17, kernel: (kernel, kernel), padding: (before, after, after, before)))
    }
  }

  /// Channels around the vectors of all builds.
  @Test(arguments: [1, 2, 3, 4, 8, 15, 16, 17, 33], [1, 8, 16, 31, 32, 33])
  func channels(inputs: Int, outputs: Int) {
    check(conv(2, inputs, 5, 6, outputs, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(1, inputs, 6, 5, outputs, kernel: (5, 5), padding: (2, 2, 2, 2)))
  }

  /// One to four source channels, one more, and as many output channels: the forward pass or the input
  /// gradient is a shallow one. Odd sizes, tiles that are cut off below, beside and at both, an odd number of
  /// tiles, output channels that fill vectors of all builds or break them, one image and several.
  @Test(arguments: [1, 2, 3, 4, 5], [3, 5])
  func shallow(channels: Int, kernel: Int) {
    let p = kernel / 2
    for (height, width) in [(4, 4), (7, 13), (12, 9), (5, 20)] {
      for others in [7, 8, 16, 19, 32] {
        check(conv(1, channels, height, width, others, kernel: (kernel, kernel), padding: (p, p, p, p)))
      }
      check(conv(5, channels, height, width, 17, kernel: (kernel, kernel), padding: (p, 0, 1, p)))
      check(conv(3, 18, height, width, channels, kernel: (kernel, kernel), padding: (p, p, p, p)))
    }
    // Several regions an image, and several images a region.
    check(conv(2, channels, 41, 38, 33, kernel: (kernel, kernel), padding: (p, p, p, p)))
    check(conv(17, channels, 7, 6, 16, kernel: (kernel, kernel), padding: (p, p, p, p)))
  }

  /// Several images a region, several regions an image, a last region that is smaller.
  @Test(arguments: [3, 5])
  func regions(kernel: Int) {
    let p = kernel / 2
    check(conv(41, 4, 4, 4, 8, kernel: (kernel, kernel), padding: (p, p, p, p)))
    check(conv(7, 8, 8, 8, 40, kernel: (kernel, kernel), padding: (p, p, p, p)))
    check(conv(2, 3, 50, 46, 9, kernel: (kernel, kernel), padding: (p, p, p, p)))
    check(conv(1, 96, 6, 6, 100, kernel: (kernel, kernel), padding: (p, p, p, p)))
  }

  /// Tile counts around the two bounds of ``FewWinogradTiles``, with channels enough for either order of
  /// work and, in the last case, more than are brought to the points at a time.
  @Test(arguments: [3, 5])
  func fewTilesOrMany(kernel: Int) {
    let p = kernel / 2
    for batch in [24, 25, 64, 65] {
      check(conv(batch, 33, 4, 3, 18, kernel: (kernel, kernel), padding: (p, p, p, p)))
    }
    check(conv(3, 150, 7, 9, 40, kernel: (kernel, kernel), padding: (p, p, p, p)))
  }

  /// One to five tiles, around the most of a row tile, with channels for several steps of it, whole blocks of
  /// all builds and broken ones.
  @Test(arguments: [1, 2, 3, 4, 5], [24, 64])
  func tilesInARow(tiles: Int, outputs: Int) {
    check(conv(1, 70, 4, 4 * tiles - 1, outputs, kernel: (3, 3), padding: (1, 1, 1, 1)))
    check(conv(tiles, 33, 3, 4, outputs, kernel: (3, 3), padding: (1, 1, 1, 1)))
  }

  /// Input gradients of few tiles whose tasks compute several blocks, the last one fewer, with output
  /// channels enough for several steps: of 288, 18 blocks of 16 channels or 9 of 32; of 72, 9 of 8; of 144,
  /// 9 of 16.
  @Test(arguments: [(288, 80, 3), (72, 150, 3), (72, 150, 5), (144, 80, 5)])
  func blocksTogether(inputs: Int, outputs: Int, kernel: Int) {
    let p = kernel / 2
    check(conv(1, inputs, 6, 6, outputs, kernel: (kernel, kernel), padding: (p, p, p, p)))
  }

  /// A stride of 2: sizes around the tiles of both phases, odd and even, each with paddings that put the first
  /// tap on either phase.
  @Test(arguments: [1, 2, 7, 8, 9, 15, 16, 17], [3, 5])
  func strideOfTwo(size: Int, kernel: Int) {
    for (before, after) in [(0, 0), (1, 0), (1, 1), (2, 1), (2, 2), (kernel, kernel)]
    where size + before + after >= kernel {
      check(
        conv(
          2, 6, size, max(size, kernel) - 1, 9, kernel: (kernel, kernel), stride: (2, 2),
          padding: (before, after, after, max(before, 1))))
    }
  }

  /// The same with channels around the vectors, and with several regions.
  @Test(arguments: [1, 8, 16, 17, 40], [1, 16, 33, 64])
  func strideOfTwoChannels(inputs: Int, outputs: Int) {
    for kernel in [3, 5] {
      let p = kernel / 2
      check(
        conv(
          3, inputs, 8, 11, outputs, kernel: (kernel, kernel), stride: (2, 2), padding: (p, p, p, p)))
    }
    check(conv(1, inputs, 40, 36, outputs, kernel: (3, 3), stride: (2, 2), padding: (1, 1, 1, 1)))
    check(conv(41, inputs, 6, 6, outputs, kernel: (3, 3), stride: (2, 2), padding: (1, 1, 1, 1)))
  }

  /// Weight gradients whose sums outgrow a slice, in slices of several row tiles.
  @Test func slices() {
    check(conv(30, 208, 4, 4, 230, kernel: (3, 3), padding: (1, 1, 1, 1)))
  }
}
