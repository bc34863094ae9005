import NIOCore
import Testing
import TestRandom
import WebAddress

@testable import HTTPTransport

@Suite("The pool of connections, without a connection", .timeLimit(.minutes(1)))
struct ConnectionPoolTests {
    private typealias Pool = ConnectionPool<Void>

    private let api: Route
    private let images: Route

    init() throws {
        api = .api(try WebURL("https://api.test").origin, tunnel: nil)
        images = .host(try WebURL("https://images.test").origin, mustBePublic: true)
    }

    private func time(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }

    /// A pool with idle connections to the API that were made and checked in at these times, in this order.
    private func pool(
        idleLimit: Int = 100, _ connections: [(made: Int64, checkedIn: Int64)]
    ) -> (Pool, [Pool.Member]) {
        let pool = Pool(idleLimit: idleLimit)
        let ids = connections.map { pool.connected(to: api, at: time($0.made)) }
        for (id, connection) in zip(ids, connections) {
            #expect(pool.checkIn(id, isReusable: true, at: time(connection.checkedIn)) != .close)
        }
        return (pool, ids)
    }

    @Test func requestWithoutAnIdleConnectionNeedsANewOne() {
        let (pool, ids) = pool([(0, 0)])
        #expect(pool.checkOut(to: api) == .use(ids[0]))
        #expect(pool.checkOut(to: api) == .connect)
        #expect(pool.connected(to: api, at: time(1)) != ids[0])
        #expect(pool.count == 2)
    }

    @Test func connectionThatWasUsedLastIsUsedFirst() {
        let (pool, ids) = pool([(0, 3), (1, 4), (2, 5)])
        #expect(pool.checkOut(to: api) == .use(ids[2]))
        #expect(pool.checkOut(to: api) == .use(ids[1]))
        #expect(pool.checkIn(ids[2], isReusable: true, at: time(6)) == .keep(until: time(6) + Pool.idleTime))
        #expect(pool.checkOut(to: api) == .use(ids[2]))
        #expect(pool.checkOut(to: api) == .use(ids[0]))
        #expect(pool.idleCount == 0)
    }

    @Test func connectionServesItsOwnRouteAlone() throws {
        let (pool, _) = pool([(0, 0)])
        #expect(pool.checkOut(to: images) == .connect)
        guard case .host(let origin, _) = images else { return }
        let checked = pool.connected(to: images, at: time(1))
        #expect(pool.checkIn(checked, isReusable: true, at: time(1)) != .close)
        #expect(pool.checkOut(to: .host(origin, mustBePublic: false)) == .connect)
        #expect(pool.checkOut(to: images) == .use(checked))
    }

    @Test func routeWithoutAConnectionIsForgottenWhereThereAreMany() throws {
        let (pool, ids) = pool([(0, 0)])
        for number in 0..<2000 {
            let route = Route.host(try WebURL("https://\(number).test").origin, mustBePublic: true)
            #expect(pool.checkOut(to: route) == .connect)
            pool.closed(pool.connected(to: route, at: time(0)))
        }
        #expect(pool.placeCount <= 1024)
        #expect(pool.checkOut(to: api) == .use(ids[0]))
    }

    @Test func connectionThatCarriesNoOtherRequestIsClosed() {
        let pool = Pool(idleLimit: 1)
        let id = pool.connected(to: api, at: time(0))
        #expect(pool.checkIn(id, isReusable: false, at: time(0)) == .close)
        #expect(pool.checkOut(to: api) == .connect)
        #expect(pool.count == 0)
    }

    @Test func idleConnectionsOfAllRoutesAreBoundedTogether() {
        let (pool, ids) = pool(idleLimit: 2, [(0, 0), (0, 0)])
        let third = pool.connected(to: images, at: time(1))
        #expect(pool.checkIn(third, isReusable: true, at: time(1)) == .close)
        #expect(pool.count == 2)
        // One that is closed, or used again, makes room.
        pool.closed(ids[0])
        let fourth = pool.connected(to: images, at: time(1))
        #expect(pool.checkIn(fourth, isReusable: true, at: time(1)) != .close)
        #expect(pool.idleCount == 2)
    }

    @Test func closedConnectionIsForgotten() {
        let (pool, ids) = pool([(0, 0), (0, 0), (0, 0)])
        pool.closed(ids[1])
        pool.closed(ids[1])
        #expect(pool.checkOut(to: api) == .use(ids[2]))
        // One that is in use is no idle one.
        pool.closed(ids[2])
        #expect(pool.idleCount == 1)
        #expect(pool.checkOut(to: api) == .use(ids[0]))
        #expect(pool.checkIn(ids[2], isReusable: true, at: time(1)) == .close)
        #expect(pool.count == 1)
    }

