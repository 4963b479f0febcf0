import CAllocationCount
import NNKernels
import Synchronization

/// Counts heap allocations of the calling thread and of a pool's threads; those of other tests, which
/// run at the same time, do not count.
struct AllocationCounter {
  static var isAvailable: Bool { nn_allocations_are_counted() }

  let pool: ThreadPool

  /// The allocations that `body` makes on these threads.
  func allocations(in body: () throws -> Void) rethrows -> Int {
    let before = total()
    try body()
    return total() - before
  }

  /// What the threads have allocated so far. Every thread takes one of as many tasks as there are
  /// threads: none can end before all have begun.
  private func total() -> Int {
    let arrived = Atomic<Int>(0)
    let sum = Atomic<Int>(0)
    pool.run(tasks: pool.threadCount) { _, _ in
      sum.add(nn_allocations_of_this_thread(), ordering: .relaxed)
      arrived.add(1, ordering: .sequentiallyConsistent)
      while arrived.load(ordering: .sequentiallyConsistent) < pool.threadCount {}
    }
    return sum.load(ordering: .relaxed)
  }
}
