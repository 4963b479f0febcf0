import NNDiagnostics

/// A YAML value with its place: what a file says before anyone asks what it means.
struct YAMLNode {
  indirect enum Kind {
    case scalar(String, ScalarStyle)
    case sequence([YAMLNode])
    case mapping([YAMLPair])
    /// Was reported when it was read (an alias, say); nothing more is to be said about it.
    case refused
  }

  var kind: Kind
  /// From the first character to the last, comments and line breaks after it not included.
  var span: Span
  /// A collection that the file breaks off in, because of an error that was reported.
  var isCutOff = false

  /// True for a value that is not written: the `Flatten:` of a list.
  var isEmpty: Bool {
    if case .scalar("", .plain) = kind { return true }
    return false
  }

  /// The pairs of a mapping, or nil.
  var pairs: [YAMLPair]? {
    if case .mapping(let pairs) = kind { return pairs }
    return nil
  }

  /// The elements of a sequence, or nil.
  var elements: [YAMLNode]? {
    if case .sequence(let elements) = kind { return elements }
    return nil
  }

  /// The value of `key` in a mapping, or nil.
  func value(of key: String) -> YAMLNode? { pairs?.first { $0.key.text == key }?.value }

  /// What it is, for a message: `a list`.
  var description: String {
    switch kind {
    case .scalar("", .plain): "nothing"
    case .scalar(_, .plain): "a word or a number"
    case .scalar: "a string"
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .refused: "something refused"
    }
  }
}

/// `key: value`
struct YAMLPair {
  var key: YAMLKey
  var value: YAMLNode

  var span: Span { key.span.union(value.span) }
}

/// The text of a key, quoted or not.
struct YAMLKey {
  var text: String
  var style: ScalarStyle
  var span: Span
}
