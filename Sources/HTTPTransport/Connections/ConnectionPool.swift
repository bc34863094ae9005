import NIOCore

/// The connections of one event loop: it is told what happened and answers with what to do.
///
/// It does no I/O and has no clock, so ``LoopConnections`` acts for it. How many requests there are at once is decided
/// elsewhere; here only the idle connections are bounded. A connection carries one request at a time, or several
/// (HTTP/2); which of them a server speaks is known when the first connection to it was made.
///
/// | what happened | what to do |
/// |---|---|
/// | a request is wanted | use a connection that takes several, or the idle one that was used last, or make a new one; or wait for one that is being made and may take several |
/// | a connection was made | use it |
/// | a request has ended | keep the connection for a while, or close it |
/// | a request failed | close the connection if it carries no other; if it was dead, close those too that are likely to be dead |
/// | an idle connection was closed, or its time is over | nothing |
final class ConnectionPool<Connection> {
    enum CheckOut: Equatable {
        case use(Member)
        case connect
        /// A connection is being made that is likely to take this request too.
        case wait
    }

    enum CheckIn: Equatable {
        case keep(until: NIODeadline)
        case close
        /// Other requests go on.
        case goOn
    }

    /// How many requests a connection carries at once.
    enum Capacity: Equatable {
        case one
        /// So many, which the server may change at any time.
        case several(Int)
    }

    /// A connection in its pool, from when it was made until it is closed.
    final class Member {
        let connection: Connection
        fileprivate let place: Place
        fileprivate var age: DeadConnection.Age
        /// How many requests it takes at once; 0 if it takes none any more.
        fileprivate var capacity: Int
        fileprivate let isShared: Bool
        fileprivate var requests = 1
        fileprivate var isClosed = false

        fileprivate init(_ connection: Connection, of place: Place, _ capacity: Capacity, at now: NIODeadline) {
            self.connection = connection
            self.place = place
            age = .init(opened: now, idleSince: now)
            switch capacity {
            case .one: (self.capacity, isShared) = (1, false)
            case .several(let count): (self.capacity, isShared) = (count, true)
            }
        }
    }

    /// What is known of the connections along one route. A request finds it once.
    final class Place {
        let route: Route
        /// Whether a new connection may turn out to take several requests.
        var mayShare: Bool
        /// The idle connections that carry one request, the last used at the end.
        fileprivate var idle: [Member] = []
        /// The connections that carry several requests.
        fileprivate var shared: [Member] = []
        /// How many requests a connection took at once when the last one was made; nil before the first.
        fileprivate var capacity: Capacity?
        /// Connections that are in use or idle, connections that are being made, and requests that wait for them.
        fileprivate var connections = 0
        fileprivate var pending = 0
        fileprivate var waiting = 0

        fileprivate init(_ route: Route, mayShare: Bool) {
            self.route = route
            self.mayShare = mayShare
        }

        /// Whether a request had better wait for a connection that is being made.
        fileprivate var isWorthWaiting: Bool {
            let likely =
                switch capacity {
                case .one: 1
                case .several(let count): count
                case nil: HTTP2Framing.likelyStreams
                }
            // The request for which it is made takes the first of its places.
            return waiting < pending * (likely - 1)
        }

        fileprivate var isUnused: Bool { connections == 0 && pending == 0 && waiting == 0 }
    }

    /// How long a connection may be idle. Servers keep theirs for a minute or so, and one that is closed just as it is
    /// used costs the time of a new one.
    static var idleTime: TimeAmount { .seconds(30) }
    /// Most places that are remembered; then those without a connection are forgotten.
    private static var mostPlaces: Int { 1024 }

    /// Most connections that are idle at once.
    private let idleLimit: Int
    private var places: [Route: Place] = [:]
    private(set) var idleCount = 0

    init(idleLimit: Int) {
        self.idleLimit = idleLimit
    }

    /// Connections that are in use or idle.
    var count: Int { places.values.reduce(0) { $0 + $1.connections } }

