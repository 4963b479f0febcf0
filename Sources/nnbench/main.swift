import NNKernels

do {
  let options = try Options(CommandLine.arguments.dropFirst())
  let variable = environmentValue(InstructionSet.environmentVariable) ?? ""
  let selected = try InstructionSet.select(environmentValue: variable)
  if options.asksForHelp {
    print(Options.usage, terminator: "")
  } else if options.measuresOverhead {
    printOverhead(options)
  } else {
    let shapes = try readShapes(options.shapes)
    let pool = ThreadPool(threads: options.threads)
    for set in variable.isEmpty ? InstructionSet.available : [selected] {
      printLayers(shapes, set, options, pool)
    }
  }
} catch let error as UsageError {
  fail("\(error)\nSee `nnbench --help`.", status: 64)
} catch {
  fail("\(error)", status: 1)
}
