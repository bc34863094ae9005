import Glibc
import Synchronization
import Testing

@testable import Files

@Suite(.timeLimit(.minutes(1))) struct ConcurrentMapTests {
    @Test(arguments: [0, 1, 2, 3, 4, 5, 1000], [1, 2, 4, 16])
    func everyItemHasOneCallAndItsPlace(count: Int, limit: Int) {
        let calls = Mutex<[Int]>([])
        let values = Array(0..<count).concurrentMap(maxConcurrent: limit) { item in
            calls.withLock { $0.append(item) }
            return -item
        }
        #expect(values == (0..<count).map { -$0 })
        #expect(calls.withLock { $0.sorted() } == Array(0..<count))
    }

    @Test func callsAreUnderWayAtTheSameTime() {
        let begun = Atomic(0)
        let values = Array(0..<8).concurrentMap(maxConcurrent: 8) { _ in
            begun.add(1, ordering: .relaxed)
            // None of them ends before the last has begun.
            while begun.load(ordering: .relaxed) < 8 { sched_yield() }
            return true
        }
        #expect(values.count == 8)
    }

    @Test func limitIsKept() {
        let state = Mutex((now: 0, most: 0))
        _ = Array(0..<500).concurrentMap(maxConcurrent: 3) { _ in
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
            sched_yield()
            state.withLock { $0.now -= 1 }
        }
        #expect((1...3).contains(state.withLock(\.most)))
    }

    @Test func oneAtATimeNeedsNoOtherThread() {
        let own = pthread_self()
        let threads = Array(0..<10).concurrentMap(maxConcurrent: 1) { _ in pthread_self() }
        #expect(Set(threads) == [own])
    }
}
