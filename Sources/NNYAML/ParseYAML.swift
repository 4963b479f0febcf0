import NNDiagnostics
import NNSyntax

/// The tree of a model file in the YAML spelling, and everything that is wrong with its syntax, in
/// file order. `grammar/yaml.md` describes the spelling.
///
/// Like ``parse(_:)`` of the `.nn` spelling, this never fails: what cannot be read is left out of the
/// tree and reported. What the names mean is not asked here.
public func parseYAML(_ file: SourceFile) -> (document: Document, diagnostics: [Diagnostic]) {
  if let problem = unreadable(file) ?? forbiddenCharacter(in: file) {
    return (Document(file: file, statements: []), [problem])
  }
  let (roots, found) = NodeReader.read(file)
  var builder = DocumentBuilder(file: file)
  builder.diagnostics = found
  if looksLikeNN(file), roots.first?.pairs == nil {
    // One message instead of what YAML makes of it.
    builder.diagnostics = [builder.nnSpelling()]
  } else if roots.isEmpty, found.isEmpty {
    builder.reportEmptyFile()
  } else {
    for root in roots { builder.addStatements(of: root) }
  }
  let document = Document(file: file, statements: builder.statements)
  return (document, builder.diagnostics.inFileOrder)
}

/// The first character that YAML allows in no file: a control character, or a byte order mark that
/// does not begin it.
private func forbiddenCharacter(in file: SourceFile) -> Diagnostic? {
  var offset = 0
  for scalar in String(decoding: file.bytes, as: UTF8.self).unicodeScalars {
    let length = UTF8.width(scalar)
    defer { offset += length }
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xFEFE, 0xFF00...0xFFFD, 0x10000...: continue
    default:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      let number = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      return Diagnostic(
        .error, code: "forbidden-character", "the character \(number) is not allowed in a YAML file",
        in: file, at: Span(offset, offset + length), help: "remove it")
    }
  }
  return nil
}

/// True where the first line that says something is a statement of the `.nn` spelling: a statement's
/// word, perhaps a name, and then `=`, `(` or `{`.
private func looksLikeNN(_ file: SourceFile) -> Bool {
  var offset = 0
  while offset < file.bytes.count {
    let content = file.content(ofLineAt: offset)
    if content.start < content.end, file.bytes[content.start] != UInt8(ascii: "#") {
      var words = 0
      var place = content.start
      while words < 2, let byte = file.byte(at: place), byte.isNameByte {
        let start = place
        while let byte = file.byte(at: place), byte.isNameByte { place += 1 }
        if words == 0, !StatementKey.isKnown(file.text(in: Span(start, place))) { return false }
        words += 1
        while file.byte(at: place) == 0x20 { place += 1 }
      }
      return words > 0 && file.byte(at: place).map { "=({".utf8.contains($0) } ?? false
    }
    offset = file.endOfLine(at: offset) + 1
  }
  return false
}
