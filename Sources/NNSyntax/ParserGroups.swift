import NNDiagnostics

// The groups of parameters behind an optimizer: `{ "*.bias" = (weight_decay=0) }`.

extension Parser {
  /// `{ "PATTERN" = (settings) … }`, separated as the layers of a stack are.
  mutating func parseParameterGroups() -> [ParameterGroup] {
    var groups: [ParameterGroup] = []
    bracketed { parser in
      while !parser.at(.end), !parser.token.kind.closesBracket {
        let before = parser.taken
        parser.startLine()
        if parser.at(.comma) || parser.at(.semicolon) {
          if parser.at(.comma) { parser.report(.emptyBetweenCommas()) }
          parser.advance(joining: true)
        } else if !parser.reportCommentIfPresent() {
          if let group = parser.parseParameterGroup() {
            groups.append(group)
          } else {
            parser.recover()
          }
          parser.parseGroupSeparator()
        }
        if parser.taken == before { break }
      }
    }
    if groups.count > Bounds.parameterGroups {
      reportAlways(.tooManyGroups(Bounds.parameterGroups), at: groups[Bounds.parameterGroups].span)
      groups.removeLast(groups.count - Bounds.parameterGroups)
    }
    return groups
  }

  /// `"PATTERN" = (settings)`
  private mutating func parseParameterGroup() -> ParameterGroup? {
    let start = token.span.start
    guard at(.string), let written = parseExpression(), case .string(let pattern) = written.kind else {
      report(.expectedGroup(found: found), at: at(.end) ? missingSpan : token.span)
      return nil
    }
    guard expectEquals(after: StringLiteral.quoted(pattern)) else { return nil }
    guard at(.leftParenthesis) else {
      report(.expectedGroupSettings(StringLiteral.quoted(pattern), found: found), at: missingSpan)
      return nil
    }
    let arguments = parseArguments().arguments
    for argument in arguments where argument.name == nil {
      reportAlways(.groupSettingWithoutName(file.text(in: argument.span)), at: argument.span)
    }
    return ParameterGroup(
      pattern: Name(pattern, written.span), settings: arguments.filter { $0.name != nil },
      span: span(from: start))
  }

  /// After a group: a comma, a semicolon or a line break.
  private mutating func parseGroupSeparator() {
    if eat(.comma, joining: true) || at(.end) || token.kind.closesBracket || at(.semicolon) || atNewLine {
      return
    }
    if !reportCommentIfPresent() { report(.unexpectedAfterGroup(found)) }
    recover()
    _ = eat(.comma, joining: true)
  }
}
