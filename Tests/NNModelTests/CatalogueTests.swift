import NNModel
import NNTestSupport
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

struct CatalogueTests {
  /// The document lists what the code takes, argument for argument.
  @Test(arguments: Catalogue.schemas.map(\.signature))
  func theDocumentListsEverySignature(_ signature: String) throws {
    let text = try String(contentsOfFile: TestPaths.packageRoot + "/grammar/model.md", encoding: .utf8)
    let isListed = text.contains("\n    \(signature)\n")
    #expect(isListed, "\(signature)")
  }

  @Test func namesAreUniqueAndDescribed() {
    #expect(Set(Catalogue.schemas.map(\.name)).count == Catalogue.schemas.count)
    for schema in Catalogue.schemas {
      #expect(!schema.summary.isEmpty)
      #expect(Set(schema.parameters.map(\.name)).count == schema.parameters.count)
      for parameter in schema.parameters { #expect(!parameter.summary.isEmpty) }
    }
  }
}
