import NIOCore

/// The connections of one event loop: what ``ConnectionPool`` decides is done here.
///
/// Belongs to its loop, so it needs no lock.
final class LoopConnections {
    private let dialer: Dialer
    private var pool: ConnectionPool
    private var idle: [ConnectionPool.ID: HTTP1Connection] = [:]
    private var shared: [ConnectionPool.ID: HTTP2Connection] = [:]
    private var waiting: [Route: [ConnectionWait]] = [:]
    /// Where HTTP/2 was spoken until the server asked for HTTP/1.1.
    private var http1Only: Set<Route> = []

    /// Most times that one request is sent again because it was not processed: a server that ends its connections after
    /// few requests may meet the same one on several of them.
    private static let mostResends = 16
    /// Most routes that are remembered to need HTTP/1.1; a request that learns it of a further one fails.
    private static let mostHTTP1Only = 1024

    /// - Parameter slots: most requests at once on this loop; each keeps one connection to the API and one to an image
    ///   host.
    init(_ dialer: Dialer, slots: Int) {
        self.dialer = dialer
        pool = ConnectionPool(idleLimit: 2 * slots)
    }

    /// One use of a connection, for one request.
    private struct Use {
        let id: ConnectionPool.ID
        let carrier: Carrier
        /// The connection was not made for this request.
        let wasThere: Bool

        enum Carrier {
            case http1(HTTP1Connection)
            case http2(HTTP2Connection, HTTP2Stream)
        }
    }

    /// Calls `body` with an exchange over a connection that is there, or over a new one, which has to be made by
    /// `deadline`.
    ///
    /// If the request turns out never to have been processed, since the connection was dead (see ``DeadConnection``) or
    /// since the server says so, `body` is called again over another connection; it has seen nothing of a reply by then.
    /// A request of HTTP/1.1 that fails, or that leaves a part of its reply unread, takes the connection with it.
    /// Cancellation ends the request with a `CancellationError`.
    func withExchange<R>(
        to route: Route, by deadline: NIODeadline, _ body: (any HTTPExchange) async throws -> R
    ) async throws -> R {
        var resends = 0
        var mayBeIdle = true
        while true {
            let use = try await checkOut(to: route, by: deadline, mayBeIdle: mayBeIdle)
            do {
                let result = try await perform(use, body)
                checkIn(use)
                return result
            } catch {
                let resend = end(use, of: route, with: error)
                guard resend != .never, resends < Self.mostResends else { throw error }
                resends += 1
                // Another idle connection may be as dead as the one before.
                mayBeIdle = resend != .overNewConnection
            }
        }
    }

    /// Whether a request that failed is sent again.
    enum Resend {
        case never
        /// The server has not processed it.
        case overAnyConnection
        /// The connection was dead.
        case overNewConnection
    }

    // MARK: Before the request

    private func offersHTTP2(_ route: Route) -> Bool { dialer.offersHTTP2(route) && !http1Only.contains(route) }

    private func checkOut(to route: Route, by deadline: NIODeadline, mayBeIdle: Bool) async throws -> Use {
        while true {
            switch pool.checkOut(to: route, mayShare: offersHTTP2(route), mayBeIdle: mayBeIdle) {
            case .use(let id):
                if let use = use(id) { return use }
                pool.closed(id)
            case .connect:
                return try await connect(to: route, by: deadline)
            case .wait:
                try await wait(for: route, by: deadline)
            }
        }
    }

    private func use(_ id: ConnectionPool.ID) -> Use? {
        if let connection = shared[id] {
            return Use(id: id, carrier: .http2(connection, HTTP2Stream(connection)), wasThere: true)
        }
        guard let connection = idle.removeValue(forKey: id), connection.isReusable else { return nil }
        return Use(id: id, carrier: .http1(connection), wasThere: true)
    }

