import NNDiagnostics

/// The words of one finding of the parser: its code, what was found, and what to write instead. The
/// messages of the grammar stand here, sorted by name; those about Python and about characters beside it.
struct SyntaxMessage {
  let code: String
  let text: String
  let help: String?
  var severity = Severity.error

  init(_ code: String, _ text: String, help: String? = nil) {
    self.code = code
    self.text = text
    self.help = help
  }

  func diagnostic(in file: SourceFile, at span: Span, notes: [(Span, String)] = []) -> Diagnostic {
    Diagnostic(
      severity, code: code, text, in: file, at: span,
      notes: notes.map { Diagnostic.Note(file: file, span: $0.0, message: $0.1) }, help: help)
  }
}

extension SyntaxMessage {
  static func argumentsWithoutParentheses(_ name: String) -> Self {
    .init(
      "arguments-without-parentheses", "the settings of `\(name)` stand in `( )`",
      help: "write `\(name)(…)`")
  }

  static func braceOnNewLine(_ name: String) -> Self {
    .init(
      "brace-on-new-line", "the `{` of a model stands on the line of its name",
      help: "write `model \(name) {`")
  }

  static func bracesAroundValues() -> Self {
    .init(
      "braces-around-values", "`{ }` holds layers, not values",
      help: "write a list in `[ ]` or a tuple in `( )`")
  }

  static func colonForEquals(_ head: String) -> Self {
    .init(
      "colon-for-equals", "`:` stands where `=` belongs",
      help: "write `\(head)…`; `:` is for the YAML spelling, in a file that ends in .yaml")
  }

  static func commaAfterStatement(isValue: Bool) -> Self {
    .init(
      "unexpected-comma", "a statement has one value, and a `,` follows it",
      help: isValue
        ? "put several numbers in brackets: `(3, 32, 32)`" : "statements are separated by a new line or `;`")
  }

  static func duplicateArgument(_ name: String) -> Self {
    .init("duplicate-argument", "`\(name)` is given twice", help: "leave one of the two out")
  }

  static func elseOnNewLine() -> Self {
    .init(
      "else-on-new-line", "the line before ended the statement, so this `else` belongs to nothing",
      help: "put `else` at the end of the line before")
  }

  static func elseOutsideLoader() -> Self {
    .init(
      "else-outside-loader", "`else` chooses between data sets, and stands inside the `DataLoader`",
      help: "write `DataLoader(CIFAR10(\"data\") else Shapes10(), batch_size=64)`")
  }

  static func emptyBetweenCommas() -> Self {
    .init(
      "nothing-before-comma", "nothing stands before this `,`",
      help: "leave the `,` out or write what is missing")
  }

  static func emptyFile() -> Self {
    .init(
      "empty-file", "the file says nothing: it has no statement",
      help: "begin with `input = (3, 32, 32)` and `model Net { Flatten(), Linear(_, 10) }`")
  }

  static func equalsBeforeBrace(_ name: String) -> Self {
    .init(
      "unexpected", "no `=` stands between the name of a model and `{`", help: "write `model \(name) { … }`")
  }

  static func expectedCall(_ what: String, found: String) -> Self {
    .init("expected-call", "expected \(what), found \(found)", help: callExample(what))
  }

  static func expectedClosing(_ closing: String, found: String) -> Self {
    .init("expected-closing-bracket", "expected `\(closing)`, found \(found)", help: "add `\(closing)`")
  }

  static func expectedEquals(after head: String, found: String) -> Self {
    .init("expected-equals", "expected `=` after `\(head)`, found \(found)", help: "write `\(head) = …`")
  }

  static func expectedLayer(found: String) -> Self {
    .init(
      "expected-layer", "expected a layer, found \(found)",
      help: "a layer is a name with its settings, as `Conv2d(3, 32, 5)` or `Flatten()`")
  }

  static func expectedModelBody(_ name: String, found: String) -> Self {
    .init(
      "expected-model-body", "expected the layers of `\(name)`, found \(found)",
      help: "write `model \(name) { … }` or `model \(name) = Sequential( … )`")
  }

  static func expectedName(_ what: String, found: String) -> Self {
    .init("expected-name", "expected \(what), found \(found)", help: "a name is letters, digits and `_`")
  }

  static func expectedNothing(found: String) -> Self {
    .init("unexpected", "expected nothing more, found \(found)", help: "leave it out")
  }

  static func expectedStatement(found: String) -> Self {
    .init(
      "expected-statement", "expected a statement, found \(found)",
      help: "statements begin with let, seed, input, data, model, loss, optimizer, schedule or train")
  }

  static func expectedTrainSettings(found: String) -> Self {
    .init("expected-settings", "expected `(` after `train`, found \(found)", help: "write `train(epochs=10)`")
  }

