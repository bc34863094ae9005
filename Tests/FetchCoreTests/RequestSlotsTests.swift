import Synchronization
import Testing

@testable import FetchCore

@Suite struct RequestSlotsTests {
    /// Counts the jobs that it passes on to where they would have run without it.
    private final class CountingExecutor: TaskExecutor {
        let jobs = Atomic<Int>(0)

        func enqueue(_ job: consuming ExecutorJob) {
            jobs.add(1, ordering: .relaxed)
            let job = UnownedJob(job)
            globalConcurrentExecutor.enqueue(ExecutorJob(job))
        }
    }

    @Test func slotThatWasLeftLastIsTakenFirst() {
        var slots = RequestSlots(on: [])
        #expect([slots.take(), slots.take(), slots.take()] == [0, 1, 2])
        slots.release(0)
        slots.release(2)
        #expect([slots.take(), slots.take(), slots.take()] == [2, 0, 3])
    }

    @Test func slotKeepsItsExecutorAndAllExecutorsHaveAsManySlots() {
        let executors = [CountingExecutor(), CountingExecutor()]
        var slots = RequestSlots(on: executors)
        let places = (0..<6).map { _ in slots.executor(of: slots.take()) as? CountingExecutor }
        for executor in executors { #expect(places.count { $0 === executor } == 3) }
        slots.release(4)
        #expect(slots.executor(of: slots.take()) as? CountingExecutor === executors[0])
    }

    @Test func withoutExecutorsRequestsRunAnywhere() {
        let slots = RequestSlots(on: [])
        #expect(slots.executor(of: 0) == nil)
    }
}
