// The messages about Python: what it says that a model file says otherwise, or not at all.

extension SyntaxMessage {
  static func foreignOperator(_ sign: String) -> Self {
    .init(
      "foreign-operator", "`\(short(sign))` is no operator of a model file",
      help: "values are computed with `+`, `-`, `*`, `/`, `//`, `%` and `**`")
  }

  static func indexing() -> Self {
    .init(
      "indexing", "`[ ]` after a value would take a part out of it, as Python does",
      help: "write the number itself")
  }

  static func lineContinuation() -> Self {
    .init(
      "line-continuation", "a `\\` does not continue a line",
      help: "put the value in `( )`, or end the line with the operator")
  }

  static func manualSeed() -> Self {
    .init("python", "the seed is a statement of its own", help: "write `seed = 0`")
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

  static func orForElse() -> Self {
    .init("or-for-else", "`or` does not choose between data sets", help: "write `else`")
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
      help: name.hasPrefix("transform")
        ? "write it where it is used, as `transform=…` of the data set"
        : "delete this line; a model is declared by `model \(callee) { … }`, a data set by `data = …`")
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

  static func selfAssignment(_ name: String) -> Self {
    .init("self", "`self.` is Python; a layer is named without it", help: "write `\(name) = …`")
  }

  static func selfExpression() -> Self {
    .init(
      "self", "`self` is Python: a model file names no object",
      help: "write the layer itself here, as `Conv2d(3, 32, 5)`")
  }

  static func tripleQuotes() -> Self {
    .init(
      "triple-quotes", "a text stands in single quotes or double ones, not in three",
      help: "comments begin with `#`")
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

  static func unpacking(_ sign: String) -> Self {
    .init(
      "unpacking", "`\(sign)` unpacks a list in Python; here arguments are written out",
      help: "write the values one by one")
  }
}
