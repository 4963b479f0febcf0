/// The run that is gone on with: its folder and its last state.
struct ResumedRun {
  var folder: RunFolder
  var state: TrainingState

  /// What `options` ask to resume; nil for a new run. Throws a ``ResumeError`` where there is nothing
  /// to go on from, or where the plan, as ``describe(_:)`` gives it, is not what the run was made with.
  static func find(_ options: TrainingOptions, plan: [String]) throws -> ResumedRun? {
    let folder: RunFolder
    switch (options.resume, options.folder) {
    case (.no, _): return nil
    case (_, .none): throw ResumeError.nothingIsKept
    case (.folder(let path), _), (.newest, .at(let path)):
      folder = RunFolder(path: path)
    case (.newest, .new(let parent)):
      guard let newest = RunFolder.newest(of: options.stem, in: parent) else {
        throw ResumeError.noRun(stem: options.stem, parent: parent)
      }
      folder = newest
    }
    guard options.weights == nil else { throw ResumeError.weightsToo }
    guard RunFolder.exists(folder.state(.last)) else {
      throw ResumeError.noCheckpoint(folder: folder.path)
    }
    let state = try TrainingState(path: folder.state(.last))
    try ResumeError.compare(folder: folder.path, was: state.plan, now: plan)
    return ResumedRun(folder: folder, state: state)
  }
}
