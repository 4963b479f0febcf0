import CYaml
import NNDiagnostics

// The only file that sees libyaml. It turns libyaml's events into Swift values and its marks into
// byte offsets; what the events mean is decided elsewhere.

/// How a scalar is written.
enum ScalarStyle: Sendable {
  case plain
  case singleQuoted
  case doubleQuoted
  /// `|`
  case literal
  /// `>`
  case folded
}

/// One step of the walk through a YAML file.
struct YAMLEvent {
  enum Kind {
    case streamStart
    case documentStart
    case documentEnd
    case streamEnd
    case alias
    case scalar(String, ScalarStyle)
    case sequenceStart
    case sequenceEnd
    case mappingStart
    case mappingEnd
  }

  var kind: Kind
  var span: Span
  /// Has `&anchor` before it.
  var hasAnchor = false
  /// Has `!tag` before it.
  var hasTag = false
}

/// Where and why libyaml gave up, in its own words; `describe` in SyntaxFailure.swift puts it in ours.
struct YAMLFailure: Error {
  /// What it was doing: `while parsing a flow sequence`.
  var context: String
  /// Where that began, or nil.
  var contextOffset: Int?
  /// What it met: `did not find expected ',' or ']'`.
  var problem: String
  var offset: Int
}

/// Walks through a file with libyaml, from a given byte to the end.
///
/// libyaml keeps a stack of its own on the heap and does not recurse, and it looks at most 1,024
/// characters ahead, so neither depth nor length of the input can hurt it; the caller stops when
/// the nesting passes its limit.
final class EventReader {
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private var cursor: ScalarCursor

  /// - Parameter start: an offset where a line begins.
  init(_ file: SourceFile, from start: Int) {
    input = .allocate(capacity: file.bytes.count - start)
    _ = input.initialize(from: file.bytes[start...])
    parser = .allocate(capacity: 1)
    cursor = ScalarCursor(bytes: file.bytes, start: start)
    precondition(yaml_parser_initialize(parser) == 1, "no memory for the YAML parser")
    // Said, not guessed: otherwise libyaml would take some byte pairs for UTF-16.
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  /// The next event. After `streamEnd` or a failure it must not be asked again.
  func next() throws(YAMLFailure) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
    defer { yaml_event_delete(&event) }

    let start = cursor.offset(of: event.start_mark.index)
    let end = max(start, cursor.offset(of: event.end_mark.index))
    var result = YAMLEvent(kind: .streamEnd, span: Span(start, end))
    switch event.type {
    case YAML_STREAM_START_EVENT:
      result.kind = .streamStart
    case YAML_DOCUMENT_START_EVENT:
      result.kind = .documentStart
    case YAML_DOCUMENT_END_EVENT:
      result.kind = .documentEnd
    case YAML_ALIAS_EVENT:
      result.kind = .alias
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let value = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      result.kind = .scalar(String(decoding: value, as: UTF8.self), ScalarStyle(scalar.style))
      result.hasAnchor = scalar.anchor != nil
      result.hasTag = scalar.tag != nil
    case YAML_SEQUENCE_START_EVENT:
      result.kind = .sequenceStart
      result.hasAnchor = event.data.sequence_start.anchor != nil
      result.hasTag = event.data.sequence_start.tag != nil
    case YAML_SEQUENCE_END_EVENT:
      result.kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      result.kind = .mappingStart
      result.hasAnchor = event.data.mapping_start.anchor != nil
      result.hasTag = event.data.mapping_start.tag != nil
    case YAML_MAPPING_END_EVENT:
      result.kind = .mappingEnd
    default:
      result.kind = .streamEnd
    }
    return result
  }

  private func failure() -> YAMLFailure {
    let state = parser.pointee
    precondition(state.error != YAML_MEMORY_ERROR, "no memory for the YAML parser")
    return YAMLFailure(
      context: state.context.map { String(cString: $0) } ?? "",
      contextOffset: state.context.map { _ in cursor.offset(of: state.context_mark.index) },
      problem: state.problem.map { String(cString: $0) } ?? "",
      offset: cursor.offset(of: state.problem_mark.index))
  }
}

extension ScalarStyle {
  fileprivate init(_ style: yaml_scalar_style_t) {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: self = .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: self = .literal
    case YAML_FOLDED_SCALAR_STYLE: self = .folded
    default: self = .plain
    }
  }
}

/// Turns libyaml's character indices into byte offsets.
///
/// The index, and not line and column, because libyaml ends a line also at CR, NEL, LS and PS,
/// which ``SourceFile`` does not. Marks lie close to each other, so the cursor steps from the last
/// one; those past the end of the file are its end.
struct ScalarCursor {
  private let bytes: [UInt8]
  private let start: Int
  private var index = 0
  private var offset: Int

  /// - Parameter start: the byte offset of index 0.
  init(bytes: [UInt8], start: Int) {
    self.bytes = bytes
    self.start = start
    offset = start
  }

  mutating func offset(of target: Int) -> Int {
    while index < target, offset < bytes.count {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      index += 1
    }
    while index > target, offset > start {
      offset -= 1
      while offset > start, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
      index -= 1
    }
    return offset
  }
}
