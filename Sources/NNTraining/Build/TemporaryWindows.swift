import NNModel
import NNShapes

extension Conv2dConfiguration {
  var windowPair: (vertical: WindowGeometry, horizontal: WindowGeometry) {
    func axis(_ kernel: Int, _ stride: Int, _ dilation: Int, _ size: Int) -> WindowGeometry {
      var pad = (before: size, after: size)
      if padding == .same { pad = WindowGeometry.samePadding(kernel: kernel, dilation: dilation) }
      return WindowGeometry(
        kernel: kernel, stride: stride, paddingBefore: pad.before, paddingAfter: pad.after, dilation: dilation,
        ceilMode: false)
    }
    var size = Size2d(0, 0)
    if case .size(let given) = padding { size = given }
    return (
      axis(kernelSize.height, stride.height, dilation.height, size.height),
      axis(kernelSize.width, stride.width, dilation.width, size.width)
    )
  }
}

extension MaxPool2dConfiguration {
  var windowPair: (vertical: WindowGeometry, horizontal: WindowGeometry) {
    (
      WindowGeometry(
        kernel: kernelSize.height, stride: stride.height, paddingBefore: padding.height,
        paddingAfter: padding.height, dilation: dilation.height, ceilMode: ceilMode),
      WindowGeometry(
        kernel: kernelSize.width, stride: stride.width, paddingBefore: padding.width,
        paddingAfter: padding.width, dilation: dilation.width, ceilMode: ceilMode)
    )
  }
}

extension AvgPool2dConfiguration {
  var windowPair: (vertical: WindowGeometry, horizontal: WindowGeometry) {
    (
      WindowGeometry(
        kernel: kernelSize.height, stride: stride.height, paddingBefore: padding.height,
        paddingAfter: padding.height, dilation: 1, ceilMode: ceilMode),
      WindowGeometry(
        kernel: kernelSize.width, stride: stride.width, paddingBefore: padding.width,
        paddingAfter: padding.width, dilation: 1, ceilMode: ceilMode)
    )
  }
}
