// What can be wrong with the groups of an optimizer's parameters, in the order of the messages' names.
extension SyntaxMessage {
  static func expectedGroup(found: String) -> Self {
    .init(
      "expected-group", "expected a pattern in quotes, found \(found)",
      help: "a group is a pattern over parameter names and their settings: `\"*.bias\" = (weight_decay=0)`")
  }

  static func expectedGroupSettings(_ pattern: String, found: String) -> Self {
    .init(
      "expected-settings", "expected `(` and the settings of \(short(pattern)), found \(found)",
      help: "write `\(short(pattern)) = (lr=0.01)`")
  }

  static func groupSettingWithoutName(_ value: String) -> Self {
    .init(
      "setting-without-name", "a setting of a group is written with its name",
      help: "write `lr=\(short(value))`")
  }

  static func tooManyGroups(_ limit: Int) -> Self {
    .init(
      "too-many-groups", "this optimizer has more than \(limit) groups", help: "`*` stands for many names")
  }

  static func unexpectedAfterGroup(_ found: String) -> Self {
    .init(
      "unexpected", "expected the end of the group, found \(found)",
      help: "groups are separated by `,` or by a new line")
  }
}