    private func connect(to route: Route, by deadline: NIODeadline) async throws -> Use {
        do {
            let made = try await dialer.connect(route, offersHTTP2: offersHTTP2(route), by: deadline)
            defer { endWaits(for: route, with: .success(())) }
            switch made {
            case .http1(let connection):
                let id = pool.connected(to: route, .one, at: .now())
                return Use(id: id, carrier: .http1(connection), wasThere: false)
            case .http2(let connection):
                // A server that has not said how many requests it takes will say what it said before.
                let last = connection.knowsCapacity ? nil : pool.lastCapacity(to: route)
                let capacity = min(connection.capacity, last ?? .max)
                let id = pool.connected(to: route, .several(capacity), at: .now())
                shared[id] = connection
                connection.whenCapacityChanges = { [weak self] in self?.capacityChanged(of: id, to: $0) }
                return Use(id: id, carrier: .http2(connection, HTTP2Stream(connection)), wasThere: false)
            }
        } catch {
            pool.connectEnded(to: route)
            // Who waited would have met the same, if it was not for the end of this task.
            endWaits(for: route, with: error is CancellationError ? .success(()) : .failure(error))
            throw error
        }
    }

    private func capacityChanged(of id: ConnectionPool.ID, to count: Int) {
        pool.capacityChanged(of: id, to: count)
        if count == 0 { shared[id] = nil }
    }

    /// Waits until a connection that is being made is there, or has failed.
    private func wait(for route: Route, by deadline: NIODeadline) async throws {
        let loop = dialer.loop
        let wait = ConnectionWait(on: loop, until: min(deadline, .now() + dialer.timeout))
        let handle = NIOLoopBound(wait, eventLoop: loop)
        waiting[route, default: []].append(wait)
        defer { pool.waitEnded(to: route) }
        try await withTaskCancellationHandler {
            try await wait.result()
        } onCancel: {
            loop.execute { handle.value.end(.failure(CancellationError())) }
        }
    }

    private func endWaits(for route: Route, with result: Result<Void, any Error>) {
        waiting.removeValue(forKey: route)?.forEach { $0.end(result) }
    }

    // MARK: The request, and after it

    private func perform<R>(
        _ use: Use, _ body: (any HTTPExchange) async throws -> R
    ) async throws -> R {
        let loop = dialer.loop
        switch use.carrier {
        case .http1(let connection):
            let number = connection.checkOut()
            let handle = NIOLoopBound(connection, eventLoop: loop)
            return try await withTaskCancellationHandler {
                try await body(connection)
            } onCancel: {
                loop.execute { handle.value.cancel(use: number) }
            }
        case .http2(_, let stream):
            let handle = NIOLoopBound(stream, eventLoop: loop)
            return try await withTaskCancellationHandler {
                try await body(stream)
            } onCancel: {
                loop.execute { handle.value.fail(CancellationError()) }
            }
        }
    }

    /// Keeps the connection for the next request.
    private func checkIn(_ use: Use) {
        switch use.carrier {
        case .http1(let connection):
            connection.parts.skip()
            switch pool.checkIn(use.id, isReusable: connection.isReusable, at: .now()) {
            case .keep(let end):
                idle[use.id] = connection
                connection.stayIdle(until: end) { [weak self] in
                    self?.idle[use.id] = nil
                    self?.pool.closed(use.id)
                }
            case .close, .goOn:
                connection.fail(ConnectionError.hangUp)
            }
        case .http2(let connection, let stream):
            connection.end(stream)
            switch pool.checkIn(use.id, isReusable: connection.capacity > 0, at: .now()) {
            case .keep(let end): connection.stayIdle(until: end)
            case .close:
                shared[use.id] = nil
                connection.closeWhenDone()
            case .goOn: break
            }
        }
    }

    /// Ends a request that failed.
    private func end(_ use: Use, of route: Route, with error: any Error) -> Resend {
        switch use.carrier {
        case .http1(let connection):
            let isDead =
                use.wasThere && DeadConnection.isFound(by: error, replyHasArrived: connection.reply.hasArrived)
            connection.fail(error)
            for suspect in pool.requestFailed(over: use.id, wasDead: isDead) {
                idle.removeValue(forKey: suspect)?.fail(ConnectionError.hangUp)
            }
            return isDead ? .overNewConnection : .never
        case .http2(_, let stream):
            checkIn(use)
            switch error {
            case ConnectionError.notProcessed: return .overAnyConnection
            case ConnectionError.needsHTTP1:
                if http1Only.count < Self.mostHTTP1Only { http1Only.insert(route) }
                return .overNewConnection
            default:
                return use.wasThere && stream.hasFoundDeadConnection(by: error) ? .overNewConnection : .never
            }
        }
    }
}
