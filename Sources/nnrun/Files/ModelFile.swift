import NNDiagnostics
import NNSyntax
import NNYAML

/// The two ways to write a model file.
enum Spelling: String, Sendable {
  case nn
  case yaml

  /// By the extension: `.nn`, `.yaml`, `.yml`.
  init?(path: String) {
    switch Path.fileExtension(path) {
    case "nn": self = .nn
    case "yaml", "yml": self = .yaml
    default: return nil
    }
  }
}

/// A model file as read and parsed.
struct ModelFile: Sendable {
  /// As the user wrote it; `<stdin>` for standard input.
  var name: String
  var spelling: Spelling
  var source: SourceFile
  var document: Document
  /// What is wrong with its text or its syntax.
  var diagnostics: [Diagnostic]

  /// The name without folder and extension; `stdin` for standard input.
  var stem: String { source.name == Self.standardInputName ? "stdin" : Path.stem(name) }

  static let standardInputName = "<stdin>"

  /// Reads and parses a file; `-` is standard input. What is wrong with its contents is in
  /// `diagnostics`; throws where there are no contents.
  static func read(_ operand: ModelFileOperand) throws(FileReadingError) -> ModelFile {
    let name = operand.isStandardInput ? standardInputName : operand.path
    // One byte more than a file may have, so that a longer one shows.
    let bytes = try BoundedReader.read(
      operand.isStandardInput ? nil : operand.path, limit: Bounds.fileBytes + 1)
    let source = SourceFile(name: name, bytes: bytes)
    let (document, diagnostics) =
      switch operand.spelling {
      case .nn: parse(source)
      case .yaml: parseYAML(source)
      }
    return ModelFile(
      name: name, spelling: operand.spelling, source: source, document: document, diagnostics: diagnostics)
  }
}
