#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The value of an environment variable, or nil.
func environmentValue(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Prints to standard error and ends the program as failed.
func printError(_ message: String) -> Never {
  let line = message + "\n"
  _ = write(STDERR_FILENO, line, line.utf8.count)
  exit(1)
}
