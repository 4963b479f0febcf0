import FoundationEssentials
import NNTestSupport
import Testing

/// Every command in a `console` block of README.md prints what stands below it.
@Suite struct ReadmeTests {
  private struct Example: CustomStringConvertible {
    var command: String
    var expected: [String] = []
    var description: String { command }
  }

  private static func examples() throws -> [Example] {
    let text = try String(contentsOfFile: TestPaths.packageRoot + "/README.md", encoding: .utf8)
    var examples: [Example] = []
    var isInside = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isInside = line == "```console"
      } else if isInside, line.hasPrefix("$ nnrun ") {
        examples.append(Example(command: String(line.dropFirst(8))))
      } else if isInside, !examples.isEmpty {
        examples[examples.count - 1].expected.append(String(line))
      }
    }
    return examples
  }

  /// Words, with single quotes around those that hold spaces.
  private func words(_ command: String) -> [String] {
    var words: [String] = []
    for (index, part) in command.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
      if index % 2 == 1 {
        words.append(String(part))
      } else {
        words += part.split(separator: " ").map(String.init)
      }
    }
    return words
  }

  @Test func commandsPrintWhatTheReadmeShows() throws {
    let examples = try Self.examples()
    #expect(examples.count >= 4)
    for example in examples {
      let outcome = try CommandProcess.run(words(example.command))
      let printed = (outcome.error + outcome.output).split(separator: "\n", omittingEmptySubsequences: false)
        .map(String.init)
      // `...` leaves out the rest; what goes to standard error first may be left out too.
      let isCut = example.expected.last == "..."
      let expected = isCut ? Array(example.expected.dropLast()) : example.expected
      let start = printed.firstIndex(of: expected.first ?? "") ?? printed.count
      #expect(Array(printed[start...].prefix(expected.count)) == expected, "nnrun \(example.command)")
      if !isCut { #expect(printed.count - start == expected.count + 1, "nnrun \(example.command)") }
    }
  }
}
