import NNRuntime
import NNShapes
import Testing

/// Literals: torch 2.13, CPU, after `torch.manual_seed(7)` unless another seed is named.
@Suite
struct GeneratorTests {
  @Test
  func uniformTakes24Bits() {
    let generator = Generator(seed: 0)
    let expected = [8_325_804, 12_888_623, 1_484_405, 2_215_104, 5_157_699, 10_638_075]
    #expect(expected.map { _ in Int(generator.uniform() * 0x1p24) } == expected)
  }

  @Test(
    arguments: [
      (0, 900_450_186_894_289_455), (1, 7_692_698_082_559_361_259),
      (42, 6_909_045_637_428_952_499), ((1 << 40) + 7, 1_407_639_518_939_636_932),
      (7, 1_407_639_518_939_636_932),
    ] as [(UInt64, Int64)])
  func seedsCountByTheirLow32Bits(seed: UInt64, expected: Int64) {
    #expect(Generator(seed: seed).randomInt64() == expected)
  }

  @Test
  func uniformRoundsOnce() {
    let generator = Generator(seed: 7)
    let expected: [Float] = [
      0x1.e11f1p-3, -0x1.9e8090p-4, 0x1.6fd530p-2, 0x1.6d74a4p-2, -0x1.1368a0p-4, 0x1.002030p-3,
    ]
    #expect(expected.map { _ in generator.uniform(-0.3, 0.7) } == expected)
  }

  @Test
  func uniformDouble() {
    let generator = Generator(seed: 7)
    let expected = [0x1.1e15e7465c988p-2, 0x1.18432a35053ecp-2, 0x1.b9643fa6cd0d3p-1]
    #expect(expected.map { _ in generator.uniformDouble() } == expected)
  }

  @Test
  func randint() {
    let generator = Generator(seed: 7)
    #expect((0..<8).map { _ in generator.randint(-3, 11) } == [2, 3, 10, 5, -2, 8, 10, -2])
  }

  @Test
  func randperm() {
    #expect(Generator(seed: 7).randperm(12) == [3, 4, 0, 5, 7, 9, 11, 6, 8, 1, 10, 2])
    #expect(Generator(seed: 7).randperm(0) == [])
    #expect(Generator(seed: 7).randperm(1) == [0])
  }

  /// Below 16 values pairs are made in double precision, and the odd one waits.
  @Test
  func fewNormalValues() {
    let generator = Generator(seed: 7)
    let first: [Float] = [
      -0.1467950940132141, 0.7861412763595581, 0.9468216300010681, -1.1143440008163452,
      1.6907901763916016,
    ]
    #expect(difference("randn(5)", generator.randn(5), first, normalTolerance) == nil)
    let second: [Float] = [-0.8948279023170471, -0.3556250333786011]
    #expect(difference("randn(2)", generator.randn(2), second, normalTolerance) == nil)
    #expect(generator.uniform() == 0.720380425453186)
  }

