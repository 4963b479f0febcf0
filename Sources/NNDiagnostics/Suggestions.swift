/// The candidates that `word` was probably meant to be, best first, at most `limit`.
///
/// In this order: equal but for case and underscores (`conv2d`), the same words in another order
/// (`size_batch`), a few typing mistakes away (Damerau–Levenshtein, at most a third of the length:
/// `Liner`), the beginning or another whole part of a longer name (`CrossEntropy`), or a longer word
/// that begins with a candidate (`Conv2dLayer`).
public func suggest(_ word: String, from candidates: some Sequence<String>, limit: Int = 3) -> [String] {
  let key = normalized(word)
  guard !key.isEmpty, key.count <= 64, limit > 0 else { return [] }
  let parts = wordParts(word)
  var found: [(rank: Int, distance: Int, order: Int, text: String)] = []
  for (order, candidate) in candidates.enumerated() where candidate != word {
    if let (rank, distance) = likeness(key, parts, candidate) {
      found.append((rank, distance, order, candidate))
    }
  }
  found.sort { ($0.rank, $0.distance, $0.order) < ($1.rank, $1.distance, $1.order) }
  // An exact match in all but case leaves no doubt; a weaker rank says nothing beside a stronger one, nor more
  // typing mistakes beside fewer.
  guard let best = found.first else { return [] }
  let near = found.prefix { $0.rank == best.rank && (best.rank != 2 || $0.distance == best.distance) }
  return near.prefix(best.rank == 0 ? 1 : limit).map(\.text)
}

/// "did you mean `ReLU`?", "did you mean `MaxPool1d` or `MaxPool2d`?", or nil where nothing is near.
public func didYouMean(_ word: String, from candidates: some Sequence<String>) -> String? {
  let names = suggest(word, from: candidates).map { "`\($0)`" }
  guard let last = names.last else { return nil }
  let others = names.dropLast()
  return "did you mean " + (others.isEmpty ? "" : others.joined(separator: ", ") + " or ") + last + "?"
}

/// The class of likeness (lower is nearer) and a distance within it, or nil for no likeness.
private func likeness(_ key: [UInt32], _ parts: [[UInt32]], _ candidate: String) -> (Int, Int)? {
  let other = normalized(candidate)
  if other == key { return (0, 0) }
  let sorted = { (list: [[UInt32]]) in list.sorted { $0.lexicographicallyPrecedes($1) } }
  let otherParts = wordParts(candidate)
  if parts.count > 1, sorted(parts) == sorted(otherParts) { return (1, 0) }
  let cutoff = key.count < 3 ? 0 : max(1, key.count / 3)
  let distance = editDistance(key, other, cutoff: cutoff)
  if distance <= cutoff { return (2, distance) }
  guard key.count >= 3 else { return nil }
  if other.starts(with: key) { return (3, other.count - key.count) }
  if key.starts(with: other), other.count >= 4 { return (3, key.count - other.count) }
  if otherParts.contains(key) || parts.contains(other) { return (4, other.count) }
  return nil
}

/// The scalars of a word in lower case, without underscores and hyphens.
private func normalized(_ word: String) -> [UInt32] {
  word.lowercased().unicodeScalars.filter { $0 != "_" && $0 != "-" }.map(\.value)
}

/// `batch_size` and `BatchSize` are both [batch, size]; `MaxPool2d` is [max, pool2d].
private func wordParts(_ word: String) -> [[UInt32]] {
  var parts: [[UInt32]] = []
  var part = ""
  var lastWasLower = false
  func close() {
    if !part.isEmpty { parts.append(normalized(part)) }
    part = ""
  }
  for character in word {
    if character == "_" || character == "-" || (character.isUppercase && lastWasLower) { close() }
    if character != "_" && character != "-" { part.append(character) }
    lastWasLower = !character.isUppercase
  }
  close()
  return parts
}

/// The Damerau–Levenshtein distance (insert, delete, replace, swap neighbours), or any number above
/// `cutoff` where it is more than that.
private func editDistance(_ a: [UInt32], _ b: [UInt32], cutoff: Int) -> Int {
  if abs(a.count - b.count) > cutoff { return cutoff + 1 }
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var twoAbove: [Int] = []
  var above = Array(0...b.count)
  for i in 1...a.count {
    var row = [i] + Array(repeating: 0, count: b.count)
    for j in 1...b.count {
      let replace = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      row[j] = min(above[j] + 1, row[j - 1] + 1, replace)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        row[j] = min(row[j], twoAbove[j - 2] + 1)
      }
    }
    (twoAbove, above) = (above, row)
  }
  return above[b.count]
}
