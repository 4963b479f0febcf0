struct PendingError: RunFailure { var description: String { "not there yet" } }