    /// Routes that are remembered.
    var placeCount: Int { places.count }

    /// What is known of a route; nil before its first request.
    func place(of route: Route) -> Place? { places[route] }

    /// Notes a route that is not known yet.
    ///
    /// - Parameter mayShare: whether a connection may turn out to take several requests.
    func makePlace(of route: Route, mayShare: Bool) -> Place {
        if places.count >= Self.mostPlaces { places = places.filter { !$0.value.isUnused } }
        let place = Place(route, mayShare: mayShare)
        places[route] = place
        return place
    }

    /// A request is wanted.
    ///
    /// - Parameter mayBeIdle: whether a connection is used that carries none.
    func checkOut(to place: Place, mayBeIdle: Bool = true) -> CheckOut {
        let shared = place.shared.first { $0.requests < $0.capacity && (mayBeIdle || $0.requests > 0) }
        if let member = shared ?? (mayBeIdle ? place.idle.popLast() : nil) {
            if member.requests == 0 { idleCount -= 1 }
            member.requests += 1
            return .use(member)
        }
        if place.mayShare, place.isWorthWaiting {
            place.waiting += 1
            return .wait
        }
        place.pending += 1
        return .connect
    }

    /// How many requests the last connection to a place took at once, if it took several.
    func lastCapacity(to place: Place) -> Int? {
        if case .several(let count) = place.capacity { count } else { nil }
    }

    /// A request waits no longer for a connection that is being made.
    func waitEnded(to place: Place) {
        place.waiting -= 1
    }

    /// A connection was made, and is in use from now on.
    func connected(_ connection: Connection, to place: Place, _ capacity: Capacity, at now: NIODeadline) -> Member {
        let member = Member(connection, of: place, capacity, at: now)
        connectEnded(to: place)
        place.connections += 1
        place.capacity = capacity
        if member.isShared { place.shared.append(member) }
        return member
    }

    /// A connection was made, or could not be made.
    func connectEnded(to place: Place) {
        place.pending -= 1
    }

    /// A connection takes so many requests at once from now on; 0 if it takes none any more.
    func capacityChanged(of member: Member, to count: Int) {
        guard !member.isClosed else { return }
        member.capacity = count
        if count > 0 {
            member.place.capacity = .several(count)
        } else if member.requests == 0 {
            closed(member)
        }
    }

    /// A request has ended.
    ///
    /// - Parameter isReusable: whether the connection could carry another one.
    func checkIn(_ member: Member, isReusable: Bool, at now: NIODeadline) -> CheckIn {
        guard !member.isClosed else { return .close }
        guard member.requests == 1 else {
            member.requests -= 1
            return .goOn
        }
        guard isReusable, idleCount < idleLimit else {
            closed(member)
            return .close
        }
        member.requests = 0
        member.age.idleSince = now
        if !member.isShared { member.place.idle.append(member) }
        idleCount += 1
        return .keep(until: now + Self.idleTime)
    }

    /// A request failed, and its connection is to be closed; returns the idle connections to be closed with it.
    ///
    /// - Parameter wasDead: the connection was idle before, and turned out to be closed.
    func requestFailed(over member: Member, wasDead: Bool) -> [Member] {
        guard !member.isClosed else { return [] }
        closed(member)
        guard wasDead else { return [] }
        let suspects = member.place.idle.filter { $0.age.isSuspect(after: member.age) }
        suspects.forEach { closed($0) }
        return suspects
    }

    /// A connection was closed, by the server or because its time is over.
    func closed(_ member: Member) {
        guard !member.isClosed else { return }
        member.isClosed = true
        if member.requests == 0 { idleCount -= 1 }
        member.place.connections -= 1
        member.place.shared.removeAll { $0 == member }
        member.place.idle.removeAll { $0 == member }
    }
}

extension ConnectionPool.Member: Hashable {
    static func == (left: ConnectionPool.Member, right: ConnectionPool.Member) -> Bool { left === right }

    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
