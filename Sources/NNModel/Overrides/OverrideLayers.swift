import NNDiagnostics
import NNSyntax

// Overrides of models, their layers and the layers' arguments.
extension OverrideEditor {
  func indexOfModel(_ name: String) -> Int? {
    document.statements.firstIndex {
      if case .model(let model, _) = $0.kind { return model.text == name }
      return false
    }
  }

  /// `Tudui`, `Tudui[0]`, `Tudui.3.0`, `Tudui.conv1.stride`.
  mutating func setModel(_ index: Int, _ path: ArraySlice<String>) {
    guard case .model(let name, var stack) = document.statements[index].kind else { return }
    if path.isEmpty { return setStatement("model", name: name, at: index) }
    if setLayer(path, in: &stack, of: name.text) {
      document.statements[index].kind = .model(name, stack)
    }
  }

  /// Follows a path into a stack; false where nothing was set, which is reported.
  ///
  /// Recursion is bounded by the nesting of the tree.
  private mutating func setLayer(
    _ path: ArraySlice<String>, in stack: inout Stack, of owner: String
  ) -> Bool {
    guard let step = path.first else { return false }
    guard let index = stack.index(of: step) else {
      let keys = stack.items.enumerated().map { $1.name?.text ?? "\($0)" }
      if Int(step) != nil {
        fail(
          "no-match", "`\(owner)` has no layer \(step)",
          help: stack.items.isEmpty ? nil : "its layers are 0 to \(stack.items.count - 1)")
      } else {
        failUnmatched(step, among: keys)
      }
      return false
    }
    let rest = path.dropFirst()
    if rest.isEmpty { return replaceItem(index, in: &stack) }
    switch stack.items[index].element {
    case .sequential(var inner):
      guard setLayer(rest, in: &inner, of: "\(owner).\(step)") else { return false }
      stack.items[index].element = .sequential(inner)
    case .call(var call):
      guard rest.count == 1, let argument = rest.first else {
        fail("no-match", "\(call.name.text) has no layers of its own")
        return false
      }
      guard set(argument, in: &call) else { return false }
      stack.items[index].element = .call(call)
    }
    return true
  }

  /// Puts another layer in a place, which keeps its name unless the new one brings its own.
  private mutating func replaceItem(_ index: Int, in stack: inout Stack) -> Bool {
    guard let current else { return false }
    let parsed = parseLayerItem(current.source, in: current.valueSpan)
    diagnostics += parsed.diagnostics
    guard !parsed.diagnostics.hasErrors, var item = parsed.item?.stamped(source) else { return false }
    item.name = item.name ?? stack.items[index].name
    stack.items[index] = item
    return true
  }
}

extension Stack {
  /// The place that a key, or a number counted from the end when negative, means.
  fileprivate func index(of step: String) -> Int? {
    if let index = items.firstIndex(where: { $0.name?.text == step }) { return index }
    guard let number = Int(step) else { return nil }
    let index = number < 0 ? items.count + number : number
    return items.indices.contains(index) ? index : nil
  }
}
