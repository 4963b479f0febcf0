import NNDiagnostics
import NNSyntax

/// Reads a file's values and refuses what YAML has and model files do not: anchors, aliases, tags,
/// merge keys, directives, duplicate keys, a second document.
///
/// After a syntax error, reading goes on at the next line that begins a statement, so that one run
/// shows what is wrong in each of them.
struct NodeReader {
  /// How often reading goes on after a syntax error. Each time may read to the end of the file
  /// (an open quote does), so the number keeps the work linear.
  private static let resumptionLimit = 20
  /// Findings after which reading stops: a file of a million aliases is not worth a million messages.
  private static let findingLimit = 1_000

  private let file: SourceFile
  private var events: EventReader
  private(set) var diagnostics: [Diagnostic] = []
  private var failure: YAMLFailure?
  private var isStopped = false

  /// The document's values: one, where it has no syntax error; none where it is empty.
  static func read(_ file: SourceFile) -> (roots: [YAMLNode], diagnostics: [Diagnostic]) {
    var reader = NodeReader(file)
    let roots = reader.readAll()
    return (roots, reader.diagnostics)
  }

  private init(_ file: SourceFile) {
    self.file = file
    events = EventReader(file, from: 0)
  }

  // MARK: Documents

  private mutating func readAll() -> [YAMLNode] {
    var roots: [YAMLNode] = []
    var start = 0
    for _ in 0...Self.resumptionLimit {
      if let root = readDocument() { merge(root, into: &roots) }
      guard let failure, !isStopped else { break }
      let finding = describe(failure, in: file, from: start)
      if !diagnostics.contains(where: { $0.span == finding.span }) { diagnostics.append(finding) }
      guard let next = resumptionOffset(after: failure, from: start) else { break }
      start = next
      self.failure = nil
      events = EventReader(file, from: start)
    }
    return roots
  }

  /// Reads to the end of the stream, or to a failure.
  private mutating func readDocument() -> YAMLNode? {
    var root: YAMLNode?
    var documents = 0
    while let event = next() {
      switch event.kind {
      case .streamStart, .documentEnd:
        continue
      case .documentStart:
        documents += 1
        if documents > 1 {
          report(
            "second-document", "a model file is one document, and a second one begins here", event.span,
            help: "remove the line, or put what follows it into a file of its own")
          isStopped = true
        } else if let directive = directive(in: event.span) {
          report(
            "yaml-directive", "directives, lines that begin with `%`, are not used in model files", directive,
            help: "remove the line")
        }
      case .streamEnd:
        return root
      default:
        root = readNode(event, depth: 1)
      }
    }
    return root
  }

  /// The first directive before a document's `---` that is more than `%YAML 1.2`.
  private func directive(in span: Span) -> Span? {
    var line = span.start
    while line < span.end, file.bytes[line] == UInt8(ascii: "%") {
      let content = file.content(ofLineAt: line)
      if !file.text(in: content).hasPrefix("%YAML ") { return content }
      line = file.endOfLine(at: line) + 1
    }
    return nil
  }

  /// Adds what was read after a syntax error to what was read before it.
  private mutating func merge(_ root: YAMLNode, into roots: inout [YAMLNode]) {
    guard var last = roots.last else {
      roots.append(root)
      return
    }
    switch (last.kind, root.kind) {
    case (.mapping(let before), .mapping(let after)):
      last.kind = .mapping(withoutDuplicates(before + after, isDocument: true))
    case (.sequence(let before), .sequence(let after)):
      last.kind = .sequence(before + after)
    case (.scalar, _):
      // The line with the error itself, read as a text of its own.
      last.kind = root.kind
    default:
      return
    }
    last.span = last.span.union(root.span)
    roots[roots.count - 1] = last
  }

  /// Where the next statement begins after a failure, or nil.
  private func resumptionOffset(after failure: YAMLFailure, from start: Int) -> Int? {
    // An unclosed bracket or quote swallows the statements after it, so those are read again.
    let swallows =
      failure.context.contains("flow") || failure.context.contains("quoted")
      || failure.context.contains("simple key")
    var offset = failure.offset
    if swallows, let begun = failure.contextOffset { offset = begun }
    let isList = file.bytes[start] == UInt8(ascii: "-")
    var line = file.endOfLine(at: offset) + 1
    if !swallows, offset > start, file.startOfLine(at: offset) == offset { line = offset }
    while line < file.bytes.count {
      let byte = file.bytes[line]
      let begins = isList ? byte == UInt8(ascii: "-") : byte.isNameByte || byte == UInt8(ascii: "\"")
      if begins, line > start { return line }
      line = file.endOfLine(at: line) + 1
    }
    return nil
  }

  // MARK: Values

  private mutating func next() -> YAMLEvent? {
    if failure != nil || isStopped { return nil }
    do throws(YAMLFailure) {
      return try events.next()
    } catch {
      failure = error
      return nil
    }
  }

