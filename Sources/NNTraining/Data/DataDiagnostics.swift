import NNData
import NNDiagnostics
import NNModel
import NNSyntax

/// What `nnrun check` says about the data sets of a plan: it looks at the disk, never at the network.
/// A known data set that is missing is a warning. `document` is what `plan` was made of.
public func dataDiagnostics(_ plan: ExperimentPlan, in document: Document) -> [Diagnostic] {
  plan.data.flatMap { data in
    data.sources.enumerated().compactMap { index, source -> Diagnostic? in
      guard let reason = absence(of: source.kind) else { return nil }
      var help = "a run without it is an error; an `else` such as `else Shapes10()` would allow another"
      if isDownloaded(source.kind) { help = "a run fetches it" }
      if index + 1 < data.sources.count {
        let next = describe(data.sources[index + 1].kind)
        help = isDownloaded(source.kind) ? "a run fetches it, or else takes \(next)" : "a run takes \(next)"
      }
      return Diagnostic(
        .warning, code: "missing-data", "\(describe(source.kind)) is not on disk: \(reason)",
        in: document.source(of: source.span), at: source.span, help: help)
    }
  }
}

/// Why the set cannot be read from the disk; nil where it is there.
private func absence(of source: DataSourcePlan.Kind) -> String? {
  do {
    switch source {
    case .cifar10(let root, let train, _, let batches):
      try CIFAR10.check(root: root, train: train, batches: batches)
    case .mnist(let root, let train, _): try MNIST.mnist.check(root: root, train: train)
    case .fashionMNIST(let root, let train, _): try MNIST.fashionMNIST.check(root: root, train: train)
    case .shapes10: break
    }
    return nil
  } catch {
    return "\(error)"
  }
}

private func isDownloaded(_ source: DataSourcePlan.Kind) -> Bool {
  switch source {
  case .cifar10(_, _, let download, _), .mnist(_, _, let download), .fashionMNIST(_, _, let download):
    download
  case .shapes10: false
  }
}
