import FoundationEssentials
import Testing

@Suite struct ApplyTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A version 1 `.npy` file.
  private func write(_ bytes: [UInt8], type: String, shape: [Int], to name: String) throws {
    let sizes = shape.map { "\($0), " }.joined()
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    let length = [UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)]
    try folder.write([0x93] + Array("NUMPY".utf8) + [1, 0] + length + Array(header.utf8) + bytes, to: name)
  }

  private func write(_ values: [Float], shape: [Int], to name: String) throws {
    let bytes = values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
    try write(bytes, type: "<f4", shape: shape, to: name)
  }

  private func write(_ values: [Int64], shape: [Int], to name: String) throws {
    let bytes = values.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
    try write(bytes, type: "<i8", shape: shape, to: name)
  }

  /// The header and the last `count` elements of a file of 4-byte floats.
  private func floats(_ name: String, _ count: Int) throws -> (header: String, values: [Float]) {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: folder.path(name))))
    let tail = bytes.suffix(4 * count)
    let values = stride(from: tail.startIndex, to: tail.endIndex, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(tail[start + $1]) << UInt32(8 * $1) })
    }
    return (String(decoding: bytes.prefix(128), as: UTF8.self), values)
  }

  private func apply(_ words: String...) throws -> Outcome {
    try CommandProcess.run(["apply"] + words, in: folder.path)
  }

  @Test func outputIndicesAndGradients() throws {
    try folder.write(
      "input = (1, 4, 4)\nmodel P { MaxPool2d(2, return_indices=True) }\n", to: "pool.nn")
    try write((1...16).map(Float.init), shape: [1, 1, 4, 4], to: "x.npy")
    try write([10, 20, 30, 40] as [Float], shape: [1, 1, 2, 2], to: "dy.npy")
    let outcome = try apply(
      "pool.nn", "--input", "x.npy", "--output", "y.npy", "--indices", "i.npy", "--grad-output", "dy.npy",
      "--grads", "g.safetensors")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output == "")
    let output = try floats("y.npy", 4)
    #expect(output.header.contains("'descr': '<f4'"))
    #expect(output.header.contains("(1, 1, 2, 2)"))
    #expect(output.values == [6, 8, 14, 16])
    let indices = String(decoding: try Data(contentsOf: URL(filePath: folder.path("i.npy"))), as: UTF8.self)
    #expect(indices.contains("'descr': '<i8'"))
    let gradients = try floats("g.safetensors", 16)
    #expect(gradients.header.contains("\"input\""))
    #expect(gradients.values == [0, 0, 0, 0, 0, 10, 0, 20, 0, 0, 0, 0, 0, 30, 0, 40])
  }

  @Test func withoutAFileToWriteTheOutputIsPrinted() throws {
    try folder.write("input = 3\nmodel I { Identity() }\nloss = CrossEntropyLoss()\n", to: "loss.nn")
    try write([0.1, 0.2, 0.3] as [Float], shape: [1, 3], to: "x.npy")
    try write([1] as [Int64], shape: [1], to: "t.npy")
    #expect(try apply("loss.nn", "--input", "x.npy").output == "[[0.1, 0.2, 0.3]]\n")
    // The tutorial's example: 1.1019428 by PyTorch.
    let loss = try apply("loss.nn", "--input", "x.npy", "--target", "t.npy")
    #expect(loss.status == 0, "\(loss.error)")
    let value = try #require(Float(loss.output.dropLast()))
    #expect(abs(value - 1.1019428) < 1e-6)
  }

  @Test func stateAndWeightsGoRound() throws {
    try folder.write("seed = 3\ninput = 3\nmodel L { Linear(3, 2) }\n", to: "linear.nn")
    try write([1, 2, 3] as [Float], shape: [1, 3], to: "x.npy")
    #expect(
      try apply("linear.nn", "--input", "x.npy", "--output", "y.npy", "--state-after", "s.safetensors").status
        == 0)
    let drawn = try floats("y.npy", 2).values
    let other = try apply(
      "linear.nn", "--input", "x.npy", "--output", "y.npy", "--seed", "4", "--weights", "s.safetensors")
    #expect(other.status == 0, "\(other.error)")
    #expect(try floats("y.npy", 2).values == drawn)
  }

  @Test func weightsThatDoNotFitAreListed() throws {
    try folder.write("input = 3\nmodel L { Linear(3, 2) }\n", to: "two.nn")
    try folder.write("input = 3\nmodel L { Linear(3, 5) }\n", to: "five.nn")
    try write([1, 2, 3] as [Float], shape: [1, 3], to: "x.npy")
    #expect(try apply("two.nn", "--input", "x.npy", "--state-after", "s.safetensors").status == 0)
    let outcome = try apply("five.nn", "--input", "x.npy", "--weights", "s.safetensors")
    #expect(outcome.status == 1)
    for part in ["0.weight", "0.bias", "(2, 3)", "(5, 3)"] {
      #expect(outcome.error.contains(part), "\(outcome.error)")
    }
  }

  @Test func anInputThatDoesNotFitIsAnError() throws {
    try folder.write("input = 3\nmodel L { Linear(3, 2) }\n", to: "linear.nn")
    try write([1, 2, 3, 4] as [Float], shape: [1, 4], to: "x.npy")
    let outcome = try apply("linear.nn", "--input", "x.npy")
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
    #expect(outcome.error.hasPrefix("error: ") || outcome.error.hasPrefix("linear.nn:"), "\(outcome.error)")
    #expect(try apply("linear.nn", "--input", "none.npy").status == 1)
  }
}
