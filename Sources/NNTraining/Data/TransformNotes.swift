import NNModel

/// What a run does with transforms that the file does not write where they act: a `ToTensor` that is
/// implied, and the transforms that a data set takes from another.
func transformNotes(_ data: DataPlan) -> [RunMessage] {
  data.sources.flatMap { source -> [RunMessage] in
    guard !source.transforms.isEmpty else { return [] }
    let name = "data \(data.name): \(describe(source.kind))"
    var notes: [RunMessage] = []
    let acting = data.name == "train" ? source.transforms : source.transforms.deterministic
    let list = acting.map(\.text).joined(separator: ", ")
    switch source.inheritance {
    case .first: notes.append(RunMessage(.note, "\(name) has the transforms of the first choice: \(list)"))
    case .train:
      notes.append(
        RunMessage(.note, "\(name) has the transforms of data train less the random ones: \(list)"))
    case nil:
      guard let index = source.transforms.firstIndex(where: \.isImplied) else { return [] }
      let place =
        index + 1 < source.transforms.count ? "before \(source.transforms[index + 1].text)" : "at the end"
      notes.append(RunMessage(.note, "\(name): ToTensor() is put \(place)"))
    }
    return notes
  }
}
