import NIOCore

/// The connections of one event loop, lent to one request at a time and kept for the next.
///
/// Belongs to its loop, so it needs no lock. How many requests there are at once is decided elsewhere; here only the
/// connections that rest are bounded.
final class LoopConnections {
    private let dialer: Dialer
    /// Most connections that rest at once.
    private let restingLimit: Int
    /// Those at rest, by where they lead, the last used at the end.
    private var resting: [Route: [Connection]] = [:]
    private var restingCount = 0

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
        let rested = takeRested(route)
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
        giveBack(connection)
        return result
    }

    private func takeRested(_ route: Route) -> Connection? {
        while let connection = resting[route]?.popLast() {
            restingCount -= 1
            if connection.isReusable { return connection }
        }
        return nil
    }

    private func giveBack(_ connection: Connection) {
        connection.skipWhatIsThere()
        guard connection.isReusable else { return connection.fail(ConnectionFault.hangUp) }
        if restingCount >= restingLimit { forgetTheClosed() }
        guard restingCount < restingLimit else { return connection.fail(ConnectionFault.hangUp) }
        connection.rest(until: .now() + Self.restingTime)
        resting[connection.route, default: []].append(connection)
        restingCount += 1
    }

    /// Lets go of connections that were closed while they rested.
    private func forgetTheClosed() {
        resting = resting.mapValues { $0.filter(\.isReusable) }.filter { !$0.value.isEmpty }
        restingCount = resting.values.reduce(0) { $0 + $1.count }
    }
}
