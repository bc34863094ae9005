import NIOCore

/// The connections of one event loop, as a value that is told what happened and answers with what to do.
///
/// It does no I/O and has no clock, so ``LoopConnections`` acts for it. How many requests there are at once is decided
/// elsewhere; here only the idle connections are bounded.
///
/// | what happened | what to do |
/// |---|---|
/// | a request is wanted | use the idle connection that was used last, or make a new one |
/// | a connection was made | use it |
/// | a request has ended | keep the connection for a while, or close it |
/// | a request failed | close the connection; if it was dead, close those too that are likely to be dead |
/// | an idle connection was closed, or its time is over | nothing |
struct ConnectionPool {
    /// Names a connection within its pool.
    struct ID: Hashable, Sendable {
        fileprivate let number: Int
    }

    enum CheckOut: Equatable {
        case use(ID)
        case connect
    }

    enum CheckIn: Equatable {
        case keep(until: NIODeadline)
        case close
    }

    private struct Member {
        let route: Route
        var age: DeadConnection.Age
    }

    /// Most connections that are idle at once.
    private let idleLimit: Int
    private var members: [ID: Member] = [:]
    /// The idle connections that lead to one place, the last used at the end; no place has an empty list.
    private var idle: [Route: [ID]] = [:]
    private(set) var idleCount = 0
    private var nextNumber = 0

    /// How long a connection may be idle. Servers keep theirs for a minute or so, and one that is closed just as it is
    /// used costs the time of a new one.
    static let idleTime: TimeAmount = .seconds(30)

    init(idleLimit: Int) {
        self.idleLimit = idleLimit
    }

    /// Connections that are in use or idle.
    var count: Int { members.count }

    /// A request is wanted.
    mutating func checkOut(to route: Route) -> CheckOut {
        guard let id = idle[route]?.popLast() else { return .connect }
        if idle[route]?.isEmpty == true { idle[route] = nil }
        idleCount -= 1
        return .use(id)
    }

    /// A connection was made, and is in use from now on.
    mutating func connected(to route: Route, at now: NIODeadline) -> ID {
        let id = ID(number: nextNumber)
        nextNumber += 1
        members[id] = Member(route: route, age: .init(opened: now, idleSince: now))
        return id
    }

    /// A request has ended.
    ///
    /// - Parameter isReusable: whether the connection could carry another one.
    mutating func checkIn(_ id: ID, isReusable: Bool, at now: NIODeadline) -> CheckIn {
        guard let route = members[id]?.route, isReusable, idleCount < idleLimit else {
            members[id] = nil
            return .close
        }
        members[id]?.age.idleSince = now
        idle[route, default: []].append(id)
        idleCount += 1
        return .keep(until: now + Self.idleTime)
    }

    /// A request failed, and its connection is to be closed; returns the idle connections to be closed with it.
    ///
    /// - Parameter wasDead: the connection was idle before, and turned out to be closed.
    mutating func requestFailed(over id: ID, wasDead: Bool) -> [ID] {
        guard let dead = members.removeValue(forKey: id), wasDead else { return [] }
        let suspects = (idle[dead.route] ?? []).filter { members[$0]?.age.isSuspect(after: dead.age) ?? false }
        suspects.forEach { closed($0) }
        return suspects
    }

    /// An idle connection was closed, by the server or because its time is over.
    mutating func closed(_ id: ID) {
        guard let route = members.removeValue(forKey: id)?.route, let place = idle[route]?.firstIndex(of: id) else {
            return
        }
        idle[route]?.remove(at: place)
        if idle[route]?.isEmpty == true { idle[route] = nil }
        idleCount -= 1
    }
}
