import NIOCore

/// The connections of one event loop, as a value that is told what happened and answers with what to do.
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
struct ConnectionPool {
    /// Names a connection within its pool.
    struct ID: Hashable, Sendable {
        fileprivate let number: Int
    }

    enum CheckOut: Equatable {
        case use(ID)
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

    fileprivate struct Member {
        let route: Route
        var age: DeadConnection.Age
        let isShared: Bool
        var requests = 1
    }

    /// What is known of the connections to one place.
    fileprivate struct Place {
        /// The idle connections that carry one request, the last used at the end.
        var idle: [ID] = []
        /// The connections that take further requests, and how many at once.
        var shared: [ID: Int] = [:]
        /// How many requests a connection took at once when the last one was made; nil before the first.
        var capacity: Capacity?
        /// Connections that are being made, and requests that wait for them.
        var pending = 0
        var waiting = 0

        /// Whether a request had better wait for a connection that is being made.
        var isWorthWaiting: Bool {
            let likely =
                switch capacity {
                case .one: 1
                case .several(let count): count
                case nil: HTTP2Framing.likelyStreams
                }
            // The request for which it is made takes the first of its places.
            return waiting < pending * (likely - 1)
        }

        var isUnused: Bool { idle.isEmpty && shared.isEmpty && pending == 0 && waiting == 0 }
    }

    /// Most connections that are idle at once.
    private let idleLimit: Int
    private var members: [ID: Member] = [:]
    private var places: [Route: Place] = [:]
    private(set) var idleCount = 0
    private var nextNumber = 0

    /// How long a connection may be idle. Servers keep theirs for a minute or so, and one that is closed just as it is
    /// used costs the time of a new one.
    static let idleTime: TimeAmount = .seconds(30)
    /// Most places that are remembered; then those without a connection are forgotten.
    private static let mostPlaces = 1024

    init(idleLimit: Int) {
        self.idleLimit = idleLimit
    }

    /// Connections that are in use or idle.
    var count: Int { members.count }

    /// A request is wanted.
    ///
    /// - Parameters:
    ///   - mayShare: whether a new connection may turn out to take several requests.
    ///   - mayBeIdle: whether a connection is used that carries none.
    mutating func checkOut(to route: Route, mayShare: Bool, mayBeIdle: Bool = true) -> CheckOut {
        let result = places[route, default: Place()].checkOut(
            from: &members, mayShare: mayShare, mayBeIdle: mayBeIdle)
        if case .use(let id) = result, members[id]?.requests == 1 { idleCount -= 1 }
        return result
    }

    /// How many requests the last connection to a place took at once, if it took several.
    func lastCapacity(to route: Route) -> Int? {
        if case .several(let count) = places[route]?.capacity { count } else { nil }
    }

    /// A request waits no longer for a connection that is being made.
    mutating func waitEnded(to route: Route) {
        places[route]?.waiting -= 1
    }

    /// A connection was made, and is in use from now on.
    mutating func connected(to route: Route, _ capacity: Capacity, at now: NIODeadline) -> ID {
        if places.count >= Self.mostPlaces { places = places.filter { !$0.value.isUnused } }
        let id = ID(number: nextNumber)
        nextNumber += 1
        members[id] = Member(route: route, age: .init(opened: now, idleSince: now), isShared: capacity != .one)
        connectEnded(to: route)
        places[route, default: Place()].capacity = capacity
        if case .several(let count) = capacity { places[route]?.shared[id] = count }
        return id
    }

    /// A connection was made, or could not be made.
    mutating func connectEnded(to route: Route) {
        places[route]?.pending -= 1
    }

    /// A connection takes so many requests at once from now on; 0 if it takes none any more.
    mutating func capacityChanged(of id: ID, to count: Int) {
        guard let member = members[id] else { return }
        if count > 0 {
            places[member.route]?.shared[id] = count
            places[member.route]?.capacity = .several(count)
        } else if member.requests > 0 {
            places[member.route]?.shared[id] = nil
        } else {
            closed(id)
        }
    }

    /// A request has ended.
    ///
    /// - Parameter isReusable: whether the connection could carry another one.
    mutating func checkIn(_ id: ID, isReusable: Bool, at now: NIODeadline) -> CheckIn {
        guard let member = members[id] else { return .close }
        guard member.requests == 1 else {
            members[id]?.requests -= 1
            return .goOn
        }
        guard isReusable, idleCount < idleLimit else {
            closed(id)
            return .close
        }
        members[id]?.requests = 0
        members[id]?.age.idleSince = now
        if !member.isShared { places[member.route, default: Place()].idle.append(id) }
        idleCount += 1
        return .keep(until: now + Self.idleTime)
    }

    /// A request failed, and its connection is to be closed; returns the idle connections to be closed with it.
    ///
    /// - Parameter wasDead: the connection was idle before, and turned out to be closed.
    mutating func requestFailed(over id: ID, wasDead: Bool) -> [ID] {
        guard let dead = members[id] else { return [] }
        closed(id)
        guard wasDead else { return [] }
        let suspects = (places[dead.route]?.idle ?? []).filter { members[$0]?.age.isSuspect(after: dead.age) ?? false }
        suspects.forEach { closed($0) }
        return suspects
    }

    /// A connection was closed, by the server or because its time is over.
    mutating func closed(_ id: ID) {
        guard let member = members.removeValue(forKey: id) else { return }
        if member.requests == 0 { idleCount -= 1 }
        places[member.route]?.shared[id] = nil
        if let index = places[member.route]?.idle.firstIndex(of: id) { places[member.route]?.idle.remove(at: index) }
    }
}

extension ConnectionPool.Place {
    fileprivate mutating func checkOut(
        from members: inout [ConnectionPool.ID: ConnectionPool.Member], mayShare: Bool, mayBeIdle: Bool
    ) -> ConnectionPool.CheckOut {
        let isFree = { (id: ConnectionPool.ID, capacity: Int) in
            let requests = members[id]?.requests ?? capacity
            return requests < capacity && (mayBeIdle || requests > 0)
        }
        if let id = shared.first(where: isFree)?.key ?? (mayBeIdle ? idle.popLast() : nil) {
            members[id]?.requests += 1
            return .use(id)
        }
        if mayShare, isWorthWaiting {
            waiting += 1
            return .wait
        }
        pending += 1
        return .connect
    }
}
