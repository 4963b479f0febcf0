import NNDiagnostics
import NNModel

/// What `nnrun check` says about the data sets of a plan: it looks at the disk, never at the network.
/// A known data set that is missing is a warning. `file` is the model file.
public func dataDiagnostics(_ plan: ExperimentPlan, in file: SourceFile) -> [Diagnostic] { [] }