    @Test func deadConnectionTakesTheEquallyOldWithIt() {
        // The last one is dead. The first was made before it, the second is idle for longer, the third is younger in both.
        let (pool, ids) = pool([(1, 9), (7, 4), (8, 8), (6, 7)])
        let other = pool.connected(to: images, at: time(0))
        #expect(pool.checkIn(other, isReusable: true, at: time(0)) != .close)
        #expect(pool.checkOut(to: api) == .use(ids[3]))
        #expect(Set(pool.requestFailed(over: ids[3], wasDead: true)) == [ids[0], ids[1]])
        #expect(pool.idleCount == 2)
        #expect(pool.checkOut(to: api) == .use(ids[2]))
        #expect(pool.checkOut(to: api) == .connect)
        #expect(pool.checkOut(to: images) == .use(other))
    }

    @Test func connectionInUseIsNotSuspect() {
        let (pool, ids) = pool([(0, 0), (0, 0)])
        #expect(pool.checkOut(to: api) == .use(ids[1]))
        #expect(pool.checkOut(to: api) == .use(ids[0]))
        #expect(pool.requestFailed(over: ids[1], wasDead: true).isEmpty)
        #expect(pool.checkIn(ids[0], isReusable: true, at: time(1)) != .close)
    }

    @Test func ageCountsFromTheLastCheckIn() {
        let (pool, ids) = pool([(5, 5), (0, 0)])
        #expect(pool.checkOut(to: api) == .use(ids[1]))
        #expect(pool.checkIn(ids[1], isReusable: true, at: time(9)) != .close)
        #expect(pool.checkOut(to: api) == .use(ids[1]))
        // It was there before the other, but is idle for a shorter time: the other is older in that.
        #expect(pool.requestFailed(over: ids[1], wasDead: true) == [ids[0]])
    }

    @Test func requestThatFailedOtherwiseTakesItsOwnConnectionAlone() {
        let (pool, ids) = pool([(0, 0), (0, 0)])
        #expect(pool.checkOut(to: api) == .use(ids[1]))
        #expect(pool.requestFailed(over: ids[1], wasDead: false).isEmpty)
        #expect(pool.count == 1)
        #expect(pool.checkOut(to: api) == .use(ids[0]))
    }

    /// Whatever happens, no connection serves two requests at once or after its end, and the idle ones are bounded.
    @Test(arguments: 0..<20) func noConnectionIsUsedTwiceAtOnce(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pool = Pool(idleLimit: 4)
        var inUse: [Pool.Member] = []
        var idle: Set<Pool.Member> = []
        for second in 0..<2000 as Range<Int64> {
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1:
                let route = Bool.random(using: &random) ? api : images
                switch pool.checkOut(to: route) {
                case .use(let id):
                    #expect(idle.remove(id) != nil)
                    inUse.append(id)
                case .connect:
                    inUse.append(pool.connected(to: route, at: time(second)))
                case .wait:
                    Issue.record("a connection that carries one request is not worth waiting for")
                }
            case 2:
                guard let id = inUse.popLast() else { continue }
                let isReusable = Int.random(in: 0..<4, using: &random) > 0
                if pool.checkIn(id, isReusable: isReusable, at: time(second)) != .close {
                    #expect(isReusable)
                    idle.insert(id)
                }
            case 3:
                guard let id = inUse.popLast() else { continue }
                for suspect in pool.requestFailed(over: id, wasDead: Bool.random(using: &random)) {
                    #expect(idle.remove(suspect) != nil)
                }
            default:
                guard let id = idle.randomElement(using: &random) else { continue }
                idle.remove(id)
                pool.closed(id)
            }
            #expect(pool.idleCount == idle.count && idle.count <= 4)
            #expect(pool.count == idle.count + inUse.count)
        }
    }
}

/// A server that speaks HTTP/1.1 alone, as in all of these tests.
extension ConnectionPool<Void> {
    fileprivate func checkOut(to route: Route) -> CheckOut {
        checkOut(to: place(of: route) ?? makePlace(of: route, mayShare: false))
    }

    fileprivate func connected(to route: Route, at now: NIODeadline) -> Member {
        connected((), to: place(of: route) ?? makePlace(of: route, mayShare: false), .one, at: now)
    }
}
