import NNTraining
import Testing

@Suite("TensorBoard event files")
struct EventRecordsTests {
  @Test("CRC-32C of the examples of RFC 3720, B.4")
  func checksum() {
    #expect(crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(crc32c([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(crc32c((0..<32).map(UInt8.init)) == 0x46DD_794E)
    #expect(crc32c("123456789".utf8) == 0xE306_9283)
  }

  @Test("What is written reads back")
  func roundTrip() throws {
    let bytes =
      EventRecords.header(wallTime: 1_700_000_000.5)
      + EventRecords.scalars([.init("loss", 2.25), .init("lr", 0.01)], step: 300, wallTime: 1_700_000_001)
      + EventRecords.scalars([.init("val_accuracy", 0.5)], step: 70_000, wallTime: 1_700_000_002)
    let events = try readEvents(bytes)
    #expect(events.count == 3)
    #expect(events.first?.version == "brain.Event:2")
    #expect(events.map(\.wallTime) == [1_700_000_000.5, 1_700_000_001, 1_700_000_002])
    #expect(events.map(\.step) == [0, 300, 70_000])
    #expect(events.last?.scalars == [EventReader.Scalar(tag: "val_accuracy", value: 0.5)])
    #expect(
      events[1].scalars == [
        EventReader.Scalar(tag: "loss", value: 2.25), EventReader.Scalar(tag: "lr", value: 0.01),
      ])
  }

  @Test("A changed byte is found out")
  func damage() {
    let bytes = EventRecords.scalars([.init("loss", 2.25)], step: 1, wallTime: 5)
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= 0x10
      #expect(throws: (any Error).self) { try readEvents(damaged) }
    }
  }
}

/// A reader of event files, written from the format's description alone.
struct EventReader {
  struct Scalar: Equatable {
    var tag = ""
    var value: Float = 0
  }

  struct Event: Equatable {
    var wallTime = 0.0
    var step: Int64 = 0
    var version = ""
    var scalars: [Scalar] = []
  }

  struct Failure: Error {
    var text: String
  }

  private var bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { bytes.isEmpty }

  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count else { throw Failure(text: "\(count) bytes past the end") }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }

  mutating func number<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
    try take(MemoryLayout<Value>.size).reversed().reduce(0) { $0 << 8 | Value($1) }
  }

  mutating func varint() throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 64, by: 7) {
      let byte = try number(UInt8.self)
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw Failure(text: "a varint of more than ten bytes")
  }

  /// The next frame's data, both checksums verified.
  mutating func frame() throws -> ArraySlice<UInt8> {
    let lengthBytes = Array(bytes.prefix(8))
    let length = try number(UInt64.self)
    guard try number(UInt32.self) == maskedCRC32C(lengthBytes) else { throw Failure(text: "length") }
    guard let count = Int(exactly: length) else { throw Failure(text: "length \(length)") }
    let data = try take(count)
    guard try number(UInt32.self) == maskedCRC32C(data) else { throw Failure(text: "data") }
    return data
  }

  mutating func event() throws -> Event {
    var event = Event()
    while !isAtEnd {
      switch try varint() {
      case 1 << 3 | 1: event.wallTime = Double(bitPattern: try number(UInt64.self))
      case 2 << 3 | 0: event.step = Int64(bitPattern: try varint())
      case 3 << 3 | 2: event.version = String(decoding: try take(Int(varint())), as: UTF8.self)
      case 5 << 3 | 2:
        var summary = EventReader(try take(Int(varint())))
        while !summary.isAtEnd {
          guard try summary.varint() == 1 << 3 | 2 else { throw Failure(text: "summary") }
          var value = EventReader(try summary.take(Int(summary.varint())))
          event.scalars.append(try value.scalar())
        }
      case let tag: throw Failure(text: "field tag \(tag)")
      }
    }
    return event
  }

  private mutating func scalar() throws -> Scalar {
    var scalar = Scalar()
    while !isAtEnd {
      switch try varint() {
      case 1 << 3 | 2: scalar.tag = String(decoding: try take(Int(varint())), as: UTF8.self)
      case 2 << 3 | 5: scalar.value = Float(bitPattern: try number(UInt32.self))
      case let tag: throw Failure(text: "value tag \(tag)")
      }
    }
    return scalar
  }
}

/// The events of a file.
func readEvents(_ bytes: [UInt8]) throws -> [EventReader.Event] {
  var reader = EventReader(bytes[...])
  var events: [EventReader.Event] = []
  while !reader.isAtEnd {
    var data = EventReader(try reader.frame())
    events.append(try data.event())
  }
  return events
}
