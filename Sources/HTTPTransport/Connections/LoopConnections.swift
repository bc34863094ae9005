import NIOCore

/// The connections of one event loop: what ``ConnectionPool`` decides is done here.
///
/// Belongs to its loop, so it needs no lock.
final class LoopConnections {
    private typealias Pool = ConnectionPool<Dialer.Made>

    private let dialer: Dialer
    private let pool: Pool
    private var waiting: [Route: [ConnectionWait]] = [:]

    /// Most times that one request is sent again because it was not processed: a server that ends its connections after
    /// few requests may meet the same one on several of them.
    private static let mostResends = 16

    /// - Parameter slots: most requests at once on this loop; each keeps one connection to the API and one to an image
    ///   host.
    init(_ dialer: Dialer, slots: Int) {
        self.dialer = dialer
        pool = Pool(idleLimit: 2 * slots)
    }

    /// One use of a connection, for one request.
    private struct Use {
        let member: Pool.Member
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
        let place = pool.place(of: route) ?? pool.makePlace(of: route, mayShare: dialer.offersHTTP2(route))
        var resends = 0
        var mayBeIdle = true
        while true {
            let use = try await checkOut(to: place, by: deadline, mayBeIdle: mayBeIdle)
            do {
                let result = try await perform(use, body)
                checkIn(use)
                return result
            } catch {
                let resend = end(use, of: place, with: error)
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

    private func checkOut(to place: Pool.Place, by deadline: NIODeadline, mayBeIdle: Bool) async throws -> Use {
        while true {
            switch pool.checkOut(to: place, mayBeIdle: mayBeIdle) {
            case .use(let member):
                if let use = use(member) { return use }
                pool.closed(member)
            case .connect:
                return try await connect(to: place, by: deadline)
            case .wait:
                try await wait(for: place, by: deadline)
            }
        }
    }

    private func use(_ member: Pool.Member) -> Use? {
        switch member.connection {
        case .http1(let connection):
            connection.isReusable ? Use(member: member, carrier: .http1(connection), wasThere: true) : nil
        case .http2(let connection):
            Use(member: member, carrier: .http2(connection, HTTP2Stream(connection)), wasThere: true)
        }
    }

    private func connect(to place: Pool.Place, by deadline: NIODeadline) async throws -> Use {
        do {
            let made = try await dialer.connect(place.route, offersHTTP2: place.mayShare, by: deadline)
            defer { endWaits(for: place, with: .success(())) }
            switch made {
            case .http1(let connection):
                let member = pool.connected(made, to: place, .one, at: .now())
                return Use(member: member, carrier: .http1(connection), wasThere: false)
            case .http2(let connection):
                // A server that has not said how many requests it takes will say what it said before.
                let last = connection.knowsCapacity ? nil : pool.lastCapacity(to: place)
                let capacity = min(connection.capacity, last ?? .max)
                let member = pool.connected(made, to: place, .several(capacity), at: .now())
                connection.whenCapacityChanges = { [weak pool, weak member] in
                    if let member { pool?.capacityChanged(of: member, to: $0) }
                }
                return Use(member: member, carrier: .http2(connection, HTTP2Stream(connection)), wasThere: false)
            }
        } catch {
            pool.connectEnded(to: place)
            // Who waited would have met the same, if it was not for the end of this task.
            endWaits(for: place, with: error is CancellationError ? .success(()) : .failure(error))
            throw error
        }
    }

    /// Waits until a connection that is being made is there, or has failed.
    private func wait(for place: Pool.Place, by deadline: NIODeadline) async throws {
        let loop = dialer.loop
        let wait = ConnectionWait(on: loop, until: min(deadline, .now() + dialer.timeout))
        let handle = NIOLoopBound(wait, eventLoop: loop)
        waiting[place.route, default: []].append(wait)
        defer { pool.waitEnded(to: place) }
        try await withTaskCancellationHandler {
            try await wait.result()
        } onCancel: {
            loop.execute { handle.value.end(.failure(CancellationError())) }
        }
    }

    private func endWaits(for place: Pool.Place, with result: Result<Void, any Error>) {
        waiting.removeValue(forKey: place.route)?.forEach { $0.end(result) }
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
            switch pool.checkIn(use.member, isReusable: connection.isReusable, at: .now()) {
            case .keep(let end):
                // Until the connection is used again or closed, it holds the pool, and the pool holds it.
                connection.stayIdle(until: end) { [pool] in pool.closed(use.member) }
            case .close, .goOn:
                connection.fail(ConnectionError.hangUp)
            }
        case .http2(let connection, let stream):
            connection.end(stream)
            switch pool.checkIn(use.member, isReusable: connection.capacity > 0, at: .now()) {
            case .keep(let end): connection.stayIdle(until: end)
            case .close: connection.closeWhenDone()
            case .goOn: break
            }
        }
    }

    /// Ends a request that failed.
    private func end(_ use: Use, of place: Pool.Place, with error: any Error) -> Resend {
        switch use.carrier {
        case .http1(let connection):
            let isDead =
                use.wasThere && DeadConnection.isFound(by: error, replyHasArrived: connection.replyHasArrived)
            connection.fail(error)
            for suspect in pool.requestFailed(over: use.member, wasDead: isDead) {
                if case .http1(let idle) = suspect.connection { idle.fail(ConnectionError.hangUp) }
            }
            return isDead ? .overNewConnection : .never
        case .http2(_, let stream):
            checkIn(use)
            switch error {
            case ConnectionError.notProcessed: return .overAnyConnection
            case ConnectionError.needsHTTP1:
                place.mayShare = false
                return .overNewConnection
            default:
                return use.wasThere && stream.hasFoundDeadConnection(by: error) ? .overNewConnection : .never
            }
        }
    }
}
