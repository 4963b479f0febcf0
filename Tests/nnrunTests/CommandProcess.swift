import FoundationEssentials
import NNTestSupport
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A failed call of the system, in the set-up of a test.
struct SystemError: Error, CustomStringConvertible {
  var call: String
  var number: Int32
  var description: String { "\(call): \(String(cString: strerror(number)))" }
}

/// A new folder that is removed with the last reference to it.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array((ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp").utf8CString.dropLast())
    template += Array("/nnrun-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError(call: "mkdtemp", number: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `name` in it.
  func path(_ name: String) -> String { path + "/" + name }

  /// Writes a file into it and returns its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  /// The same with bytes.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: path(name)))
    return path(name)
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
  }

  /// The names in it, or in a folder of it, in order.
  func names(in folder: String = ".") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
  }
}

/// How a command ended and what it said.
struct Outcome: Sendable {
  /// The exit status; 1000 and the number where a signal ended it.
  var status: Int32
  var output: String
  var error: String

  var outputLines: [String] { output.split(separator: "\n").map(String.init) }
}

/// What a stream of a command is connected to.
enum Stream {
  /// A file whose text the outcome has.
  case captured
  /// Nothing: the descriptor is closed.
  case closed
  /// The write end of a pipe whose reader is gone.
  case brokenPipe
  /// The terminal end of a new pseudoterminal of 80 columns, whose text the outcome has.
  case terminal
}

/// The command under test as a child process: the `nnrun` that was built beside the tests.
final class CommandProcess {
  /// The folder of the test executable.
  static let binaryFolder: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
  }()

  static let binary = binaryFolder + "/nnrun"

  private let folder: TemporaryFolder
  private var process: pid_t = 0
  private var terminal: (descriptor: Int32, text: [UInt8])?
  private let errorIsTerminal: Bool

  /// Starts `executable` in `directory` (the root of the package). `environment` is added to the tests'
  /// own, less `NO_COLOR`.
  init(
    _ arguments: [String], executable: String = CommandProcess.binary, input: [UInt8] = [],
    in directory: String = TestPaths.packageRoot, output: Stream = .captured, error: Stream = .captured,
    environment: [String: String] = [:]
  ) throws {
    folder = try TemporaryFolder()
    try folder.write(input, to: "in")
    try folder.write("", to: "out")
    try folder.write("", to: "err")
    if case .terminal = error { errorIsTerminal = true } else { errorIsTerminal = false }
    // One at a time, so that no child inherits what was opened for another.
    try Self.starting.withLock { _ in
      try start(
        [executable] + arguments, in: directory, [(1, output, "out"), (2, error, "err")], environment)
    }
  }

  private static let starting = Mutex(())

  private func start(
    _ command: [String], in directory: String, _ streams: [(Int32, Stream, String)],
    _ environment: [String: String]
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, folder.path("in"), O_RDONLY, 0)
    var toClose: [Int32] = []
    defer { for descriptor in toClose { close(descriptor) } }
    for (descriptor, stream, name) in streams {
      switch stream {
      case .captured:
        posix_spawn_file_actions_addopen(&actions, descriptor, folder.path(name), O_WRONLY | O_APPEND, 0)
      case .closed: posix_spawn_file_actions_addclose(&actions, descriptor)
      case .brokenPipe:
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SystemError(call: "pipe", number: errno) }
        close(ends[0])
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        toClose.append(ends[1])
        posix_spawn_file_actions_adddup2(&actions, ends[1], descriptor)
      case .terminal:
        let (controller, other) = try Self.openTerminal()
        terminal = (controller, [])
        toClose.append(other)
        posix_spawn_file_actions_adddup2(&actions, other, descriptor)
      }
    }

    var variables = ProcessInfo.processInfo.environment
    variables["NO_COLOR"] = nil
    variables["TERM"] = "xterm"
    variables.merge(environment) { $1 }
    // The shell changes the folder and becomes the command.
    let shell = ["/bin/sh", "-c", "cd -- \"$1\" && shift && exec \"$@\"", "sh", directory]
    let words = (shell + command).map { strdup($0) } + [nil]
    let settings = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { for pointer in words + settings { free(pointer) } }
    let result = posix_spawn(&process, "/bin/sh", &actions, nil, words, settings)
    guard result == 0 else { throw SystemError(call: "posix_spawn", number: result) }
  }

  deinit {
    if process > 0 {
      kill(process, SIGKILL)
      var status: Int32 = 0
      waitpid(process, &status, 0)
    }
    if let terminal { close(terminal.descriptor) }
  }

  /// Runs the command to its end.
  static func run(
    _ arguments: [String], input: String = "", in directory: String = TestPaths.packageRoot,
    output: Stream = .captured, error: Stream = .captured, environment: [String: String] = [:]
  ) throws -> Outcome {
    try CommandProcess(
      arguments, input: Array(input.utf8), in: directory, output: output, error: error,
      environment: environment
    ).wait()
  }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(process, signal) }

  /// Waits until captured standard output or error holds `text`, and returns whether it did before the
  /// command ended.
  func waitFor(_ text: String) throws -> Bool {
    while !(try folder.text("out").contains(text)), !(try folder.text("err").contains(text)) {
      var status: Int32 = 0
      if waitpid(process, &status, WNOHANG) != 0 {
        process = 0
        return false
      }
      usleep(2_000)
    }
    return true
  }

  /// Waits for the end.
  func wait() throws -> Outcome {
    var status: Int32 = 0
    while true {
      drainTerminal()
      let ended = waitpid(process, &status, terminal == nil ? 0 : WNOHANG)
      if ended == process { break }
      if ended < 0, errno != EINTR { throw SystemError(call: "waitpid", number: errno) }
      if ended == 0 { usleep(1_000) }
    }
    process = 0
    drainTerminal()
    let shown = terminal.map { String(decoding: $0.text, as: UTF8.self) }
    return Outcome(
      status: status & 0x7F == 0 ? (status >> 8) & 0xFF : 1000 + (status & 0x7F),
      output: try folder.text("out"),
      error: errorIsTerminal ? shown ?? "" : try folder.text("err"))
  }

  /// Reads what the terminal holds, so that the command can go on writing.
  private func drainTerminal() {
    guard let descriptor = terminal?.descriptor else { return }
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = read(descriptor, &buffer, buffer.count), count > 0 {
      terminal?.text += buffer[..<count]
    }
  }

  /// Linux's requests to unlock a pseudoterminal and to tell its number; glibc's own functions for it
  /// are not declared to Swift.
  private static let unlockTerminal: UInt = 0x4004_5431
  private static let terminalNumber: UInt = 0x8004_5430

  private static func openTerminal() throws -> (controller: Int32, other: Int32) {
    let controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (locked, number): (Int32, Int32) = (0, 0)
    guard controller >= 0, ioctl(controller, unlockTerminal, &locked) == 0,
      ioctl(controller, terminalNumber, &number) == 0
    else { throw SystemError(call: "open /dev/ptmx", number: errno) }
    let other = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard other >= 0 else { throw SystemError(call: "open", number: errno) }
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(controller, UInt(TIOCSWINSZ), &size)
    _ = fcntl(controller, F_SETFL, fcntl(controller, F_GETFL) | O_NONBLOCK)
    return (controller, other)
  }
}
