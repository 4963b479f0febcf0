import NNDiagnostics
import NNModel

extension Command {
  /// `nnrun layers [NAME]`: the names of the language, or one of them in full.
  func layers() throws -> ExitStatus {
    guard let name = invocation.operands.first else {
      let more = "\n`nnrun layers NAME` tells more about one of them.\n"
      try streams.output(invocation.has(.json) ? Catalogue.json.text + "\n" : Catalogue.listing + more)
      return .success
    }
    guard invocation.operands.count == 1 else {
      throw UsageError("`nnrun layers` takes one NAME", verb: .layers)
    }
    guard let schema = Catalogue.schema(name) else {
      let (message, help) = Catalogue.absence(of: name)
      throw UsageError(printable(message), help: help.map { printable($0) }, verb: .layers)
    }
    try streams.output(invocation.has(.json) ? schema.json.text + "\n" : schema.text)
    return .success
  }
}
