#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The value of an environment variable, or nil.
func environmentValue(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Prints to standard error and ends the program with this status.
func fail(_ message: String, status: Int32) -> Never {
  let line = "nnbench: \(message)\n"
  _ = write(STDERR_FILENO, line, line.utf8.count)
  exit(status)
}

/// Shows what was printed now, though a pipe may take it.
func flushOutput() { fflush(nil) }
