import NNDiagnostics
import NNSyntax
import NNYAML

extension Command {
  /// `nnrun ast FILE`: the syntax tree, for a file without syntax errors.
  func ast(_ operand: ModelFileOperand) throws -> ExitStatus {
    let document = try parsedFile(operand).document
    let hasSpans = invocation.has(.spans)
    try streams.output(
      invocation.has(.json) ? dumpJSON(document, spans: hasSpans) : dump(document, spans: hasSpans))
    return .success
  }

  /// `nnrun convert FILE --to nn|yaml`: the tree in that spelling.
  func convert(_ operand: ModelFileOperand) throws -> ExitStatus {
    let document = try parsedFile(operand).document
    try streams.output(invocation.text(.to) == "yaml" ? printYAML(document) : printNN(document))
    return .success
  }

  /// The file, parsed; prints what is wrong with its syntax and throws ``RejectedFile`` where it has
  /// errors.
  private func parsedFile(_ operand: ModelFileOperand) throws -> ModelFile {
    let file = try ModelFile.read(operand)
    let diagnostics = graded(file.diagnostics)
    show(diagnostics)
    if diagnostics.hasErrors { throw RejectedFile() }
    return file
  }
}
