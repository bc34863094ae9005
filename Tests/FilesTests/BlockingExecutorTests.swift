import Glibc
import Testing
import TestSupport

@testable import Files

@Suite(.timeLimit(.minutes(1))) struct BlockingExecutorTests {
    @Test func blockedThreadsLeaveTheCooperativePoolAlone() async throws {
        let pipe = try Pipe()
        let readEnd = try Descriptor.copy(of: pipe.readEnd)
        // More than the pool has threads on any machine that runs this.
        let executors = (0..<64).map { BlockingExecutor(label: "blocked \($0)") }
        let answered = await withTaskGroup(of: Int.self) { group in
            for executor in executors {
                group.addTask(executorPreference: executor) {
                    var byte: UInt8 = 0
                    return withUnsafeMutableBytes(of: &byte) { (try? readEnd.read(into: $0)) ?? -1 }
                }
            }
            // Runs on the pool, and only then lets the others go.
            group.addTask { 0 }
            #expect(await group.next() == 0)
            pipe.closeWriteEnd()
            return await group.reduce(1) { count, _ in count + 1 }
        }
        #expect(answered == 65)
    }

    @Test func jobsRunOneAtATimeInOrder() async {
        let executor = BlockingExecutor(label: "ordered")
        let recorder = Recorder()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask(executorPreference: executor) { recorder.note(number) }
            }
        }
        #expect(recorder.numbers == Array(0..<100))
    }

    /// Safe only because the executor under test runs one job at a time.
    private final class Recorder: @unchecked Sendable {
        private(set) var numbers: [Int] = []
        func note(_ number: Int) { numbers.append(number) }
    }
}
