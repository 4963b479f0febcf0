import CPlatform
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A fixed set of threads that share the tasks of one parallel loop at a time.
///
/// Each thread has its even share of the tasks, the same in each loop of as many, and takes from others
/// when it is done: so a thread finds in its cache what it made in the loop before, an image or a part
/// of a weight, and none waits while there is work. Who runs a task is left to chance in the end; what
/// is added up in which order is not: the shapes alone decide it, so that results are bitwise the same
/// for any number of threads.
///
/// Waiting threads spin for about a task, then nap, then sleep: a busy neighbour slows a loop in proportion and
/// not by a time slice a barrier.
public final class ThreadPool: Sendable {
  private let startedCount: Int
  private let alone = Atomic<Bool>(false)
  private let state: PoolState
  private let workers: [pthread_t]

  /// A pool of `threads` threads, at least 1. Starts `threads - 1` of them; where the system refuses
  /// one, the pool is as large as what it got.
  public init(threads: Int) {
    precondition(threads >= 1, "ThreadPool: \(threads) threads")
    let state = PoolState(threads: threads)
    var started: [pthread_t] = []
    for index in 1..<max(threads, 2) where threads > 1 {
      let start = Unmanaged.passRetained(WorkerStart(state: state, index: index))
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          let start = Unmanaged<WorkerStart>.fromOpaque(argument).takeRetainedValue()
          start.state.work(as: start.index)
          return nil
        }, start.toOpaque())
      guard status == 0 else {
        start.release()
        break
      }
      started.append(thread)
    }
    self.state = state
    workers = started
    startedCount = started.count + 1
  }

  /// The threads that run tasks, the caller's own included.
  public var threadCount: Int { isAlone ? 1 : startedCount }

  /// Whether loops run on the caller's thread alone. To be set between operations only: a workspace is made
  /// for the threads that there are.
  public var isAlone: Bool {
    get { alone.load(ordering: .relaxed) }
    set { alone.store(newValue, ordering: .relaxed) }
  }

  deinit {
    state.stop()
    for worker in workers { pthread_join(worker, nil) }
  }

  /// Calls `body(task, worker)` once for each task in 0 ..< `tasks` and returns when all are done.
  ///
  /// `worker`, in 0 ..< ``threadCount``, tells the threads apart: calls with the same worker never
  /// overlap, so it can index scratch memory. A call from inside a task, or while another thread is
  /// in `run`, runs its tasks alone, all as worker 0. Allocates nothing.
  public func run(tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    if tasks > 1 && threadCount > 1 && state.enter() {
      share(tasks, body)
      state.leave()
      return
    }
    var task = 0
    while task < tasks {
      body(task, 0)
      task += 1
    }
  }

  /// Runs the tasks on all threads. Never inlined, and calls no task itself: so the closure and all that
  /// it holds stay alive until this returns, though the compiler cannot see who calls it.
  @inline(never)
  private func share(_ tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    let reference = ClosureReference(body)
    var first = 0
    while first < tasks {
      let count = min(tasks - first, PoolState.maximumTasks)
      state.share(tasks: count, offset: first, reference)
      first += count
    }
  }
}

/// What a new thread is handed.
private final class WorkerStart: Sendable {
  let state: PoolState
  let index: Int

  init(state: PoolState, index: Int) {
    self.state = state
    self.index = index
  }
}

/// The memory that the threads of a pool share.
///
/// `shares` holds the tasks of the present loop that nobody has claimed yet. Only a claim makes `body`
/// safe to read, and it stays so until the claimed task is counted in `unfinished`, which `share` waits
/// for. So a thread that wakes late finds either nothing to claim or a task of whatever loop runs then.
private final class PoolState: @unchecked Sendable {
  static let maximumTasks = 1 << 24

  private let threads: Int
  private let shares: UnsafeMutablePointer<TaskShare>
  private let unfinished = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  private let occupied = Atomic<Bool>(false)
  private var body: ClosureReference?
  private var offset = 0
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(threads: Int) {
    self.threads = threads
    shares = TaskShare.allocate(threads)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
    shares.deinitialize(count: threads)
    shares.deallocate()
  }

  /// Takes the pool for one loop; false where another loop has it.
  func enter() -> Bool {
    occupied.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
  }

  func leave() { occupied.store(false, ordering: .releasing) }