  static func expectedValue(found: String) -> Self {
    .init(
      "expected-value", "expected a value, found \(found)",
      help: "a value is a number, a text in quotes, a name, or a list of these in brackets")
  }

  static func keyOutOfOrder(_ key: String, expected: Int) -> Self {
    .init(
      "key-out-of-order", "the keys of a stack count 0, 1, 2, …; here (\(expected)) is due, not (\(key))",
      help: "number the lines from (0), or paste the lines that are missing, or write the layers without keys"
    )
  }

  static func layerOutsideModel() -> Self {
    .init(
      "layer-outside-model", "a layer stands outside any model",
      help: "put the layers into `model NAME { … }`")
  }

  static func loaderSettingWithoutName(_ name: String, value: String) -> Self {
    .init(
      "setting-without-name", "a setting of `DataLoader` is written with its name",
      help: "write `\(name)=\(short(value))`")
  }

  static func loaderWithoutSource() -> Self {
    .init(
      "loader-without-data", "`DataLoader` has no data set",
      help: "write `DataLoader(CIFAR10(\"data\"), batch_size=64)`")
  }

  static func mismatchedBracket(found: String, expected: String, isSlip: Bool) -> Self {
    .init(
      "mismatched-bracket", "expected `\(expected)`, found `\(found)`",
      help: isSlip ? "write `\(expected)` here" : "add `\(expected)` before it")
  }

  static func missingComma(before found: String) -> Self {
    .init("missing-comma", "expected `,` before \(found)", help: "put a `,` between two values")
  }

  static func missingCommaBetweenLayers(_ found: String) -> Self {
    .init(
      "missing-comma", "two layers on one line need a `,` between them; \(found) follows without one",
      help: "write `Conv2d(3, 32, 5), ReLU()`, or one layer a line")
  }

  static func missingCommaBetweenLines() -> Self {
    .init(
      "missing-comma", "inside `( )` a line break does not separate layers, and the `,` is missing",
      help: "end each line with `,`, or write the layers in `{ }`")
  }

  static func missingEqualsInCall(_ name: String, value: String) -> Self {
    .init(
      "missing-equals", "expected `=` or `,` after `\(short(name))`",
      help: "write `\(short(name))=\(short(value))`, or put a `,` between two values")
  }

  static func missingKeyColon(_ key: String) -> Self {
    .init("missing-colon", "expected `:` after `(\(short(key)))`", help: "write `(\(short(key))): …`")
  }

  static func missingLet(_ name: String, near: String?) -> Self {
    let setting: String? =
      switch name {
      case "epochs", "num_epochs", "n_epochs": "`train(epochs=…)`"
      case "batch_size": "`DataLoader(…, batch_size=…)`"
      case "lr", "learning_rate", "momentum", "weight_decay": "`optimizer = SGD(lr=…)`"
      default: near.map { "did you mean `\($0)`?" }
      }
    return .init(
      "missing-let", "`\(name)` is not a statement of the language",
      help: "a value of your own is written `let \(name) = …`"
        + (setting.map { "; \($0.hasPrefix("did") ? "or" : "the setting itself is") \($0)" } ?? ""))
  }

  static func missingModelName() -> Self {
    .init(
      "missing-model-name", "the model has no name",
      help: "write `model Net { … }` or `model Net = Sequential( … )`")
  }

  static func missingStatementValue(_ head: String) -> Self {
    .init("missing-value", "`\(head) =` has no value", help: "write what `\(head)` is, or leave the line out")
  }

  static func modelInParentheses(_ name: String) -> Self {
    .init(
      "model-in-parentheses", "the layers of a model stand in `{ }`",
      help: "write `model \(name) { … }` or `model \(name) = Sequential( … )`")
  }

  static func modelValue(_ name: String, _ callee: String) -> Self {
    .init(
      "model-value", "a model is a `Sequential`, and `\(callee)` is not",
      help: "write `model \(name) { … }` with the layers one by one")
  }

  static func modelWithoutKeyword(_ name: String) -> Self {
    .init(
      "missing-keyword", "a model is declared with the word `model`",
      help: "write `model \(name) = Sequential( … )`")
  }

  static func otherName(_ name: String, _ keyword: String) -> Self {
    .init("missing-keyword", "`\(name)` is not a statement of the language", help: "write `\(keyword) = …`")
  }

  static func parenthesisedLayer() -> Self {
    .init(
      "expected-layer", "expected a layer, found `(`", help: "a layer begins with its name, as in `ReLU()`")
  }

  static func positionalAfterNamed(_ value: String) -> Self {
    .init(
      "positional-after-named", "`\(short(value))` has no name, and follows an argument that has one",
      help: "give it its name too, or put it before the named ones")
  }

