import NNModel
import Testing

/// Expressions, through what they make of a `Linear`'s size.
struct ValueTests {
  /// The value of an expression as an integer; nil where it is refused.
  static func integer(_ expression: String, _ bindings: String = "") -> Int? {
    let checked = Checked("\(bindings)\ninput = 4\nmodel M { Linear(4, \(expression)) }")
    guard case .linear(let linear)? = checked.plan?.models[0].layers[0].configuration else { return nil }
    return linear.outFeatures
  }

  @Test(
    arguments: [
      ("2 + 3 * 4", 14), ("(2 + 3) * 4", 20), ("2 ** 3 ** 2", 512), ("100 + -2 ** 2", 96), ("7 // 2", 3),
      ("10 + -7 // 2", 6), ("-7 % 3", 2), ("10 + 7 % -3", 8), ("64 / 2", 32), ("64 / 2 * 3", 96),
      ("1_000", 1000), ("3e4", 30000), ("1.5e3", 1500), ("2 ** -1 * 8", nil), ("+5", 5), ("8 - 3 - 2", 3),
      ("100 // 7 // 2", 7), ("9e0 // 2", 4), ("7.0 // 2 + 0 / 1", nil), ("5.0", nil), ("5 / 2", nil),
      ("True", nil), ("'5'", nil), ("None", nil), ("(5,)", nil), ("1 / 0", nil), ("1 // 0", nil),
      ("1 % 0", nil),
      ("0 ** -1", nil), ("9223372036854775807 + 1 - 9223372036854775807", nil), ("99999999999999999999", nil),
      ("2 ** 63 // 2 ** 62", nil), ("-9223372036854775807 - 2", nil), ("inf", nil), ("nan", nil),
      ("3 * '5'", nil),
    ] as [(String, Int?)])
  func arithmeticIsPythons(_ expression: String, _ expected: Int?) {
    #expect(Self.integer(expression) == expected)
  }

  @Test func definitionsMayComeInAnyOrder() {
    #expect(Self.integer("c", "let c = a * b\nlet a = 3\nlet b = a + 1") == 12)
  }

  @Test func longChainsAreEvaluatedWithoutRecursion() {
    let chain = Array(repeating: "1", count: 400).joined(separator: " + ")
    #expect(Self.integer(chain) == 400)
    let count = 20_000
    let lets = (0..<count).map { "let v\($0) = v\($0 + 1) + 1" }.joined(separator: "\n")
    #expect(Self.integer("v0", lets + "\nlet v\(count) = 1") == count + 1)
  }

  @Test func aCycleIsReportedOnceAndSilencesItsUses() {
    let checked = Checked("let a = b\nlet b = a\nlet c = b + 1\ninput = 4\nmodel M { Linear(4, c) }")
    #expect(checked.codes == ["cyclic-let"])
  }

  @Test func anUnknownNameInADefinitionIsReportedOnce() {
    let checked = Checked("let a = nope + 1\ninput = 4\nmodel M { Linear(4, a), ReLU(), Linear(a, a) }")
    #expect(checked.codes == ["unknown-name"])
  }

  @Test func wordsAreTextWhereTextIsTaken() throws {
    let checked = Checked("let mode = same\ninput = (3, 8, 8)\nmodel M { Conv2d(3, 4, 3, padding=mode) }")
    #expect(checked.diagnostics.isEmpty)
    guard case .convolution(let conv)? = checked.plan?.models[0].layers[0].configuration else {
      Issue.record("no plan")
      return
    }
    #expect(conv.padding == .same)
  }

  @Test(arguments: [
    ("10 min", TrainPlan.Interval.seconds(600)), ("2 h", .seconds(7200)), ("90s", .seconds(90)),
    ("0.5 h", .seconds(1800)), ("3 epochs", .epochs(3)), ("1 epoch", .epochs(1)), ("500 steps", .steps(500)),
  ])
  func intervalsHaveUnits(_ text: String, _ expected: TrainPlan.Interval) {
    #expect(TrainPlan.Interval(text) == expected)
  }

  @Test(arguments: ["", "10", "min", "-1 s", "0 s", "2 hours", "1.5 epochs", "1e3 s", "inf s", "9e999 h"])
  func otherTextsAreNoIntervals(_ text: String) {
    #expect(TrainPlan.Interval(text) == nil)
  }
}
