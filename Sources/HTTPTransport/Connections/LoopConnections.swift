import NIOCore

/// The connections of one event loop, lent to one request at a time and kept for the next.
///
/// Belongs to its loop, so it needs no lock. How many requests there are at once is decided elsewhere; here only the
/// connections that rest are bounded.
final class LoopConnections {
    private let dialer: Dialer
    /// Most connections that rest at once.
    private let restingLimit: Int
    private var shelves: [Route: Shelf] = [:]
    private var restingCount = 0

    /// The connections at rest that lead to one place, the last used at the end.
    private final class Shelf {
        var connections: [Connection] = []
        /// Requests that will give a connection back here.
        var lent = 0

        var isNeeded: Bool { lent > 0 || !connections.isEmpty }
    }

    /// How long a connection may rest. Servers keep theirs for a minute or so, and one that is closed just as it is used
    /// costs an attempt.
    private static let restingTime: TimeAmount = .seconds(30)

    /// - Parameter slots: most requests at once on this loop; each keeps one connection to the API and one to an image
    ///   host.
    init(_ dialer: Dialer, slots: Int) {
        self.dialer = dialer
        restingLimit = 2 * slots
    }

    /// Lends a connection that rests, or a new one, which has to stand by `deadline`.
    ///
    /// A request that fails, or that leaves a part of its reply unread, takes the connection with it. Cancellation ends
    /// the request with a `CancellationError`.
    func withConnection<R>(
        to route: Route, by deadline: NIODeadline, _ body: (Connection) async throws -> R
    ) async throws -> R {
        let shelf = shelf(for: route)
        shelf.lent += 1
        defer {
            shelf.lent -= 1
            if !shelf.isNeeded { shelves[route] = nil }
        }
        let rested = takeRested(from: shelf)
        let connection = if let rested { rested } else { try await dialer.connect(route, by: deadline) }
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
        giveBack(connection, to: shelf)
        return result
    }

    private func shelf(for route: Route) -> Shelf {
        if let shelf = shelves[route] { return shelf }
        let shelf = Shelf()
        shelves[route] = shelf
        return shelf
    }

    private func takeRested(from shelf: Shelf) -> Connection? {
        while let connection = shelf.connections.popLast() {
            restingCount -= 1
            if connection.isReusable { return connection }
        }
        return nil
    }

    private func giveBack(_ connection: Connection, to shelf: Shelf) {
        connection.skipWhatIsThere()
        guard connection.isReusable else { return connection.fail(ConnectionFault.hangUp) }
        if restingCount >= restingLimit { forgetTheClosed() }
        guard restingCount < restingLimit else { return connection.fail(ConnectionFault.hangUp) }
        connection.rest(until: .now() + Self.restingTime)
        shelf.connections.append(connection)
        restingCount += 1
    }

    /// Lets go of connections that were closed while they rested, and of shelves that nobody needs.
    private func forgetTheClosed() {
        for shelf in shelves.values { shelf.connections.removeAll { !$0.isReusable } }
        shelves = shelves.filter(\.value.isNeeded)
        restingCount = shelves.values.reduce(0) { $0 + $1.connections.count }
    }
}
