import NIOCore
import TestRandom
import Testing
import WebAddress

@testable import HTTPTransport

@Suite("The pool of connections, of which some carry several requests", .timeLimit(.minutes(1)))
struct SharedConnectionPoolTests {
    private typealias Pool = ConnectionPool<Void>

    private let pool = Pool(idleLimit: 4)
    private let api: Pool.Place
    private let start = NIODeadline.uptimeNanoseconds(0)

    init() throws {
        api = pool.makePlace(of: .api(try WebURL("https://api.test").origin, tunnel: nil), mayShare: true)
    }

    private func checkOut() -> Pool.CheckOut { pool.checkOut(to: api) }

    @Test func requestsWaitForTheFirstConnection() {
        #expect(checkOut() == .connect)
        #expect(checkOut() == .wait)
        let id = pool.connected((), to: api, .several(100), at: start)
        pool.waitEnded(to: api)
        #expect(checkOut() == .use(id))
        #expect(pool.count == 1)
    }

    @Test func serverOfOneRequestAtATimeIsNotWaitedForAgain() {
        #expect(checkOut() == .connect)
        _ = pool.connected((), to: api, .one, at: start)
        #expect(checkOut() == .connect)
        #expect(checkOut() == .connect)
    }

    @Test func connectionThatCouldNotBeMadeIsNotWaitedFor() {
        #expect(checkOut() == .connect)
        pool.connectEnded(to: api)
        #expect(checkOut() == .connect)
    }

    @Test func noMoreRequestsThanTheServerPermits() {
        #expect(checkOut() == .connect)
        let id = pool.connected((), to: api, .several(2), at: start)
        #expect(checkOut() == .use(id))
        #expect(checkOut() == .connect)
        // A new connection is likely to take one more than the request that it is made for.
        #expect(checkOut() == .wait)
        #expect(checkOut() == .connect)
        #expect(pool.checkIn(id, isReusable: true, at: start) == .goOn)
        #expect(checkOut() == .use(id))
    }

    @Test func capacityFollowsTheServer() {
        #expect(checkOut() == .connect)
        let id = pool.connected((), to: api, .several(100), at: start)
        pool.capacityChanged(of: id, to: 1)
        #expect(checkOut() == .connect)
        pool.capacityChanged(of: id, to: 3)
        #expect(checkOut() == .use(id))
        pool.capacityChanged(of: id, to: 0)
        #expect(checkOut() != .use(id))
        #expect(pool.checkIn(id, isReusable: false, at: start) == .goOn)
        #expect(pool.checkIn(id, isReusable: false, at: start) == .close)
        #expect(pool.count == 0)
    }

    @Test func lastRequestLeavesItIdle() {
        #expect(checkOut() == .connect)
        let id = pool.connected((), to: api, .several(100), at: start)
        #expect(pool.checkIn(id, isReusable: true, at: start) == .keep(until: start + Pool.idleTime))
        #expect(pool.idleCount == 1)
        #expect(checkOut() == .use(id))
        #expect(pool.idleCount == 0)
        #expect(pool.checkIn(id, isReusable: true, at: start) != .close)
        // Closed while it is idle.
        pool.capacityChanged(of: id, to: 0)
        #expect(pool.idleCount == 0 && pool.count == 0)
        #expect(checkOut() == .connect)
    }

    @Test func resentRequestTakesNoIdleConnection() {
        #expect(checkOut() == .connect)
        let id = pool.connected((), to: api, .several(100), at: start)
        #expect(pool.checkOut(to: api, mayBeIdle: false) == .use(id))
        #expect(pool.checkIn(id, isReusable: true, at: start) == .goOn)
        #expect(pool.checkIn(id, isReusable: true, at: start) != .close)
        #expect(pool.checkOut(to: api, mayBeIdle: false) == .connect)
    }

    /// Whatever happens, no connection has more requests than it takes, and every request comes to its end.
    @Test(arguments: 0..<20) func noConnectionIsOverfull(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var capacities: [Pool.Member: Int] = [:]
        var requests: [Pool.Member] = []
        var (pending, waiting) = (0, 0)
        for _ in 0..<2000 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                switch pool.checkOut(to: api) {
                case .use(let id): requests.append(id)
                case .connect: pending += 1
                case .wait:
                    waiting += 1
                    #expect(pending > 0)
                }
            case 2:
                guard pending > 0 else { continue }
                pending -= 1
                if Bool.random(using: &random) {
                    let capacity = Int.random(in: 1..<5, using: &random)
                    let id = pool.connected((), to: api, .several(capacity), at: start)
                    capacities[id] = capacity
                    requests.append(id)
                } else {
                    pool.connectEnded(to: api)
                }
                (0..<waiting).forEach { _ in pool.waitEnded(to: api) }
                waiting = 0
            case 3:
                guard let id = capacities.keys.randomElement(using: &random) else { continue }
                let capacity = Int.random(in: 0..<5, using: &random)
                // What is in flight stays.
                pool.capacityChanged(of: id, to: capacity)
                capacities[id] = capacity == 0 ? nil : max(capacity, requests.count { $0 == id })
            default:
                guard let index = requests.indices.randomElement(using: &random) else { continue }
                let id = requests.remove(at: index)
                if pool.checkIn(id, isReusable: capacities[id] != nil, at: start) == .close { capacities[id] = nil }
            }
            for (id, capacity) in capacities { #expect(requests.count { $0 == id } <= capacity) }
            #expect(pool.count >= Set(requests).count && pool.idleCount <= 4)
        }
    }
}
