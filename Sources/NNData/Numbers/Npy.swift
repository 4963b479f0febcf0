import NNShapes

/// NumPy's file format for one array, `.npy`.
///
/// Read: versions 1.0 to 3.0; float64, float32, float16, int64, int32, int16, int8, uint8, bool, of
/// either byte order, in C or Fortran order; 0-d and empty arrays. Written: version 1.0,
/// little-endian, C order, the bytes that `numpy.save` writes.
/// Source: NumPy, `numpy/lib/format.py`.
public enum Npy {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// `numpy.load` stops at 10,000 bytes for fear of what `eval` does; our parser needs no such care,
  /// but no header of numbers is longer than this.
  private static let maximumHeaderLength = 65536

  /// The array in the file at `path`. Throws ``DataError``: `missing`, `unreadable`, `corrupt` with
  /// the offset, or `unsupported` for other element types and more than eight dimensions.
  public static func read(_ path: String) throws -> NumericArray {
    let file = try InputFile(path: path, helpIfMissing: "It should be an array saved by numpy.save.")
    let (header, dataOffset) = try readHeader(file)
    guard header.dimensions.count <= Shape.maximumRank else {
      throw DataError.unsupported(
        file: path,
        reason: "\(header.dimensions.count) dimensions; nnrun reads arrays of at most \(Shape.maximumRank)")
    }
    let shape = Shape(header.dimensions)
    let count = try elementCount(shape, header.scalarType, file: file, dataOffset: dataOffset)
    var storage = try header.scalarType.read(
      from: file, at: dataOffset, count: count, bigEndian: header.bigEndian)
    if header.fortranOrder && shape.rank > 1 { storage = storage.inRowMajorOrder(of: shape) }
    return NumericArray(shape: shape, storage: storage)
  }

  /// Writes `array` to `path`, whole or not at all. Throws ``DataError/unwritable(file:reason:)``.
  public static func write(_ array: NumericArray, to path: String) throws {
    let header = headerBytes(array)
    try AtomicFile.write(to: path) { file in
      try header.withUnsafeBytes { try file.append($0) }
      try array.storage.withBytes { try file.append($0) }
    }
  }

  private static func readHeader(_ file: InputFile) throws -> (NpyHeader, dataOffset: Int) {
    let prefix: [UInt8] = try file.readArray(at: 0, count: min(file.size, 12))
    guard prefix.starts(with: magic) else {
      throw DataError.corrupt(
        file: file.path, offset: 0, reason: "not a .npy file: it does not begin with \\x93NUMPY")
    }
    guard prefix.count >= 10 else {
      throw DataError.corrupt(
        file: file.path, offset: prefix.count, reason: "the file ends within the .npy header")
    }
    let version = prefix[6]
    guard (1...3).contains(version), prefix[7] == 0 else {
      throw DataError.unsupported(
        file: file.path, reason: ".npy version \(version).\(prefix[7]); nnrun reads 1.0 to 3.0")
    }
    var length = Int(prefix[8]) | Int(prefix[9]) << 8
    var offset = 10
    if version > 1 {
      guard prefix.count == 12 else {
        throw DataError.corrupt(
          file: file.path, offset: prefix.count, reason: "the file ends within the .npy header")
      }
      length |= Int(prefix[10]) << 16 | Int(prefix[11]) << 24
      offset = 12
    }
    guard length <= maximumHeaderLength else {
      throw DataError.corrupt(file: file.path, offset: 8, reason: "a .npy header of \(length) bytes")
    }
    let text: [UInt8] = try file.readArray(at: offset, count: length)
    var parser = NpyHeaderParser(bytes: text, startingAt: offset, of: file.path)
    return (try parser.parse(), offset + length)
  }

  /// The number of elements, once the file is known to hold just as many.
  private static func elementCount(
    _ shape: Shape, _ type: ScalarType, file: InputFile, dataOffset: Int
  ) throws -> Int {
    let available = file.size - dataOffset
    let bytes = shape.elementCountIfRepresentable?.multipliedReportingOverflow(by: type.width)
    guard let bytes, !bytes.overflow, bytes.partialValue == available else {
      let needed = bytes.flatMap { $0.overflow ? nil : "\($0.partialValue)" } ?? "more than 2^63"
      throw DataError.corrupt(
        file: file.path, offset: dataOffset,
        reason:
          "\(type.name) of shape \(shape) takes \(needed) bytes from here, but the file has \(available)")
    }
    return available / type.width
  }

  private static func headerBytes(_ array: NumericArray) -> [UInt8] {
    let code =
      switch array.storage {
      case .float32: "<f4"
      case .float64: "<f8"
      case .int64: "<i8"
      case .int32: "<i4"
      case .uint8: "|u1"
      case .bool: "|b1"
      }
    var text = "{'descr': '\(code)', 'fortran_order': False, 'shape': \(array.shape), }"
    // The elements begin at a multiple of 64.
    let unpadded = magic.count + 4 + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let length = text.utf8.count
    return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
  }
}

extension NumericArray.Storage {
  /// Elements of a column-major array of this shape, put into row-major order.
  fileprivate func inRowMajorOrder(of shape: Shape) -> Self {
    switch self {
    case .float32(let values): .float32(rowMajor(values, shape))
    case .float64(let values): .float64(rowMajor(values, shape))
    case .int64(let values): .int64(rowMajor(values, shape))
    case .int32(let values): .int32(rowMajor(values, shape))
    case .uint8(let values): .uint8(rowMajor(values, shape))
    case .bool(let values): .bool(rowMajor(values, shape))
    }
  }
}

private func rowMajor<Value>(_ values: [Value], _ shape: Shape) -> [Value] {
  let sizes = shape.dimensions
  var strides: [Int] = []
  var stride = 1
  for size in sizes {
    strides.append(stride)
    stride *= size
  }
  var index = [Int](repeating: 0, count: sizes.count)
  var source = 0
  var result: [Value] = []
  result.reserveCapacity(values.count)
  for _ in values.indices {
    result.append(values[source])
    // The last index runs fastest; one that is full goes back to 0 and lets the one before step.
    for axis in sizes.indices.reversed() {
      index[axis] += 1
      source += strides[axis]
      if index[axis] < sizes[axis] { break }
      source -= index[axis] * strides[axis]
      index[axis] = 0
    }
  }
  return result
}
