/// A run that cannot be gone on with.
public enum ResumeError: RunFailure, Equatable {
  /// `--resume`: no run of this file has a checkpoint in the folder of runs.
  case noRun(stem: String, parent: String)
  /// `--resume=DIR`: the folder has no checkpoint.
  case noCheckpoint(folder: String)
  /// The model file means something else than it did. `was` and `now` are the lines that differ.
  case changedModel(folder: String, was: [String], now: [String])
  /// A data set is not the one that the run was trained on.
  case changedData(split: String, was: String, now: String)
  /// `--resume` and `--no-run-dir`.
  case nothingIsKept
  /// `--resume` and `--weights`.
  case weightsToo

  public var description: String {
    switch self {
    case .noRun(let stem, let parent):
      "there is no run of \(stem) with a checkpoint in \(parent)"
    case .noCheckpoint(let folder):
      "\(folder) has no checkpoint (last.state)"
    case .changedModel(let folder, let was, let now):
      "the model file is not what \(folder) was trained with:\n"
        + (was.map { "  was: \($0)" } + now.map { "  now: \($0)" }).joined(separator: "\n")
    case .changedData(let split, let was, let now):
      "the data of \(split) is not what the run was trained with:\n  was: \(was)\n  now: \(now)"
    case .nothingIsKept:
      "a run without a folder has nothing to go on from"
    case .weightsToo:
      "a resumed run has weights of its own"
    }
  }

  public var help: String? {
    switch self {
    case .noRun: "--resume=DIR names the folder of a run"
    case .noCheckpoint: nil
    case .changedModel(let folder, _, _):
      "undo the change, or start a new run from its weights: --weights \(folder)/last.safetensors"
    case .changedData: "put the data back, or start a new run"
    case .weightsToo: "leave out --weights or --resume"
    case .nothingIsKept: "leave out --no-run-dir or --resume"
    }
  }

  /// Throws ``changedModel(folder:was:now:)`` where two descriptions of a plan differ.
  static func compare(folder: String, was: [String], now: [String]) throws {
    guard was != now else { return }
    func lines(_ changes: [CollectionDifference<String>.Change]) -> [String] {
      changes.map { change in
        switch change {
        case .remove(_, let line, _), .insert(_, let line, _): line
        }
      }
    }
    let changes = now.difference(from: was)
    throw ResumeError.changedModel(
      folder: folder, was: lines(changes.removals), now: lines(changes.insertions))
  }
}
