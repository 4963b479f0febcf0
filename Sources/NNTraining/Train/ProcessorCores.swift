#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The processor cores that this process may run on: what `--threads` is unless it is given.
public let availableCores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