  /// Reads the value that `event` begins. A failure on the way leaves what was read, cut off.
  private mutating func readNode(_ event: YAMLEvent, depth: Int) -> YAMLNode {
    refuseProperties(of: event)
    if depth > Bounds.nesting, event.beginsCollection {
      report(
        "too-deep", "lists and mappings are nested more than \(Bounds.nesting) deep",
        Span(event.span.start, min(event.span.start + 1, file.bytes.count)))
      isStopped = true
      return YAMLNode(kind: .refused, span: event.span)
    }
    switch event.kind {
    case .scalar(let text, let style):
      if text.utf8.contains(0) {
        report("nul-byte", "a NUL character has no place in a model file", event.span, help: "remove it")
        return YAMLNode(kind: .refused, span: event.span)
      }
      return YAMLNode(kind: .scalar(text, style), span: trimmed(event.span))
    case .sequenceStart:
      return readSequence(from: event.span, depth: depth)
    case .mappingStart:
      return readMapping(from: event.span, depth: depth)
    case .alias:
      report(
        "yaml-alias", "aliases are not used in model files", event.span,
        help: "write the value out; a text that begins with `*` is quoted")
      return YAMLNode(kind: .refused, span: event.span)
    default:
      return YAMLNode(kind: .refused, span: event.span)
    }
  }

  private mutating func readSequence(from start: Span, depth: Int) -> YAMLNode {
    var elements: [YAMLNode] = []
    var span = start
    while let event = next() {
      if case .sequenceEnd = event.kind {
        return YAMLNode(kind: .sequence(elements), span: closed(span, by: event.span))
      }
      let element = readNode(event, depth: depth + 1)
      elements.append(element)
      span = span.union(element.span)
    }
    return YAMLNode(kind: .sequence(elements), span: span, isCutOff: true)
  }

  private mutating func readMapping(from start: Span, depth: Int) -> YAMLNode {
    var pairs: [YAMLPair] = []
    var span = start
    while let event = next() {
      if case .mappingEnd = event.kind {
        return YAMLNode(
          kind: .mapping(withoutDuplicates(pairs, isDocument: depth == 1)), span: closed(span, by: event.span)
        )
      }
      let keyNode = readNode(event, depth: depth + 1)
      span = span.union(keyNode.span)
      guard let valueEvent = next() else { break }
      let value = readNode(valueEvent, depth: depth + 1)
      span = span.union(value.span)
      if let key = key(of: keyNode) { pairs.append(YAMLPair(key: key, value: value)) }
    }
    return YAMLNode(
      kind: .mapping(withoutDuplicates(pairs, isDocument: depth == 1)), span: span, isCutOff: true)
  }

  private mutating func key(of node: YAMLNode) -> YAMLKey? {
    switch node.kind {
    case .scalar("<<", .plain):
      report(
        "yaml-merge", "merge keys are not used in model files", node.span, help: "write the settings out")
      return nil
    case .scalar(let text, let style):
      return YAMLKey(text: text, style: style, span: node.span)
    case .refused:
      return nil
    case .sequence, .mapping:
      report("key", "a key is a name, and this is \(node.description)", node.span)
      return nil
    }
  }

  /// The first of each key; the others are reported.
  private mutating func withoutDuplicates(_ pairs: [YAMLPair], isDocument: Bool) -> [YAMLPair] {
    var first: [String: Span] = [:]
    var kept: [YAMLPair] = []
    for pair in pairs {
      if let earlier = first[pair.key.text] {
        report(
          "duplicate-key", "`\(shortened(pair.key.text))` stands twice in one mapping", pair.key.span,
          notes: [.init(file: file, span: earlier, message: "the first is here")],
          help: isDocument
            ? "remove one; where both are meant, write the document as a list, `- \(pair.key.text): …`"
            : "remove one")
      } else {
        first[pair.key.text] = pair.key.span
        kept.append(pair)
      }
    }
    return kept
  }

  private mutating func refuseProperties(of event: YAMLEvent) {
    guard event.hasAnchor || event.hasTag else { return }
    let mark = Span(event.span.start, file.endOfWord(at: event.span.start))
    if event.hasAnchor {
      report(
        "yaml-anchor", "anchors are not used in model files", mark,
        help: "remove it and write the value where it is needed; a text that begins with `&` is quoted")
    }
    if event.hasTag {
      report(
        "yaml-tag", "tags are not used in model files", mark,
        help: "remove it; a text that begins with `!` is quoted")
    }
  }

  // MARK: Places

  /// The end of a flow collection is its bracket; that of a block collection its last value, since
  /// libyaml sees the end only where the next line begins.
  private func closed(_ span: Span, by end: Span) -> Span {
    end.start < end.end ? span.union(end) : span
  }

  /// Without the line breaks and blanks after a scalar, which libyaml counts in block scalars.
  private func trimmed(_ span: Span) -> Span {
    var end = span.end
    while end > span.start, file.bytes[end - 1].isBlank { end -= 1 }
    return Span(span.start, end)
  }

  private mutating func report(
    _ code: String, _ message: String, _ span: Span, notes: [Diagnostic.Note] = [], help: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(.error, code: code, message, in: file, at: span, notes: notes, help: help))
    guard diagnostics.count >= Self.findingLimit, !isStopped else { return }
    isStopped = true
    diagnostics.append(
      Diagnostic(
        .error, code: "too-many-errors",
        "after \(Self.findingLimit) errors the rest of the file was not read", in: file, at: span))
  }
}

extension YAMLEvent {
  fileprivate var beginsCollection: Bool {
    switch kind {
    case .sequenceStart, .mappingStart: true
    default: false
    }
  }
}
