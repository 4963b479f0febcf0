import NNDiagnostics
import NNModel
import NNSyntax
import NNTraining

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A model file with the command line's changes made, checked and free of errors.
struct CheckedFile: Sendable {
  var file: ModelFile
  /// With every override made.
  var document: Document
  var plan: ExperimentPlan
}

/// A file has errors, and they are printed.
struct RejectedFile: Error {
  var status = ExitStatus.failure
}

/// A failure of a run that comes from a place in the model file.
struct LocatedFailure: Error {
  var diagnostic: Diagnostic

  init(_ failure: any RunFailure, at span: Span, in document: Document) {
    diagnostic = Diagnostic(
      .error, code: "run", failure.description, in: document.source(of: span), at: span, help: failure.help)
  }
}

extension CheckedFile {
  /// The plan of the model that the command works on.
  var model: ModelPlan { plan.models[plan.mainModel] }

  /// Runs `body`, and gives what it throws a place in the file where it has one.
  func locatingFailures<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let failure as any RunFailure {
      guard let span = failure.span else { throw failure }
      throw LocatedFailure(failure, at: span, in: document)
    }
  }
}

extension Command {
  /// Everything that is known about a file before anything runs: the plan, unless there are errors, and
  /// all findings in file order. With `--strict` warnings are errors.
  func examine(_ operand: ModelFileOperand) throws -> (
    file: ModelFile, document: Document, plan: ExperimentPlan?, diagnostics: [Diagnostic]
  ) {
    let file = try ModelFile.read(operand)
    let overridden = NNModel.apply(try overrides(of: file.document), to: file.document)
    let syntax = file.diagnostics + overridden.diagnostics
    let checked = NNModel.check(overridden.document, options: checkOptions, syntax: syntax)
    var diagnostics = checked.diagnostics
    if invocation.verb == .check, let plan = checked.plan {
      diagnostics = (diagnostics + dataDiagnostics(plan, in: overridden.document)).inFileOrder
    }
    diagnostics = graded(diagnostics)
    return (file, overridden.document, diagnostics.hasErrors ? nil : checked.plan, diagnostics)
  }

  private var checkOptions: CheckOptions {
    CheckOptions(
      model: invocation.text(.model), memoryLimit: physicalMemory(),
      isApplied: [.apply, .summary, .bench].contains(invocation.verb))
  }

  /// The file, checked; prints what was found and throws ``RejectedFile`` where there are errors.
  func checkedFile(_ operand: ModelFileOperand) throws -> CheckedFile {
    let (file, document, plan, diagnostics) = try examine(operand)
    show(diagnostics)
    guard let plan else { throw RejectedFile() }
    // What is trained is named in the file; the other verbs are told.
    if plan.models.count > 1, plan.train == nil, !invocation.has(.model) {
      let names = plan.models.map { printable($0.name) }.joined(separator: ", ")
      throw UsageError(
        "the file has \(plan.models.count) models, \(names)", help: "say which with --model NAME",
        verb: invocation.verb)
    }
    return CheckedFile(file: file, document: document, plan: plan)
  }

  /// With `--strict`, warnings are errors.
  func graded(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    guard invocation.has(.strict) else { return diagnostics }
    return diagnostics.map { diagnostic in
      var graded = diagnostic
      graded.severity = .error
      return graded
    }
  }

  /// `--set` in order, then the options that stand for one setting.
  private func overrides(of document: Document) throws -> [Override] {
    var overrides = try invocation.texts(.set).map { text in
      guard let override = Override(assignment: text) else {
        throw UsageError(
          "--set takes PATH=VALUE, found `\(printable(text))`", help: "--set train.epochs=3",
          verb: invocation.verb)
      }
      return override
    }
    for (option, path) in [(Option.seed, "seed"), (.epochs, "train.epochs")] {
      guard let number = invocation.integer(option) else { continue }
      // `nnrun FILE --epochs` of a file that does not train is wrong usage, told when that is known.
      if option == .epochs, invocation.verb == .run, !document.trains { continue }
      overrides.append(Override(option: option.flag, path: path, value: String(number)))
    }
    return overrides
  }
}

extension Document {
  /// True where it has a `train` statement.
  fileprivate var trains: Bool {
    statements.contains { if case .train = $0.kind { true } else { false } }
  }
}

/// Bytes of memory that the machine has; nil where it does not say.
private func physicalMemory() -> Int? {
  let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
  guard pages > 0, size > 0 else { return nil }
  let (bytes, overflow) = pages.multipliedReportingOverflow(by: size)
  return overflow ? nil : bytes
}
