import Synchronization

/// A request's place among those in flight, given back exactly once.
///
/// It is given back when the body is as good as written, or when nobody holds the ticket any more: a connection that
/// went away takes the body that was to be written with it.
final class FlightTicket: Sendable {
    private let giveBack: @Sendable () -> Void
    private let returned = Mutex(false)

    init(giveBack: @escaping @Sendable () -> Void) {
        self.giveBack = giveBack
    }

    deinit {
        land()
    }

    func land() {
        let first = returned.withLock { returned in
            defer { returned = true }
            return !returned
        }
        if first { giveBack() }
    }
}
