import NNDiagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A FILE of the command line, known to exist and to have a spelling.
struct ModelFileOperand: Sendable {
  var path: String
  var spelling: Spelling

  var isStandardInput: Bool { path == "-" }

  /// The files of a command line, in order; none where the verb reads no file.
  static func all(of invocation: Invocation) throws(UsageError) -> [ModelFileOperand] {
    let (verb, words) = (invocation.verb, invocation.operands)
    if verb.rule.takesName { return [] }
    guard let first = words.first else {
      throw UsageError("`\(verb == .run ? "nnrun" : verb.command)` needs a FILE", verb: verb)
    }
    if verb == .run { try refuseUnlessFile(first) }
    if words.count > 1, !verb.rule.takesSeveralFiles { throw tooMany(invocation) }
    if words.count(where: { $0 == "-" }) > 1 {
      throw UsageError("standard input (-) is named twice", verb: verb)
    }
    var operands: [ModelFileOperand] = []
    for word in words { operands.append(try ModelFileOperand(word, invocation)) }
    return operands
  }

  private init(_ word: String, _ invocation: Invocation) throws(UsageError) {
    let verb = invocation.verb
    path = word
    let format = invocation.text(.format).flatMap(Spelling.init(rawValue:))
    if word == "-" {
      guard let format else {
        throw UsageError("standard input (-) needs --format nn or --format yaml", verb: verb)
      }
      spelling = format
      return
    }
    var status = stat()
    if stat(word, &status) != 0 {
      let (number, shown) = (errno, printable(word))
      guard number == ENOENT || number == ENOTDIR else {
        throw UsageError("cannot open \(shown): \(String(cString: strerror(number)))", verb: verb)
      }
      throw UsageError(
        "there is no file \(shown)", help: Self.similarFiles(to: word), verb: verb)
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw UsageError(
        "\(printable(word)) is a folder, not a model file", help: Self.modelFiles(in: word), verb: verb)
    }
    guard let spelling = format ?? Spelling(path: word) else {
      throw UsageError(
        "\(printable(word)) is neither a .nn nor a .yaml file",
        help: "rename it, or say which it is with --format nn or --format yaml", verb: verb)
    }
    self.spelling = spelling
  }

  /// `nnrun WORD`, where WORD is no verb: it must be a file.
  static func refuseUnlessFile(_ word: String) throws(UsageError) {
    var status = stat()
    if word == "-" || stat(word, &status) == 0 { return }
    if Verb.planned.contains(word) {
      let verbs = Verb.words.map(\.rawValue).joined(separator: ", ")
      throw UsageError("`\(word)` is not in this version of nnrun", help: "it has \(verbs)")
    }
    guard word.contains("/") || Spelling(path: word) != nil else {
      // The name of a file without its extension, or of a verb with a mistake in it.
      let files = similarFiles(to: word)
      throw UsageError(
        "`\(printable(word))` is neither a verb nor an existing file",
        help: word == "help"
          ? "write nnrun --help" : didYouMean(word, from: Verb.words.map(\.rawValue)) ?? files)
    }
  }

  private static func tooMany(_ invocation: Invocation) -> UsageError {
    let (verb, words) = (invocation.verb, invocation.operands)
    let misplaced = words.dropFirst().first { word in Verb.words.contains { $0.rawValue == word } }
    let help: String? =
      if let misplaced {
        "the verb comes first: nnrun \(misplaced) FILE"
      } else if invocation.has(.resume), invocation.text(.resume) == nil {
        "the folder of a run to continue is given as --resume=DIR"
      } else {
        nil
      }
    return UsageError(
      "`\(verb.command)` takes one FILE, found \(words.count): \(words.map(printable).joined(separator: " "))",
      help: help, verb: verb)
  }

  /// "did you mean `models/tudui.nn`?", from the folder that the path names.
  private static func similarFiles(to path: String) -> String? {
    let folder = Path.folder(path)
    let names = fileNames(in: folder)
    let candidates = names.filter { Spelling(path: $0) != nil } + names.map(Path.stem)
    let wanted = Path.lastComponent(path)
    // A stem without its extension finds the files that have it.
    let found = suggest(wanted, from: candidates).flatMap { name in
      Spelling(path: name) != nil
        ? [name] : names.filter { Spelling(path: $0) != nil && Path.stem($0) == name }
    }
    let exact = names.filter { Spelling(path: $0) != nil && Path.stem($0) == wanted }
    let prefix = path.contains("/") ? (folder == "/" ? "/" : folder + "/") : ""
    var seen: Set<String> = []
    let shown = (exact + found).filter { seen.insert($0).inserted }.prefix(3).map {
      "`\(printable(prefix + $0))`"
    }
    return shown.isEmpty ? nil : "did you mean \(shown.joined(separator: " or "))?"
  }

  private static func modelFiles(in folder: String) -> String? {
    let names = fileNames(in: folder).filter { Spelling(path: $0) != nil }
    guard !names.isEmpty else { return nil }
    let more = names.count > 5 ? ", …" : ""
    return "in it are \(names.prefix(5).map(printable).joined(separator: ", "))\(more)"
  }

  /// The names in a folder in order; empty where it cannot be read.
  private static func fileNames(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while names.count < 10_000, let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: Int(entry.pointee.d_reclen)) {
            String(cString: $0)
          }
        })
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }
}
