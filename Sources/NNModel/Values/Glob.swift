/// A pattern over names: `*` stands for any characters, none included, `?` for one; all others for themselves.
struct Glob {
  private let pattern: [Character]

  init(_ pattern: String) { self.pattern = Array(pattern) }

  /// Goes back to the last `*` only, which is enough: what an earlier one could take, the last can too.
  func matches(_ name: String) -> Bool {
    let name = Array(name)
    var (position, index) = (0, 0)
    /// Behind the last `*`, and where in the name what follows it begins for now.
    var retry: (position: Int, index: Int)?
    while index < name.count {
      if position < pattern.count, pattern[position] == "*" {
        position += 1
        retry = (position, index)
      } else if position < pattern.count, pattern[position] == "?" || pattern[position] == name[index] {
        position += 1
        index += 1
      } else if let last = retry {
        retry = (last.position, last.index + 1)
        (position, index) = (last.position, last.index + 1)
      } else {
        return false
      }
    }
    return pattern[position...].allSatisfy { $0 == "*" }
  }
}
