import NNShapes

/// Where windows slide over a map: the output size of convolution and pooling, and what can be wrong.
struct WindowedOutput {
  let site: LayerSite
  let windows: WindowPair

  /// Height and width of the output; nil, reported, where the window does not fit.
  func size(of image: ImageShape) -> Size2d? {
    let height = windows.vertical.outputSize(of: image.height)
    let width = windows.horizontal.outputSize(of: image.width)
    if height >= 1 && width >= 1 {
      if height <= maximumDimension && width <= maximumDimension { return Size2d(height, width) }
      site.error(
        "too-large", "\(site.text) gives \(height)×\(width); a dimension is at most \(maximumDimension)")
      return nil
    }
    // What a wrong argument would have made of the window is not known.
    guard site.bound?.isComplete ?? true else { return nil }
    let axis = height < 1 ? windows.vertical : windows.horizontal
    let size = height < 1 ? image.height : image.width
    let what = image.axes == .one ? "element" : height < 1 ? "row" : "column"
    var arithmetic = "its window spans \(counted(axis.effectiveKernel, what))"
    if axis.dilation > 1 { arithmetic += " (\(axis.dilation)·(\(axis.kernel) - 1) + 1)" }
    arithmetic += ", and there \(size == 1 ? "is" : "are") \(size)"
    if axis.paddingBefore + axis.paddingAfter > 0 {
      let padded = size + axis.paddingBefore + axis.paddingAfter
      arithmetic += " + \(axis.paddingBefore) + \(axis.paddingAfter) of padding = \(padded)"
    }
    let isPool = site.bound.map { $0.schema.name.contains("Pool") } ?? false
    let verdict = isPool ? "has nothing left to pool" : "does not fit into its input"
    let chain = site.history.shrinking(site.report).map { " (\($0))" } ?? ""
    site.error(
      "window-too-large",
      "\(site.text) \(verdict): its input is \(image.text)\(chain); \(arithmetic)",
      at: "kernel_size",
      notes: site.note(of: site.history.producer(ofDimensionFromEnd: 1), gives: image.text),
      help: site.history.steps.isEmpty
        ? "take a smaller kernel or a larger \(image.axes == .one ? "input" : "image")"
        : "remove it, shrink less before it, or use a larger \(image.axes == .one ? "input" : "image")")
    return nil
  }

  /// Warns where a pool leaves rows or columns unused that only are there because of padding before
  /// it; what a plain halving of an odd size drops is common and left alone.
  func warnOfUnusedRest(of image: ImageShape) {
    let rows = windows.vertical.unusedTail(of: image.height)
    let columns = windows.horizontal.unusedTail(of: image.width)
    let rowCause =
      rows > 0 ? site.history.paddingThatLeavesRest(for: windows.vertical, vertical: true) : nil
    let columnCause =
      columns > 0 ? site.history.paddingThatLeavesRest(for: windows.horizontal, vertical: false) : nil
    guard let cause = rowCause ?? columnCause else { return }
    func last(_ count: Int, _ noun: String) -> String {
      count == 1 ? "last \(noun)" : "last \(count) \(noun)s"
    }
    let parts =
      (rowCause != nil ? [last(rows, "row")] : []) + (columnCause != nil ? [last(columns, "column")] : [])
    let dropped = rows == 1 && columns == 1 && parts.count == 2 ? "last row and column" : list(parts)
    site.warning(
      "unused-rest",
      "\(site.text) on a \(image.mapText) map ignores the \(dropped), a result of the "
        + "padding of \(site.named(cause))",
      notes: [
        site.report.note(at: cause.span, "makes \(cause.input.sampleText) into \(cause.output.sampleText)")
      ],
      help: "leave the padding out there, or write ceil_mode=True here")
  }
}
