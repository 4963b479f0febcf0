#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

StandardStreams.reserve()
Signals.install()
exit(Command.execute(Array(CommandLine.arguments.dropFirst())).rawValue)
