/// TensorBoard's event file format: TFRecord frames around `Event` messages.
/// Sources: tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto,
/// tensorflow/core/framework/summary.proto.
package enum EventRecords {
  /// A number that is drawn over the steps under the name `tag`.
  package struct Scalar: Equatable {
    package var tag: String
    package var value: Double

    package init(_ tag: String, _ value: Double) {
      self.tag = tag
      self.value = value
    }
  }

  /// The first record of a file: `Event { wall_time = 1, file_version = 3 }`.
  package static func header(wallTime: Double) -> [UInt8] {
    var event = ProtobufWriter()
    event.double(1, wallTime)
    event.string(3, "brain.Event:2")
    return framed(event.bytes)
  }

  /// `Event { wall_time = 1, step = 2, summary = 5 { value = 1 { tag = 1, simple_value = 2 } } }`.
  package static func scalars(_ scalars: [Scalar], step: Int, wallTime: Double) -> [UInt8] {
    var event = ProtobufWriter()
    event.double(1, wallTime)
    event.varint(2, Int64(step))
    event.message(5) { summary in
      for scalar in scalars {
        summary.message(1) { value in
          value.string(1, scalar.tag)
          value.float(2, Float(scalar.value))
        }
      }
    }
    return framed(event.bytes)
  }

  /// Length, checksum of the length, data, checksum of the data.
  private static func framed(_ data: [UInt8]) -> [UInt8] {
    var record: [UInt8] = []
    record.append(littleEndian: UInt64(data.count))
    record.append(littleEndian: maskedCRC32C(record))
    record += data
    record.append(littleEndian: maskedCRC32C(data))
    return record
  }
}
