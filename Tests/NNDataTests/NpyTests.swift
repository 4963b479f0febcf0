import FoundationEssentials
import NNData
import NNShapes
import NNTestSupport
import Testing

struct NpyTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file of version `version` with this header text and these bytes of data.
  private func file(_ header: String, _ data: [UInt8] = [], version: UInt8 = 1) throws -> String {
    let length =
      version == 1 ? littleEndian(UInt16(header.utf8.count)) : littleEndian(UInt32(header.utf8.count))
    return try folder.write(
      [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8) + data, to: "x.npy")
  }

  private func header(_ descr: String, _ shape: String, fortran: Bool = false) -> String {
    "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
  }

  // MARK: Round trips

  static let arrays: [NumericArray] = [
    NumericArray(shape: [2, 3], [1.5, -2, .infinity, 0, -0.0, .leastNonzeroMagnitude]),
    NumericArray(shape: [], [7 as Float]),
    NumericArray(shape: [0, 4], [Float]()),
    NumericArray(shape: [3], integers: [.min, 0, .max]),
    NumericArray(shape: [2], storage: .float64([0.1, -1e300])),
    NumericArray(shape: [1, 2], storage: .int32([-5, Int32.max])),
    NumericArray(shape: [3], storage: .uint8([0, 128, 255])),
    NumericArray(shape: [2], storage: .bool([true, false])),
    NumericArray(shape: [1, 1, 1, 1, 1, 1, 1, 2], [1, 2]),
  ]

  @Test(arguments: arrays)
  func roundTrip(array: NumericArray) throws {
    try Npy.write(array, to: folder("x.npy"))
    #expect(try Npy.read(folder("x.npy")) == array)
  }

  /// The bytes that numpy.save(f, numpy.array([[1, 2, 3]], dtype='<f4')) writes.
  @Test func writesWhatNumPyWrites() throws {
    try Npy.write(NumericArray(shape: [1, 3], [1, 2, 3]), to: folder("x.npy"))
    let bytes = try #require(folder.read("x.npy"))
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }"
    #expect(bytes.count == 128 + 12)
    #expect(Array(bytes[..<10]) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0])
    #expect(
      String(decoding: bytes[10..<128], as: UTF8.self) == text
        + String(repeating: " ", count: 117 - text.count) + "\n")
    #expect(Array(bytes[128..<132]) == [0, 0, 0x80, 0x3F])
  }

  // MARK: Other writers' files

  @Test(arguments: [1, 2, 3])
  func versions(version: UInt8) throws {
    let array = try Npy.read(file(header("<f4", "(1,)"), [0, 0, 0x80, 0x3F], version: version))
    #expect(array == NumericArray(shape: [1], [1]))
  }

  @Test(arguments: [
    "{\"shape\": (2, 1L), \"descr\": \"|u1\", \"fortran_order\": False}",
    "{ 'fortran_order' :True,'shape':(2,1),'descr':'u1',}   \n",
  ])
  func otherSpellingsOfTheHeader(text: String) throws {
    #expect(try Npy.read(file(text, [5, 6])) == NumericArray(shape: [2, 1], storage: .uint8([5, 6])))
  }

  @Test func fortranOrder() throws {
    // Column-major 2×3 of rows (0, 1, 2), (3, 4, 5).
    let flat = try Npy.read(file(header("|u1", "(2, 3)", fortran: true), [0, 3, 1, 4, 2, 5]))
    #expect(flat == NumericArray(shape: [2, 3], storage: .uint8([0, 1, 2, 3, 4, 5])))
    // Element (i, j, k) of 2×3×4 is at i + 2·j + 6·k.
    let cube = try Npy.read(file(header("|u1", "(2, 3, 4)", fortran: true), (0..<24).map { UInt8($0) }))
    var expected: [UInt8] = []
    for i in 0..<2 { for j in 0..<3 { for k in 0..<4 { expected.append(UInt8(i + 2 * j + 6 * k)) } } }
    #expect(cube.storage == .uint8(expected))
  }

  @Test func bigEndianNumbers() throws {
    #expect(try Npy.read(file(header(">f4", "(1,)"), [0x3F, 0x80, 0, 0])).floats == [1])
    #expect(try Npy.read(file(header(">f8", "(1,)"), [0x3F, 0xF0, 0, 0, 0, 0, 0, 0])).floats == [1])
    #expect(try Npy.read(file(header(">i8", "(1,)"), [0, 0, 0, 0, 0, 0, 1, 2])).integers == [258])
    #expect(try Npy.read(file(header(">i4", "(1,)"), [0xFF, 0xFF, 0xFF, 0xFE])).integers == [-2])
    #expect(try Npy.read(file(header(">i2", "(1,)"), [0xFF, 0xFE])).integers == [-2])
  }

  @Test func narrowTypesAreWidened() throws {
    // 1, -2, the smallest subnormal, the largest, infinity, and the smallest normal number.
    let half: [UInt8] = [0, 0x3C, 0, 0xC0, 1, 0, 0xFF, 0x7B, 0, 0x7C, 0, 4]
    #expect(
      try Npy.read(file(header("<f2", "(6,)"), half)).floats
        == [1, -2, 5.960464477539063e-08, 65504, .infinity, 6.103515625e-05])
    #expect(try Npy.read(file(header("|i1", "(2,)"), [0x80, 0x7F])).integers == [-128, 127])
    #expect(
      try Npy.read(file(header("<f8", "(1,)"), [0x9A, 0x99, 0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F])).floats == [
        0.1
      ])
  }

  // MARK: Damage

  static let damage: [(header: String, data: Int, offset: Int)] = [
    // Data of the wrong length: the offset of the data.
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 7, 67),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 9, 67),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (3037000500, 3037000500), }", 8, 87),
    ("{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952,), }", 8, 85),
    // A header that is no such dictionary.
    ("", 0, 10),
    ("{'descr': '<f4'", 0, 25),
    ("{'descr': '<f4', 'fortran_order': False, }", 0, 52),
    ("{'descr': '<f4', 'descr': '<f4'}", 0, 27),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': ()}", 0, 44),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': 3}", 0, 60),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", 0, 61),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", 0, 61),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': ()} x", 0, 64),
    ("{'descr: 1", 0, 11),
  ]

  @Test(arguments: damage.indices)
  func damageIsNamedWithItsByte(index: Int) throws {
    let (header, data, offset) = Self.damage[index]
    let path = try file(header, [UInt8](repeating: 0, count: data))
    let error = try dataError { _ = try Npy.read(path) }
    guard case .corrupt(path, offset, _) = error else {
      Issue.record("\(header): \(String(describing: error))")
      return
    }
  }

  @Test(arguments: ["<c8", "<U3", "|O", "<f16", "<u8", "", "<", "<f4x", "<f4, "])
  func otherElementTypes(descr: String) throws {
    let error = try dataError { _ = try Npy.read(file(header(descr, "(1,)"), [0, 0, 0, 0])) }
    switch error {
    case .unsupported, .corrupt: break
    default: Issue.record("\(String(describing: error))")
    }
  }

  @Test func refusals() throws {
    let nine = try dataError { _ = try Npy.read(file(header("|u1", "(1, 1, 1, 1, 1, 1, 1, 1, 1)"), [1])) }
    #expect(
      nine == .unsupported(file: folder("x.npy"), reason: "9 dimensions; nnrun reads arrays of at most 8"))
    let version = try dataError { _ = try Npy.read(file(header("|u1", "()"), [1], version: 4)) }
    #expect(
      version == .unsupported(file: folder("x.npy"), reason: ".npy version 4.0; nnrun reads 1.0 to 3.0"))
    let structured = try dataError {
      _ = try Npy.read(file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': ()}", [1, 2, 3, 4]))
    }
    #expect(structured?.description.contains("structured") == true)
    let boolean = try dataError { _ = try Npy.read(file(header("|b1", "(2,)"), [1, 2])) }
    #expect(boolean?.description.contains("a boolean is 0 or 1, not 2") == true)
    for bytes: [UInt8] in [[], [0x93], [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], Array("not an array".utf8)] {
      try folder.write(bytes, to: "y.npy")
      guard case .corrupt = try dataError({ _ = try Npy.read(folder("y.npy")) }) else {
        Issue.record("\(bytes) was read")
        return
      }
    }
  }

  @Test(.enabled(if: TestPaths.shared("cases/data") != nil, "needs ../shared/cases"))
  func filesByNumPy() throws {
    let root = try #require(TestPaths.shared("cases/data"))
    let paths = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".npy") }
    #expect(paths.count > 100)
    for path in paths {
      let array = try Npy.read("\(root)/\(path)")
      #expect(array.storage.count == array.shape.elementCount)
    }
  }
}
