import NNKernelInterface

// From sums at the Winograd points back to pixels.

/// Where sums go, and what is done to them on the way.
struct BlockOutput {
  let epilogue: ConvolutionEpilogue
  let bias: UnsafePointer<Float>?
  let target: UnsafeMutablePointer<Float>
  let argmax: UnsafeMutablePointer<UInt8>?
}

/// y = Aᵀ · m · A for the tiles of a region and the channels of a block, with the epilogue.
@inline(__always)
func writeBlock<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ products: WinogradProducts,
  _ block: Int, _ output: BlockOutput, _ between: UnsafeMutablePointer<Float>
) {
  // Known numbers, so that addresses take few registers.
  if products.plan.width == lanes {
    writeBlock(lines, products, block, width: lanes, output, between)
  } else {
    writeBlock(lines, products, block, width: BlockSizes.width, output, between)
  }
}

@inline(__always)
private func writeBlock<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ products: WinogradProducts,
  _ block: Int, width blockWidth: Int, _ output: BlockOutput, _ between: UnsafeMutablePointer<Float>
) {
  let (plan, region) = (products.plan, products.region)
  let (phase, firstChannel) = plan.place(ofBlock: block)
  let channels = min(blockWidth, plan.targetChannels - firstChannel)
  let edge = between + 4 * Points * lanes
  let bias = edge + WinogradTileOutput.floats
  let pass = WinogradTileOutput(plan, phase: phase, output, scratch: edge)
  pass.copyBias(firstChannel, channels, to: bias)
  var tile = 0
  while tile < region.tiles {
    let place = pass.places.place(of: tile, in: region)
    if place.rows <= 0 || place.columns <= 0 {
      tile += 1
      continue
    }
    var channel = 0
    while channel < channels {
      var x = 0
      while x < Points {
        let y = lines.output(
          products.sums + x * plan.productPointStride + tile * blockWidth + channel,
          Points * plan.productPointStride)
        store(y.0, to: between + x * lanes)
        store(y.1, to: between + (Points + x) * lanes)
        store(y.2, to: between + (2 * Points + x) * lanes)
        store(y.3, to: between + (3 * Points + x) * lanes)
        x += 1
      }
      pass.put(
        lines, between, at: place, firstChannel + channel, min(lanes, channels - channel),
        bias: bias + channel)
      channel += lanes
    }
    tile += 1
  }
}

/// The largest of a 2×2 window and its cell: the first of equal ones, the last NaN.
@inline(__always)
func maximumOfWindow(_ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) -> (Vector, IntVector) {
  let second = (b .> a) .| (b .!= b)
  var best = select(second, b, a)
  var cell = select(second, IntVector(repeating: 1), IntVector(repeating: 0))
  let third = (c .> best) .| (c .!= c)
  best = select(third, c, best)
  cell = select(third, IntVector(repeating: 2), cell)
  let fourth = (d .> best) .| (d .!= d)
  best = select(fourth, d, best)
  cell = select(fourth, IntVector(repeating: 3), cell)
  return (best, cell)
}
