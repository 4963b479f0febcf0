import FoundationEssentials
import NNTestSupport
import Testing

/// `nnrun layers`.
@Suite struct LayersTests {
  private struct Entry: Decodable {
    struct Parameter: Decodable {
      var name: String
      var required: Bool
    }

    var name: String
    var kind: String
    var parameters: [Parameter]
    var example: String?
  }

  @Test func theListGoesByKind() throws {
    let outcome = try CommandProcess.run(["layers"])
    #expect(outcome.status == 0)
    #expect(outcome.error == "")
    let heads = outcome.outputLines.filter { $0.hasSuffix(":") }
    #expect(heads.prefix(3) == ["Layers:", "Losses:", "Optimizers:"])
    #expect(outcome.outputLines.contains { $0.hasPrefix("  Conv2d ") })
  }

  @Test func oneEntryIsTold() throws {
    let outcome = try CommandProcess.run(["layers", "RandomCrop"])
    #expect(outcome.status == 0)
    #expect(outcome.outputLines.first == "RandomCrop, a transform: a part of the image, at random")
    #expect(outcome.output.contains("\nExample:\n"))
  }

  @Test func theSameAsJSON() throws {
    let all = try CommandProcess.run(["layers", "--json"])
    let entries = try JSONDecoder().decode([Entry].self, from: Data(all.output.utf8))
    #expect(entries.contains { $0.name == "Adam" && $0.kind == "optimizer" })
    let one = try CommandProcess.run(["layers", "--json", "Linear"])
    let linear = try JSONDecoder().decode(Entry.self, from: Data(one.output.utf8))
    #expect(linear.parameters.filter(\.required).map(\.name) == ["in_features", "out_features"])
  }

  @Test func theExampleOfAnEntryRuns() throws {
    let one = try CommandProcess.run(["layers", "Conv2d", "--json"])
    let entry = try JSONDecoder().decode(Entry.self, from: Data(one.output.utf8))
    let checked = try CommandProcess.run(
      ["check", "-", "--format", "nn", "--strict"], input: try #require(entry.example))
    #expect(checked.status == 0, "\(checked.error)")
  }
}
