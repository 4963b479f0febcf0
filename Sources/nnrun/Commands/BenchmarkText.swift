import enum NNDiagnostics.JSONValue
import NNTraining

extension BenchmarkReport {
  /// `{"peak_gflops", "instruction_set", "convolution", "results": [{"batch", "threads", "step_ms", …,
  /// "layers": […]}]}`
  var json: JSONValue {
    .object([
      ("peak_gflops", .number(peakGflops)),
      ("instruction_set", .string(instructionSet)),
      ("convolution", .string(convolution.rawValue)),
      ("results", .array(results.map(\.json))),
    ])
  }

  /// A line a measurement, then a table of layers for each.
  var table: String {
    var text =
      "peak \(decimal(peakGflops, places: 1)) GFLOP/s a core (\(instructionSet), measured), "
      + "convolution \(convolution.rawValue)\n\n"
    text +=
      TextTable(
        head: [
          "batch", "threads", trains ? "step ms" : "pass ms", "fastest", "forward ms", "images/s", "GFLOP/s",
          "of peak", "effective",
        ],
        rows: results.map { result in
          [
            "\(result.batch)", "\(result.threads)", milliseconds(result.stepMs),
            milliseconds(result.stepMsMin),
            milliseconds(result.forwardMs), grouped(result.imagesPerS), decimal(result.gflops, places: 1),
            percent(result.peakShare), percent(result.effectivePeakShare),
          ]
        }
      ).text
    for result in results {
      let peak = peakGflops * Double(result.threads)
      text += "\nlayers at batch \(result.batch), \(counted(result.threads, "thread"))\n"
      text +=
        TextTable(
          head: [
            "", "layer", "forward ms", "GFLOP/s", "of peak", "input grad ms", "GFLOP/s", "of peak",
            "weight grad ms", "GFLOP/s", "of peak",
          ], leftColumns: 2, rows: result.layers.map { $0.cells(peak) }
        ).text
    }
    text += "\nGFLOP/s count the arithmetic of direct convolutions, a multiply-add as two, and so do the\n"
    text += "layers' shares of the peak and `effective`; `of peak` of a step counts what is really done.\n"
    return text
  }
}

extension BenchmarkReport.Result {
  fileprivate var json: JSONValue {
    .object([
      ("batch", .integer(batch)), ("threads", .integer(threads)), ("step_ms", .number(stepMs)),
      ("step_ms_min", .number(stepMsMin)), ("forward_ms", .number(forwardMs)),
      ("images_per_s", .number(imagesPerS)), ("gflops", .number(gflops)), ("peak_share", .number(peakShare)),
      ("effective_peak_share", .number(effectivePeakShare)), ("layers", .array(layers.map(\.json))),
    ])
  }
}

extension BenchmarkReport.Layer {
  /// A row of the table: name and layer, then for each direction time, rate, and share of `peak`.
  fileprivate func cells(_ peak: Double) -> [String] {
    if let fusedInto { return [name, layer, "in \(fusedInto)"] + Array(repeating: "", count: 8) }
    return [name, layer]
      + [forwardMs, inputGradMs, weightGradMs].flatMap { time -> [String] in
        guard let time else { return ["", "", ""] }
        guard let directionGflop, time > 0 else { return [milliseconds(time), "", ""] }
        let rate = directionGflop / time * 1e3
        return [milliseconds(time), decimal(rate, places: 1), percent(rate / peak)]
      }
  }

  fileprivate var json: JSONValue {
    .object([
      ("name", .string(name)), ("layer", .string(layer)),
      ("fused_into", fusedInto.map(JSONValue.string) ?? .null), ("forward_ms", .number(forwardMs)),
      ("input_grad_ms", inputGradMs.map(JSONValue.number) ?? .null),
      ("weight_grad_ms", weightGradMs.map(JSONValue.number) ?? .null),
      ("gflops", gflops.map(JSONValue.number) ?? .null),
    ])
  }
}

/// Cells in columns: the first ones to the left, numbers to the right.
struct TextTable {
  var head: [String]
  var leftColumns = 0
  var rows: [[String]]

  var text: String {
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    return ([head] + rows).map { row in
      var line = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column < leftColumns ? cell + padding : padding + cell
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}

private func milliseconds(_ value: Double) -> String { decimal(value, places: value < 10 ? 3 : 1) }

private func percent(_ share: Double) -> String { decimal(100 * share, places: 0) + " %" }
