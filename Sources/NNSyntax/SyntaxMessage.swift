import NNDiagnostics

/// The words of one finding of the parser: its code, what was found, and what to write instead. All
/// messages of the stage stand here, sorted by name.
struct SyntaxMessage {
  let code: String
  let text: String
  let help: String?
  var severity = Severity.error

  private init(_ code: String, _ text: String, help: String? = nil) {
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
  static func badEscape(_ escape: String) -> Self {
    .init(
      "bad-escape", "`\(escape)` is not an escape of a text",
      help: "write `\\\\` for a backslash; in paths `/` works everywhere")
  }

  static func blockComment() -> Self {
    .init("comment", "`/* … */` is not a comment here", help: "comments begin with `#` and end with the line")
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

  static func commaAfterStatement() -> Self {
    .init(
      "unexpected-comma", "a statement has one value, and a `,` follows it",
      help: "put several numbers in brackets: `(3, 32, 32)`")
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

  static func fileTooLarge(_ bytes: Int, limit: Int) -> Self {
    .init(
      "file-too-large", "the file has \(bytes) bytes; a model file has at most \(limit)",
      help: "keep data in a data set, and the model file small")
  }

  static func invalidUTF8(_ byte: UInt8, offset: Int, looksLikeUTF16: Bool) -> Self {
    let digits = String(byte, radix: 16, uppercase: true)
    return .init(
      "invalid-utf8",
      "byte \(offset + 1) of the file, 0x\(digits.count < 2 ? "0" : "")\(digits), is not UTF-8"
        + (looksLikeUTF16 ? "; the file looks like UTF-16" : ""),
      help: "save the file as text in UTF-8")
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

  static func lookalikeName(_ plain: String) -> Self {
    .init(
      "lookalike", "a letter of this name only looks like one of `\(plain)`",
      help: "type it again: `\(plain)`")
  }

  static func lookalikeSign(_ scalar: Unicode.Scalar, _ plain: String) -> Self {
    .init(
      "lookalike", "`\(scalar)` (\(codePoint(scalar))) only looks like `\(plain)`", help: "write `\(plain)`")
  }

  static func loneCarriageReturn() -> Self {
    .init(
      "carriage-return", "a carriage return without a line feed does not end a line",
      help: "save the file with line ends of one kind, LF or CR LF")
  }

  static func malformedNumber(_ text: String) -> Self {
    let parts = text.split(whereSeparator: { $0 == "x" || $0 == "X" || $0 == "×" })
    let isSize =
      parts.count > 1 && parts.allSatisfy { NumberLiteral(String($0)) != nil } && !text.hasPrefix("0x")
    return .init(
      "malformed-number", "`\(short(text))` is not a number",
      help: isSize
        ? "write sizes as `(\(parts.joined(separator: ", ")))`"
        : "numbers are written 3, 1_000, .5 or 5e-4")
  }

  static func manualSeed() -> Self {
    .init("python", "the seed is a statement of its own", help: "write `seed = 0`")
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

  static func nulByte(looksLikeUTF16: Bool) -> Self {
    .init(
      "nul-byte", "the file has a NUL byte: it is not text" + (looksLikeUTF16 ? ", or it is UTF-16" : ""),
      help: "save the file as text in UTF-8")
  }

  static func orderedDictEntry() -> Self {
    .init(
      "ordered-dict", "`OrderedDict` takes a list of pairs of a name and a layer",
      help: "write `OrderedDict([(\"conv1\", Conv2d(3, 32, 5)), …])`, or `conv1 = Conv2d(3, 32, 5)` a line")
  }

  static func orderedDictName(_ name: String) -> Self {
    .init(
      "ordered-dict", "`\(short(name))` is not a name for a layer", help: "a name is letters, digits and `_`")
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

  static func prefixedString() -> Self {
    .init(
      "prefixed-text", "a text has no prefix before its quotes",
      help: "write the text in plain quotes; in paths use `/`")
  }

  static func pythonClass() -> Self {
    .init(
      "python", "a Python class is code, and a model file holds none",
      help: "write its layers in `model NAME { … }`; what `print(model)` shows can be pasted as it is")
  }

  static func pythonCondition(_ word: String) -> Self {
    .init(
      "python", "`\(word)` is Python; a model file says what there is, not what to do", help: "leave it out")
  }

  static func pythonFunction() -> Self {
    .init(
      "python", "a Python function is code; the layers of a model run in the order they are written",
      help: "leave `forward` out, and write each step of it as a layer: `ReLU()`, `Flatten()`")
  }

  static func pythonImport() -> Self {
    .init(
      "python", "nothing is imported: the names of torch and torchvision are built in",
      help: "delete this line")
  }

  static func pythonLoop(_ word: String) -> Self {
    .init("python", "a `\(word)` loop is not available here", help: "the training loop is `train(epochs=10)`")
  }

  static func pythonObject(_ name: String, _ callee: String) -> Self {
    .init(
      "python", "`\(name) = \(callee)(…)` makes a Python object; here statements declare what there is",
      help: "delete this line; a model is declared by `model \(callee) { … }`, a data set by `data = …`")
  }

  static func pythonPrint() -> Self {
    .init(
      "python", "`print` is not a statement here",
      help: "delete this line; `nnrun summary FILE` shows the model")
  }

  static func pythonStatement(_ line: String) -> Self {
    .init(
      "python", "this is Python code, and a model file holds none",
      help: line.contains("backward") || line.contains("step()") || line.contains("zero_grad")
        ? "the training loop is `train(epochs=10)`" : "delete this line")
  }

  static func reserved(_ form: String) -> Self {
    let help =
      switch form {
      case "include": "write the statements of the other file here"
      case "loop": "the training loop is `train(epochs=10)`"
      case "a block of parameter groups": "give all parameters the same settings: `optimizer = SGD(lr=0.01)`"
      default: "write the layers out one by one"
      }
    return .init("not-available", "\(reservedName(form)) is not available in this version", help: help)
  }

  static func selfAssignment(_ name: String) -> Self {
    .init("self", "`self.` is Python; a layer is named without it", help: "write `\(name) = …`")
  }

  static func selfExpression() -> Self {
    .init(
      "self", "`self` is Python: a model file names no object",
      help: "write the layer itself here, as `Conv2d(3, 32, 5)`")
  }

  static func semicolonInBrackets(_ closing: String) -> Self {
    .init(
      "semicolon", "`;` ends a statement, and the bracket `\(closing)` is still to come", help: "write `,`")
  }

  static func slashComment() -> Self {
    .init("comment", "`//` does not begin a comment", help: "comments begin with `#`")
  }

  static func smartQuotes() -> Self {
    .init("lookalike", "typographic quotes do not enclose a text", help: "write straight quotes, `\"…\"`")
  }

  static func strayClosing(_ bracket: String) -> Self {
    .init(
      "stray-bracket", "this `\(bracket)` closes nothing", help: "delete it, or open the bracket before it")
  }

  static func strangeSpace(_ scalar: Unicode.Scalar) -> Self {
    .init(
      "invisible-character", "an invisible character, \(codePoint(scalar)), stands here",
      help: "type a plain space instead")
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

  static func tripleQuotes() -> Self {
    .init(
      "triple-quotes", "a text stands in single quotes or double ones, not in three",
      help: "comments begin with `#`")
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
    .init("unexpected", "expected `,` or `\(closing)`, found \(found)")
  }

  static func unknownCharacter(_ scalar: Unicode.Scalar) -> Self {
    .init("unknown-character", "`\(scalar)` (\(codePoint(scalar))) has no meaning here", help: "delete it")
  }

  /// A warning: what `print` shows is no proof of what runs.
  static func unknownForward(_ name: String) -> Self {
    var message = SyntaxMessage(
      "unknown-forward",
      "print does not show what `\(name).forward` does; the layers are taken in the order of the lines",
      help: "compare with `forward`: what it adds, such as relu or flatten, has to be written as layers")
    message.severity = .warning
    return message
  }

  static func unknownStatement(_ word: String) -> Self {
    let keywords = Keyword.allCases.map(\.rawValue)
    return .init(
      "unknown-statement", "`\(short(word))` does not begin a statement",
      help: didYouMean(word, from: keywords) ?? "statements begin with " + keywords.joined(separator: ", "))
  }

  static func unpacking(_ sign: String) -> Self {
    .init(
      "unpacking", "`\(sign)` unpacks a list in Python; here arguments are written out",
      help: "write the values one by one")
  }

  static func unterminatedString() -> Self {
    .init("unterminated-text", "this text does not end on its line", help: "add the closing quote")
  }

  static func yamlSpelling(_ word: String) -> Self {
    .init(
      "yaml-spelling", "`\(word)` begins like the YAML spelling, but the file is read as .nn",
      help: "name the file .yaml, or write `model Net { … }`, `loss = …`")
  }

  // MARK: Parts

  init(_ problem: LexicalProblem, text: String) {
    self =
      switch problem {
      case .blockComment: .blockComment()
      case .invisibleSpace(let scalar): .strangeSpace(scalar)
      case .loneCarriageReturn: .loneCarriageReturn()
      case .lookalikeName(let plain): .lookalikeName(plain)
      case .lookalikeSign(let scalar, let plain): .lookalikeSign(scalar, plain)
      case .malformedNumber: .malformedNumber(text)
      case .prefixedString: .prefixedString()
      case .smartQuotes: .smartQuotes()
      case .tripleQuotes: .tripleQuotes()
      case .unknownCharacter(let scalar): .unknownCharacter(scalar)
      case .unterminatedString: .unterminatedString()
      }
  }

  private static func codePoint(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private static func short(_ text: String) -> String { text.count > 40 ? text.prefix(39) + "…" : text }

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
