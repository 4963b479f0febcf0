#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Standard output could not be written: a closed pipe, a full disk.
struct OutputError: Error, CustomStringConvertible {
  var number: Int32

  /// True where the reader went away, as `head` does.
  var isClosedPipe: Bool { number == EPIPE }
  var description: String { "cannot write to standard output: \(String(cString: strerror(number)))" }
}

/// Standard output and standard error, unbuffered: each text is written at once.
struct StandardStreams: Sendable {
  /// `--quiet`: no progress and no notices.
  var isQuiet = false
  /// `--no-color`
  var allowsColor = true

  /// Writes to standard output.
  func output(_ text: String) throws(OutputError) {
    let number = write(text, to: STDOUT_FILENO)
    if number != 0 { throw OutputError(number: number) }
  }

  /// Writes to standard error; there is nowhere to say that it failed.
  func error(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// True where standard error shows progress in place.
  var errorIsTerminal: Bool { isTerminal(STDERR_FILENO) }

  /// Whether diagnostics are coloured: on a terminal, unless `--no-color`, `NO_COLOR` or `TERM=dumb`.
  var errorHasColor: Bool { allowsColor && errorIsTerminal && !environmentRefusesColor }

  /// `text` for standard error in an ANSI style such as `1;31`, plain where there is no colour.
  func styled(_ text: String, _ style: String) -> String {
    errorHasColor ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
  }

  /// Columns of the terminal behind standard error; 80 where it does not say.
  var errorWidth: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Makes sure that 0, 1 and 2 are taken, so that no file that is opened later gets the number of a
  /// stream that the caller closed. What stands in for a closed stream fails as that would.
  static func reserve() {
    for (descriptor, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ] {
      if fcntl(descriptor, F_GETFD) == -1, errno == EBADF { _ = open("/dev/null", mode) }
    }
  }

  private func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  private var environmentRefusesColor: Bool {
    if let value = getenv("NO_COLOR"), value.pointee != 0 { return true }
    return getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? false
  }

  /// 0, or the `errno` of the failure.
  private func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = UnsafeBufferPointer(rebasing: rest).withMemoryRebound(to: UInt8.self) { buffer in
          Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        }
        if count < 0 {
          if errno == EINTR { continue }
          if errno == EAGAIN {
            // The stream is another program's non-blocking one: wait until it takes more.
            var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&request, 1, -1)
            continue
          }
          return errno
        }
        rest = rest.dropFirst(count)
      }
      return 0
    }
  }
}