  /// Runs the tasks with whoever helps, and returns when the last one is done.
  func share(tasks: Int, offset: Int, _ body: ClosureReference) {
    self.body = body
    self.offset = offset
    unfinished.store(tasks, ordering: .relaxed)
    var thread = 0
    while thread < threads {
      shares[thread].fill(firstTask(of: thread, tasks)..<firstTask(of: thread + 1, tasks))
      thread += 1
    }
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wakeAll() }
    while runOne(as: 0) {}
    var patience = Patience()
    while unfinished.load(ordering: .acquiring) != 0 { patience.pass() }
    self.body = nil
  }

  /// Where the share of a thread starts: rounded up, so that the caller's, which is there first, is none of
  /// the smallest.
  private func firstTask(of thread: Int, _ tasks: Int) -> Int {
    (thread * tasks + threads - 1) / threads
  }

  /// The life of a worker thread.
  func work(as worker: Int) {
    var patience = Patience()
    while !stopping.load(ordering: .relaxed) {
      if runOne(as: worker) {
        patience = Patience()
      } else if patience.isExhausted {
        sleepUntilWork()
        patience = Patience()
      } else {
        patience.pass()
      }
    }
  }

  /// Ends ``work(as:)`` of all threads. Called once no loop runs.
  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    wakeAll()
  }

  /// Claims and runs one task, of the thread's own share or else of another's; false where there is none.
  private func runOne(as worker: Int) -> Bool {
    var task = shares[worker].claimFirst()
    var distance = 1
    while task == nil && distance < threads {
      task = shares[(worker + distance) % threads].claimLast()
      distance += 1
    }
    guard let task else { return false }
    body?(offset + task, worker)
    unfinished.subtract(1, ordering: .acquiringAndReleasing)
    return true
  }

  private var hasTask: Bool {
    var thread = 0
    while thread < threads {
      if shares[thread].hasTask { return true }
      thread += 1
    }
    return false
  }

  /// Counting oneself as a sleeper before the last look, both in one total order with `share`'s store
  /// and look, leaves no gap for a missed wake-up.
  private func sleepUntilWork() {
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !hasTask && !stopping.load(ordering: .sequentiallyConsistent) {
      pthread_cond_wait(condition, mutex)
    }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  private func wakeAll() {
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}

/// The tasks of a thread that nobody has claimed: the first of them in the lower half of a word, the
/// end in the upper, so that a claim is one exchange. The thread takes them from the front, others from
/// the back.
private struct TaskShare: ~Copyable {
  private let word = Atomic<UInt64>(0)
  /// To two cache lines, since some processors fetch pairs.
  private let padding = InlineArray<15, UInt64>(repeating: 0)

  private static let last: UInt64 = 1 << 32

  static func allocate(_ count: Int) -> UnsafeMutablePointer<TaskShare> {
    let size = MemoryLayout<TaskShare>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count * size, alignment: size)
      .bindMemory(to: TaskShare.self, capacity: count)
    for index in 0..<count { (memory + index).initialize(to: TaskShare()) }
    return memory
  }

  /// Sequentially consistent, as is ``hasTask``: see `PoolState.sleepUntilWork`.
  func fill(_ tasks: Range<Int>) {
    word.store(
      UInt64(tasks.upperBound) << 32 | UInt64(tasks.lowerBound), ordering: .sequentiallyConsistent)
  }

  var hasTask: Bool { Self.hasTask(word.load(ordering: .sequentiallyConsistent)) }

  func claimFirst() -> Int? {
    claim { $0 + 1 }.map { Int($0 & 0xffff_ffff) }
  }

  func claimLast() -> Int? {
    claim { $0 - Self.last }.map { Int($0 >> 32) - 1 }
  }

  /// The word before the claim; nil where there is nothing to claim.
  @inline(__always)
  private func claim(_ next: (UInt64) -> UInt64) -> UInt64? {
    var seen = word.load(ordering: .acquiring)
    while Self.hasTask(seen) {
      let (exchanged, original) = word.weakCompareExchange(
        expected: seen, desired: next(seen), successOrdering: .acquiringAndReleasing,
        failureOrdering: .acquiring)
      if exchanged { return seen }
      seen = original
    }
    return nil
  }

  private static func hasTask(_ word: UInt64) -> Bool { word & 0xffff_ffff < word >> 32 }
}

/// How a waiting thread passes the time: about 300 µs of spinning, as long as others are with their last tasks,
/// then naps, each of about 70 µs with what the system adds; then it is exhausted.
///
/// A nap leaves the core to whoever else wants it, as a yield does. But after a yield beside a busy process the
/// thread waits for the end of that process's time slice, after a nap it is next.
private struct Patience {
  private static let spins = 9000
  private static let naps = 40
  private static let napNanoseconds = 20_000
  private var passes = 0

  var isExhausted: Bool { passes >= Patience.spins + Patience.naps }

  mutating func pass() {
    passes += 1
    if passes <= Patience.spins {
      nn_spin_pause()
    } else {
      var nap = timespec(tv_sec: 0, tv_nsec: Patience.napNanoseconds)
      nanosleep(&nap, nil)
    }
  }
}
