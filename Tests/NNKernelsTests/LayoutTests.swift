import NNKernels
import Testing

@Suite struct LayoutTests {
  @Test(arguments: TestBuild.all)
  func bothWaysForAllTails(build: TestBuild) {
    for (batch, channels, plane) in [
      (1, 1, 5), (2, 3, 1), (3, 7, 9), (2, 8, 8), (2, 8, 16), (1, 9, 15), (2, 17, 33), (20, 3, 1024),
    ] {
      let count = batch * channels * plane
      let first = Buffer(count, seed: 1)
      let (last, back) = (Buffer(count), Buffer(count))
      build.kernels.convertToChannelsLast(
        batch: batch, channels: channels, plane: plane, input: first.pointer, output: last.pointer,
        pool: Pools.three)
      build.kernels.convertToChannelsFirst(
        batch: batch, channels: channels, plane: plane, input: last.pointer, output: back.pointer,
        pool: Pools.three)
      let expected = (0..<count).map { index in
        let (n, rest) = (index / (channels * plane), index % (channels * plane))
        return first.pointer[(n * channels + rest % channels) * plane + rest / channels]
      }
      #expect(last.values == expected, "\(batch)×\(channels)×\(plane)")
      #expect(back.values == first.values, "\(batch)×\(channels)×\(plane)")
      #expect(last.guardIsIntact && back.guardIsIntact, "\(batch)×\(channels)×\(plane)")
    }
  }
}
