import NNKernels
import Synchronization
import Testing

@Suite struct ThreadPoolTests {
  @Test(arguments: [1, 2, 4, 9, 64])
  func everyTaskRunsOnce(threads: Int) {
    let pool = ThreadPool(threads: threads)
    #expect(pool.threadCount == threads)
    let slots = UnsafeMutablePointer<Int>.allocate(capacity: 1000)
    defer { slots.deallocate() }
    for tasks in [0, 1, 2, 3, 63, 64, 65, 1000] {
      slots.update(repeating: 0, count: 1000)
      nonisolated(unsafe) let shared = slots
      pool.run(tasks: tasks) { task, worker in
        shared[task] += 1 + (worker < threads ? 0 : 1000)
      }
      #expect((0..<1000).allSatisfy { slots[$0] == ($0 < tasks ? 1 : 0) }, "\(tasks) tasks")
    }
  }

  /// Many short loops, so that threads wake late, sleep early and find the next loop already there.
  @Test(arguments: [2, 3, 8])
  func manyShortLoops(threads: Int) {
    let pool = ThreadPool(threads: threads)
    let total = Atomic<Int>(0)
    for round in 0..<20_000 {
      pool.run(tasks: 1 + round % 7) { task, _ in total.add(task + 1, ordering: .relaxed) }
    }
    let expected = (0..<20_000).reduce(0) { $0 + (1 + $1 % 7) * (2 + $1 % 7) / 2 }
    #expect(total.load(ordering: .relaxed) == expected)
  }

  @Test func aWorkerNeverOverlapsItself() {
    let pool = ThreadPool(threads: 5)
    let busy = UnsafeMutablePointer<Int>.allocate(capacity: 5)
    busy.initialize(repeating: 0, count: 5)
    defer { busy.deallocate() }
    let overlaps = Atomic<Int>(0)
    pool.run(tasks: 5000) { _, worker in
      busy[worker] += 1
      if busy[worker] != 1 { overlaps.add(1, ordering: .relaxed) }
      busy[worker] -= 1
    }
    #expect(overlaps.load(ordering: .relaxed) == 0)
  }

  @Test func aloneTheCallerRunsAllTasks() {
    let pool = ThreadPool(threads: 3)
    for isAlone in [true, false, true] {
      pool.isAlone = isAlone
      #expect(pool.threadCount == (isAlone ? 1 : 3))
      let total = Atomic<Int>(0)
      let others = Atomic<Int>(0)
      pool.run(tasks: 100) { task, worker in
        total.add(task, ordering: .relaxed)
        if worker != 0 { others.add(1, ordering: .relaxed) }
      }
      #expect(total.load(ordering: .relaxed) == 4950)
      if isAlone { #expect(others.load(ordering: .relaxed) == 0) }
    }
  }

  @Test func aLoopInsideALoopRunsAlone() {
    let pool = ThreadPool(threads: 3)
    let total = Atomic<Int>(0)
    pool.run(tasks: 8) { _, _ in
      pool.run(tasks: 10) { task, worker in
        total.add(worker == 0 ? 1 : 1000, ordering: .relaxed)
      }
    }
    #expect(total.load(ordering: .relaxed) == 80)
  }
}
