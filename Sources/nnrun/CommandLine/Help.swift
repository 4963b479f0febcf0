/// What `--help` prints, made from the tables of verbs and options.
enum Help {
  /// Columns of a line of help.
  private static let width = 80
  /// Where the explanations of options begin.
  private static let indent = 24

  /// The help of the command, or of one verb.
  static func text(for verb: Verb) -> String {
    verb == .run ? overview() : details(of: verb)
  }

  private static func overview() -> String {
    var text = """
      nnrun checks and trains neural networks that are described in one text file.

      Usage: nnrun FILE [options]
             nnrun VERB FILE [options]

      FILE is a model file: NAME.nn, NAME.yaml, NAME.yml, or - for standard input
      with --format nn or --format yaml.


      """
    text += section(
      "Verbs", rows: [("FILE", Verb.run.rule.summary)] + Verb.words.map { ($0.rawValue, $0.rule.summary) })
    text += section("Options of nnrun FILE", rows: rows(Verb.run))
    text += examples([Verb.run, .check, .train].flatMap { $0.rule.examples.prefix(1) })
    text += """
      Exit status: 0 done, warnings included; 1 the file, the data or the run failed;
      64 wrong usage; 130 after Ctrl-C and 143 after SIGTERM, both after saving.

      `nnrun VERB --help` tells more about a verb.

      """
    return text
  }

  private static func details(of verb: Verb) -> String {
    let rule = verb.rule
    var text = "nnrun \(verb.rawValue): \(rule.summary)\n\nUsage: \(verb.usage)\n\n"
    for paragraph in rule.details { text += wrap(paragraph, indent: 0) + "\n" }
    text += section("Options", rows: rows(verb))
    text += examples(rule.examples)
    return text
  }

  private static func rows(_ verb: Verb) -> [(String, String)] {
    verb.options.map { option in
      let required = verb.rule.required.contains(option) ? " (required)" : ""
      return (option.flag + verb.value(of: option).usage, option.rule.help + required)
    }
  }

  private static func section(_ title: String, rows: [(String, String)]) -> String {
    var text = title + ":\n"
    for (left, right) in rows {
      let head = "  " + left
      let body = wrap(right, indent: indent)
      if head.count + 2 > indent {
        text += head + "\n" + body
      } else {
        text += head + String(body.dropFirst(head.count))
      }
    }
    return text + "\n"
  }

  private static func examples(_ list: [(command: String, does: String)]) -> String {
    "Examples:\n" + list.map { "  # \($0.does)\n  \($0.command)\n" }.joined() + "\n"
  }

  /// Words in lines of at most ``width`` columns, each line indented and ended.
  private static func wrap(_ text: String, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent + line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    lines.append(line)
    return lines.map { margin + $0 + "\n" }.joined()
  }
}
