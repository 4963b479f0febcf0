/// A closure that does not escape, so that the threads of a pool can call it: what
/// `withoutActuallyEscaping` gives, without a box on the heap. `Sources/CPlatform/closures.c` says how.
///
/// Valid as long as the call that got the closure has not returned.
struct ClosureReference: @unchecked Sendable {
  private let words: (code: UnsafeMutableRawPointer, context: UnsafeMutableRawPointer?)

  init(_ body: (_ task: Int, _ worker: Int) -> Void) { words = takeApart(body) }

  func callAsFunction(_ task: Int, _ worker: Int) { call(words.code, words.context, task, worker) }
}

// Both sides agree on the calling convention: the compiler makes no check of these two.
@_silgen_name("nn_closure_take_apart")
private func takeApart(
  _ body: (_ task: Int, _ worker: Int) -> Void
) -> (code: UnsafeMutableRawPointer, context: UnsafeMutableRawPointer?)

@_silgen_name("nn_closure_call")
private func call(
  _ code: UnsafeMutableRawPointer, _ context: UnsafeMutableRawPointer?, _ task: Int, _ worker: Int)
