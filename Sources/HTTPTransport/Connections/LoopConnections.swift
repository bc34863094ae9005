import NIOCore

/// The connections of one event loop, lent to one request at a time and kept for the next.
///
/// Belongs to its loop, so it needs no lock. How many requests there are at once is decided elsewhere; here only the
/// idle connections are bounded.
final class LoopConnections {
    private let dialer: Dialer
    /// Most connections that are idle at once.
    private let idleLimit: Int
    private var pools: [Route: Pool] = [:]
    private var idleCount = 0

    /// The idle connections that lead to one place, the last used at the end.
    private final class Pool {
        var idle: [Connection] = []
        /// Requests that will give a connection back here.
        var lent = 0

        var isNeeded: Bool { lent > 0 || !idle.isEmpty }
    }

    /// How long a connection may be idle. Servers keep theirs for a minute or so, and one that is closed just as it is
    /// used costs the time of a new one.
    private static let idleTime: TimeAmount = .seconds(30)

    /// - Parameter slots: most requests at once on this loop; each keeps one connection to the API and one to an image
    ///   host.
    init(_ dialer: Dialer, slots: Int) {
        self.dialer = dialer
        idleLimit = 2 * slots
    }

    /// Lends an idle connection, or a new one, which has to stand by `deadline`.
    ///
    /// If an idle connection turns out to be closed, see ``DeadConnection``, `body` is called once more with a new one;
    /// it has seen nothing of a reply by then. A request that fails, or that leaves a part of its reply unread, takes
    /// the connection with it. Cancellation ends the request with a `CancellationError`.
    func withConnection<R>(
        to route: Route, by deadline: NIODeadline, _ body: (Connection) async throws -> R
    ) async throws -> R {
        let pool = pool(for: route)
        pool.lent += 1
        defer {
            pool.lent -= 1
            if !pool.isNeeded { pools[route] = nil }
        }
        if let idle = takeIdle(from: pool) {
            do {
                return try await lend(idle, of: pool, body)
            } catch  where DeadConnection.isFound(by: error, replyHasCome: idle.reply.hasCome) {
                closeSuspects(in: pool, after: idle.age)
            }
        }
        return try await lend(dialer.connect(route, by: deadline), of: pool, body)
    }

    private func lend<R>(
        _ connection: Connection, of pool: Pool, _ body: (Connection) async throws -> R
    ) async throws -> R {
        let lending = connection.lend()
        let handle = connection.handle
        let loop = dialer.loop
        let result: R
        do {
            result = try await withTaskCancellationHandler {
                try await body(connection)
            } onCancel: {
                loop.execute { handle.value.cancel(lending: lending) }
            }
        } catch {
            connection.fail(error)
            throw error
        }
        giveBack(connection, to: pool)
        return result
    }

    private func pool(for route: Route) -> Pool {
        if let pool = pools[route] { return pool }
        let pool = Pool()
        pools[route] = pool
        return pool
    }

    private func takeIdle(from pool: Pool) -> Connection? {
        while let connection = pool.idle.popLast() {
            idleCount -= 1
            if connection.isReusable { return connection }
        }
        return nil
    }

    private func giveBack(_ connection: Connection, to pool: Pool) {
        connection.skipWhatIsThere()
        guard connection.isReusable else { return connection.fail(ConnectionFault.hangUp) }
        if idleCount >= idleLimit { forgetTheClosed() }
        guard idleCount < idleLimit else { return connection.fail(ConnectionFault.hangUp) }
        connection.rest(for: Self.idleTime)
        pool.idle.append(connection)
        idleCount += 1
    }

    /// Closes the idle connections that are no younger than one that was found dead.
    private func closeSuspects(in pool: Pool, after dead: DeadConnection.Age) {
        let suspects = pool.idle.filter { $0.age.isSuspect(after: dead) }
        pool.idle.removeAll { $0.age.isSuspect(after: dead) }
        idleCount -= suspects.count
        for suspect in suspects { suspect.fail(ConnectionFault.hangUp) }
    }

    /// Lets go of connections that were closed while they were idle, and of pools that nobody needs.
    private func forgetTheClosed() {
        for pool in pools.values { pool.idle.removeAll { !$0.isReusable } }
        pools = pools.filter(\.value.isNeeded)
        idleCount = pools.values.reduce(0) { $0 + $1.idle.count }
    }
}
