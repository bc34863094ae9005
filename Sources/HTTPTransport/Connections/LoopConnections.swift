import NIOCore

/// The connections of one event loop: what ``ConnectionPool`` decides is done here.
///
/// Belongs to its loop, so it needs no lock.
final class LoopConnections {
    private let dialer: Dialer
    private var pool: ConnectionPool
    private var idle: [ConnectionPool.ID: Connection] = [:]

    /// - Parameter slots: most requests at once on this loop; each keeps one connection to the API and one to an image
    ///   host.
    init(_ dialer: Dialer, slots: Int) {
        self.dialer = dialer
        pool = ConnectionPool(idleLimit: 2 * slots)
    }

    /// Calls `body` with an idle connection, or with a new one, which has to be made by `deadline`.
    ///
    /// If an idle connection turns out to be closed, see ``DeadConnection``, `body` is called once more with a new one;
    /// it has seen nothing of a reply by then. A request that fails, or that leaves a part of its reply unread, takes
    /// the connection with it. Cancellation ends the request with a `CancellationError`.
    func withConnection<R>(
        to route: Route, by deadline: NIODeadline, _ body: (Connection) async throws -> R
    ) async throws -> R {
        if let (id, connection) = checkOutIdle(to: route) {
            do {
                return try await use(connection, id, body)
            } catch {
                let isDead = DeadConnection.isFound(by: error, replyHasArrived: connection.reply.hasArrived)
                fail(connection, id, with: error, wasDead: isDead)
                guard isDead else { throw error }
            }
        }
        let connection = try await dialer.connect(route, by: deadline)
        let id = pool.connected(to: route, at: .now())
        do {
            return try await use(connection, id, body)
        } catch {
            fail(connection, id, with: error, wasDead: false)
            throw error
        }
    }

    private func checkOutIdle(to route: Route) -> (ConnectionPool.ID, Connection)? {
        while case .use(let id) = pool.checkOut(to: route) {
            if let connection = idle.removeValue(forKey: id), connection.isReusable { return (id, connection) }
            pool.closed(id)
        }
        return nil
    }

    /// Makes one request, and keeps the connection for the next.
    private func use<R>(
        _ connection: Connection, _ id: ConnectionPool.ID, _ body: (Connection) async throws -> R
    ) async throws -> R {
        let use = connection.checkOut()
        let handle = connection.handle
        let loop = dialer.loop
        let result = try await withTaskCancellationHandler {
            try await body(connection)
        } onCancel: {
            loop.execute { handle.value.cancel(use: use) }
        }
        checkIn(connection, id)
        return result
    }

    private func checkIn(_ connection: Connection, _ id: ConnectionPool.ID) {
        connection.skipWaitingParts()
        switch pool.checkIn(id, isReusable: connection.isReusable, at: .now()) {
        case .keep(let end):
            idle[id] = connection
            connection.stayIdle(until: end) { [weak self] in
                self?.idle[id] = nil
                self?.pool.closed(id)
            }
        case .close:
            connection.fail(ConnectionError.hangUp)
        }
    }

    private func fail(_ connection: Connection, _ id: ConnectionPool.ID, with error: any Error, wasDead: Bool) {
        connection.fail(error)
        for suspect in pool.requestFailed(over: id, wasDead: wasDead) {
            idle.removeValue(forKey: suspect)?.fail(ConnectionError.hangUp)
        }
    }
}
