import NNData
import NNShapes
import Testing

struct Shapes10Tests {
  private func draw(
    _ count: Int = 20, size: Int = 16, channels: Int = 3, seed: UInt64 = 0, train: Bool = true
  ) throws -> Dataset {
    try Shapes10.draw(count: count, size: size, channels: channels, seed: seed, train: train)
  }

  @Test func tenNamedClassesInEqualParts() throws {
    let set = try draw(200)
    #expect(Shapes10.classNames.count == 10 && Set(Shapes10.classNames).count == 10)
    #expect(set.classNames == Shapes10.classNames)
    #expect(set.sampleShape == [3, 16, 16])
    for block in stride(from: 0, to: 200, by: 10) {
      #expect(Set(set.labels[block..<(block + 10)]).count == 10)
    }
    // In random order, not counted through.
    #expect(set.labels.prefix(10) != set.labels.dropFirst(10).prefix(10))
  }

  @Test func anImageDependsOnSeedSplitAndIndexAlone() throws {
    let set = try draw(20)
    let longer = try draw(37)
    #expect(Array(longer.pixels.prefix(set.pixels.count)) == set.pixels)
    #expect(Array(longer.labels.prefix(20)) == set.labels)
    #expect(try draw(20).pixels == set.pixels)
    #expect(try draw(20, seed: 1).pixels != set.pixels)
    #expect(try draw(20, train: false).pixels != set.pixels)
    #expect(try draw(20, seed: .max).count == 20)
  }

  /// No image comes twice, within a split or between the two.
  @Test func allImagesDiffer() throws {
    var seen: Set<[UInt8]> = []
    for train in [true, false] {
      let set = try draw(500, train: train)
      for index in 0..<500 { seen.insert(Array(set.pixels[(index * 768)..<((index + 1) * 768)])) }
    }
    #expect(seen.count == 1000)
  }

  /// The figure stands out from the ground in every image, and images of a class differ in place.
  @Test func figuresAreVisible() throws {
    let set = try draw(100, size: 32, channels: 1)
    for index in 0..<100 {
      let image = set.pixels[(index * 1024)..<((index + 1) * 1024)].sorted()
      #expect(Int(image[1000]) - Int(image[200]) >= 15, "image \(index)")
    }
  }

  @Test(arguments: [(1, 1), (1, 3), (2, 3), (3, 1), (5, 3), (28, 1), (96, 3), (1024, 1)])
  func everySize(size: Int, channels: Int) throws {
    let set = try draw(size > 100 ? 1 : 3, size: size, channels: channels)
    #expect(set.sampleShape == Shape([channels, size, size]))
  }

  @Test(arguments: [
    (0, 32, 3), (-1, 32, 3), (10_000_001, 32, 3), (1, 0, 3), (1, 1025, 3), (1, 32, 2), (1, 32, 0),
    (.max, .max, 3),
  ])
  func argumentsOutOfRange(count: Int, size: Int, channels: Int) throws {
    let error = try dataError { _ = try draw(count, size: size, channels: channels) }
    guard case .invalidRequest(let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.hasPrefix("Shapes10: "))
  }

  /// Thirty terabytes: no machine that runs this has twice that.
  @Test func moreThanTheMemory() throws {
    let error = try dataError { _ = try draw(10_000_000, size: 1024) }
    #expect(error?.description.contains("half of this machine's") == true)
  }

  /// The same on every machine and for all time: runs are compared by it.
  @Test func knownImages() throws {
    let set = try draw(100, size: 32)
    #expect(Array(set.labels.prefix(10)) == [7, 1, 6, 4, 3, 8, 5, 2, 9, 0])
    #expect(Digest.of(set.pixels, .md5).hexadecimal == "f96589274b4a062511b00d1e693178e5")
    let grey = try draw(10, size: 28, channels: 1, seed: 7, train: false)
    #expect(Digest.of(grey.pixels, .md5).hexadecimal == "a572411f890d1062a5c7a97f118d8c9c")
  }
}