  /// From 16 on blocks of 16 are made, the last one anew where it is not whole.
  @Test
  func manyNormalValues() {
    let sixteen: [Float] = [
      -0.8201345205307007, 0.39563116431236267, 0.8989084959030151, -1.3884038925170898,
      -0.16699601709842682, 0.2851499617099762, -0.641091525554657, -0.8936554193496704,
      0.9265429973602295, -0.5355122089385986, -1.1597203016281128, -0.4601571559906006,
      0.7085390686988831, 1.0127553939819336, 0.23039686679840088, 1.090165138244629,
    ]
    #expect(
      difference("randn(16)", Generator(seed: 7).randn(16), sixteen, normalTolerance) == nil)
    let nineteen: [Float] = [
      -0.8201345205307007, 0.39563116431236267, 0.8989084959030151, -0.3300117254257202,
      0.19844505190849304, 0.7820726633071899, 1.0391076803207397, -0.7245107293128967,
      -0.8489086031913757, -1.2169294357299805, -0.08102158457040787, -0.3452419638633728,
      -2.0614778995513916, 0.6741006970405579, -1.3233457803726196, -1.3597689867019653,
      -0.866701602935791, -0.5640066862106323, -2.056462526321411,
    ]
    let generator = Generator(seed: 7)
    #expect(difference("randn(19)", generator.randn(19), nineteen, normalTolerance) == nil)
    #expect(generator.uniform() == 0.9592165946960449)
  }

  private let normalTolerance = Tolerance(absolute: 1e-6, relative: 1e-6)

  /// Two passes of a shuffling loader, one of an unshuffled one, which draws as well.
  @Test
  func sampleOrder() {
    let generator = Generator(seed: 7)
    #expect(generator.sampleOrder(count: 10, shuffle: true) == [3, 2, 7, 8, 6, 1, 5, 9, 0, 4])
    #expect(generator.sampleOrder(count: 10, shuffle: true) == [1, 3, 5, 2, 8, 9, 6, 7, 4, 0])
    #expect(generator.sampleOrder(count: 10, shuffle: false) == Array(0..<10))
    #expect(generator.uniform() == 0.8549431562423706)
  }

  @Test
  func stateGoesOnWhereItWasSaved() throws {
    let generator = Generator(seed: 3)
    _ = generator.randn(7)
    for _ in 0..<1000 { _ = generator.next32() }
    let state = generator.state
    #expect(state.cachedNormal != nil)
    let copy = try #require(Generator(state: state))
    #expect(copy.state == state)
    let other = Generator(seed: 1)
    other.copy(generator)
    #expect(other.state == state)
    let expected = generator.randn(40)
    #expect(copy.randn(40) == expected)
    #expect(generator.restore(state))
    #expect(generator.randn(40) == expected)
  }

  @Test
  func malformedStatesAreRefused() {
    let good = Generator(seed: 0).state
    let states = [
      Generator.State(words: Array(good.words.dropLast()), position: 0, cachedNormal: nil),
      Generator.State(words: good.words, position: 625, cachedNormal: nil),
      Generator.State(words: good.words, position: -1, cachedNormal: nil),
    ]
    for state in states {
      #expect(Generator(state: state) == nil)
      let generator = Generator(seed: 5)
      #expect(!generator.restore(state))
      #expect(generator.state == Generator(seed: 5).state)
    }
  }

  /// Weights are drawn in PyTorch's order of elements although they are stored channels-last.
  @Test
  func initialWeights() {
    let generator = Generator(seed: 7)
    let convolution = Conv2d(
      inChannels: 4, outChannels: 6, vertical: .plain(kernel: 3), horizontal: .plain(kernel: 2),
      groups: 2, bias: true, generator: generator)
    let linear = Linear(inFeatures: 5, outFeatures: 3, bias: true, generator: generator)
    let weight = convolution.weight.value.values
    let chosen: [Float] = [0, 1, 5, 11, 40, 71].map { weight[$0] }
    #expect(
      chosen == [
        0x1.4a57d0p-6, -0x1.64239ep-3, -0x1.626efep-5, 0x1.e1cfd0p-6, 0x1.1c6616p-3, -0x1.cbf0d0p-4,
      ])
    let bias = convolution.bias?.value.values
    #expect(bias?.first == 0x1.43b308p-3 && bias?.last == 0x1.4d41e4p-6)
    let linearWeight = linear.weight.value.values
    #expect([0, 7, 14].map { linearWeight[$0] } == [0x1.34c2e8p-3, -0x1.c55e9ap-4, 0x1.9dd0ccp-3])
    #expect(linear.bias?.value.values == [-0x1.89d566p-6, -0x1.a15256p-2, -0x1.3cf8fep-2])
  }

  /// The masks are drawn in PyTorch's order of elements whatever the memory format.
  @Test(arguments: [MemoryFormat.contiguous, .channelsLast])
  func dropoutMask(_ format: MemoryFormat) {
    let tape = makeTape(seed: 7)
    let ones = tape.variable(Tensor([Float](repeating: 1, count: 24), [2, 3, 2, 2], format))
    let kept = tape.tensor(tape.dropout(ones, p: 0.4)).values.map { $0 > 0 ? 1 : 0 }
    #expect(kept == [1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 1])
    let one = tape.variable(Tensor([1], [1]))
    #expect(tape.tensor(tape.dropout(one, p: 0.4)).values == [0])
    #expect(tape.generator.uniform() == 0.09137779474258423)
  }

  @Test
  func dropoutDrawsOnlyWhatItNeeds() {
    let tape = makeTape(seed: 7)
    let before = tape.generator.state
    let input = tape.variable(Tensor([1, 2], [2]))
    #expect(tape.dropout(input, p: 0) == input)
    #expect(tape.tensor(tape.dropout(input, p: 1)).values == [0, 0])
    tape.isTraining = false
    #expect(tape.dropout(input, p: 0.5) == input)
    #expect(tape.generator.state == before)
  }
}
