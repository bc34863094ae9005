/// Waits until `condition` holds, or until the test's time is up.
func until(_ condition: () -> Bool) async throws {
    while !condition() {
        try Task.checkCancellation()
        await Task.yield()
    }
}

/// Runs `work` in a child task and cancels it as soon as `condition` holds.
func cancelled<R: Sendable>(
    once condition: @escaping @Sendable () -> Bool, _ work: @escaping @Sendable () async throws -> R
) async throws -> R {
    try await withThrowingTaskGroup(of: R.self) { group in
        group.addTask { try await work() }
        try await until(condition)
        group.cancelAll()
        guard let result = try await group.next() else { throw CancellationError() }
        return result
    }
}
