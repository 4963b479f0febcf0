/// The text of one file and its lines.
///
/// Positions inside nnrun are UTF-8 byte offsets; lines and columns, counted from 1 and in Unicode
/// scalars, are made only to be printed.
public final class SourceFile: Sendable {
  /// The name that diagnostics print: the path as the user wrote it, `<stdin>`, or `--set`.
  public let name: String
  /// The bytes, without a byte order mark.
  public let bytes: [UInt8]
  /// The offset of the first byte of each line.
  private let lineStarts: [Int]
  /// The Unicode scalars before every 256th byte, so that a column costs the same on a line of any
  /// length; empty where each byte is one scalar.
  private let scalarCounts: [Int]
  private static let stride = 256

  /// Reads lines out of `bytes`; a leading UTF-8 byte order mark is dropped. The bytes should be
  /// valid UTF-8: readers of files check that first, with ``firstInvalidUTF8Offset(in:)``.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    var starts = [0]
    for (offset, byte) in self.bytes.enumerated() where byte == 0x0A { starts.append(offset + 1) }
    lineStarts = starts
    scalarCounts = self.bytes.contains { $0 >= 0x80 } ? Self.scalarCounts(of: self.bytes) : []
  }

  /// The same of a string.
  public convenience init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// The text between two byte offsets, clamped to the file.
  public func text(in span: Span) -> String {
    let start = min(max(span.start, 0), bytes.count)
    let end = min(max(span.end, start), bytes.count)
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The number of lines; an empty file has one.
  public var lineCount: Int { lineStarts.count }

  /// The text of a line, counted from 1, without its line break.
  public func line(_ number: Int) -> String {
    guard number >= 1, number <= lineStarts.count else { return "" }
    var end = number < lineStarts.count ? lineStarts[number] : bytes.count
    let start = lineStarts[number - 1]
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// Line and column (from 1, in Unicode scalars) of a byte offset; an offset past the end is the end.
  public func position(of offset: Int) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    return Position(line: low + 1, column: scalars(before: offset) - scalars(before: lineStarts[low]) + 1)
  }

  /// The scalars that begin before a byte offset.
  private func scalars(before offset: Int) -> Int {
    guard !scalarCounts.isEmpty else { return offset }
    let block = offset / Self.stride
    return scalarCounts[block] + Self.scalars(in: bytes[block * Self.stride..<offset])
  }

  private static func scalars(in bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
  }

  private static func scalarCounts(of bytes: [UInt8]) -> [Int] {
    var counts = [0]
    var total = 0
    var start = 0
    while start + stride <= bytes.count {
      total += scalars(in: bytes[start..<start + stride])
      counts.append(total)
      start += stride
    }
    return counts
  }

  /// The byte offset of a line and a column given from 0 in Unicode scalars, as libyaml's marks are;
  /// clamped to the line's end and to the file.
  public func offset(line: Int, column: Int) -> Int {
    guard line < lineStarts.count else { return bytes.count }
    var offset = lineStarts[max(line, 0)]
    var left = column
    while left > 0, offset < bytes.count, bytes[offset] != 0x0A {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      left -= 1
    }
    return offset
  }

  /// The offset of the first byte that is not valid UTF-8, or nil.
  public static func firstInvalidUTF8Offset(in bytes: [UInt8]) -> Int? {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): offset += UTF8.width(scalar)
      case .emptyInput: return nil
      case .error: return offset
      }
    }
  }
}

/// A line and a column, both from 1, the column in Unicode scalars.
public struct Position: Hashable, Sendable {
  public let line: Int
  public let column: Int
}

/// A range of UTF-8 byte offsets, `start` included, `end` not.
public struct Span: Hashable, Sendable {
  public var start: Int
  public var end: Int
  /// Which text the offsets count in: 0 is the model file, higher ones are what a document was
  /// given besides, such as the value of a `--set` option.
  public var source: Int

  public init(_ start: Int, _ end: Int, source: Int = 0) {
    self.start = start
    self.end = end
    self.source = source
  }

  /// The smallest span that holds both, which must be of one text.
  public func union(_ other: Span) -> Span {
    Span(min(start, other.start), max(end, other.end), source: source)
  }
}