  static func expectedLayerParameters(_ name: String, found: String) -> Self {
    .init(
      "expected-parameters", "expected `(` after `layer \(short(name))`, found \(found)",
      help: "write `layer \(short(name))(x) = x * 2`: x stands for the input")
  }

  static func layerParameter(_ text: String) -> Self {
    .init(
      "layer-parameter", "`\(short(text))` is no parameter: a parameter of a layer is a name",
      help: "write `layer Scale(x, k=2) = x * k`")
  }

  static func reserved(_ form: String) -> Self {
    let help =
      switch form {
      case "include": "write the statements of the other file here"
      case "loop": "the training loop is `train(epochs=10)`"
      default: "write the layers out one by one"
      }
    return .init("not-available", "\(reservedName(form)) is not available in this version", help: help)
  }

  static func semicolonInBrackets(_ closing: String) -> Self {
    .init(
      "semicolon", "`;` ends a statement, and the bracket `\(closing)` is still to come", help: "write `,`")
  }

  static func signInName(_ name: String) -> Self {
    .init(
      "sign-in-name", "`\(short(name))` is not a name: `-` subtracts",
      help: "a name is letters, digits and `_`: `\(short(String(name.map { $0 == "-" ? "_" : $0 })))`")
  }

  static func statementInModel(_ word: String) -> Self {
    .init(
      "statement-in-model", "`\(word)` begins a statement, and a model holds layers",
      help: "put it outside the model's `{ }`")
  }

  static func strayClosing(_ bracket: String) -> Self {
    .init(
      "stray-bracket", "this `\(bracket)` closes nothing", help: "delete it, or open the bracket before it")
  }

  static func textStatement() -> Self {
    .init("expected-statement", "a text by itself says nothing", help: "comments begin with `#`")
  }

  static func tooDeep(_ limit: Int) -> Self {
    .init(
      "too-deep", "brackets and signs are nested more than \(limit) deep",
      help: "take the inner parts out with `let`")
  }

  static func tooManyErrors(_ limit: Int) -> Self {
    .init("too-many-errors", "after \(limit) errors the rest of the file was not read")
  }

  static func tooManyItems(_ limit: Int) -> Self {
    .init(
      "too-many-layers", "the models of this file have more than \(limit) layers",
      help: "a file has at most \(limit)")
  }

  static func tooManyOperators(_ limit: Int) -> Self {
    .init(
      "too-deep", "this value has more than \(limit) operators in a row",
      help: "take parts of it out with `let`")
  }

  static func trainSettingWithoutName(_ value: String) -> Self {
    .init(
      "setting-without-name", "a setting of `train` is written with its name",
      help: "write `epochs=\(short(value))`")
  }

  static func unclosedBracket(_ opening: String, _ closing: String) -> Self {
    .init("unclosed-bracket", "this `\(opening)` is never closed", help: "add `\(closing)`")
  }

  static func unexpectedAfterLayer(_ found: String) -> Self {
    .init(
      "unexpected", "expected the end of the layer, found \(found)",
      help: "layers are separated by `,` or by a new line")
  }

  static func unexpectedAfterStatement(_ found: String) -> Self {
    .init(
      "unexpected", "expected the end of the statement, found \(found)",
      help: "a statement ends with its line; an operator or a `;` may be missing")
  }

  static func unexpectedInList(_ found: String, _ closing: String) -> Self {
    .init(
      "unexpected", "expected `,` or `\(closing)`, found \(found)",
      help: "values are separated by `,`; one with a name is written `name=value`")
  }

  static func unknownStatement(_ word: String) -> Self {
    let keywords = Keyword.allCases.map(\.rawValue)
    return .init(
      "unknown-statement", "`\(short(word))` does not begin a statement",
      help: didYouMean(word, from: keywords) ?? "statements begin with " + keywords.joined(separator: ", "))
  }

  static func yamlSpelling(_ word: String) -> Self {
    .init(
      "yaml-spelling", "`\(word)` begins like the YAML spelling, but the file is read as .nn",
      help: "name the file .yaml, or write `model Net { … }`, `loss = …`")
  }

  // MARK: Parts

  /// At most 40 characters of something that the file says.
  static func short(_ text: String) -> String { text.count > 40 ? text.prefix(39) + "…" : text }

  private static func reservedName(_ form: String) -> String { form.contains(" ") ? form : "`\(form)`" }

  private static func callExample(_ what: String) -> String {
    switch what {
    case "a loss": "write `loss = CrossEntropyLoss()`"
    case "an optimizer": "write `optimizer = SGD(lr=0.01)`"
    case "a schedule": "write `schedule = StepLR(step_size=10)`"
    case "a data set": "write a data set with its settings, as `CIFAR10(\"data\")` or `Shapes10()`"
    default: "write a name with its settings in `( )`"
    }
  }
}
