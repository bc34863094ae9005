import FetchCore
import Testing

@testable import pictory_fetch

@Suite struct ThreadPlanTests {
    private static let megabyte = 1 << 20
    private static let plenty = 1 << 40

    private func plan(
        threads: Int = 1000, addressSpace: Int = plenty, processors: Int = 2, mostEventLoops: Int = 4
    ) throws(StartError) -> ThreadPlan {
        try ThreadPlan(
            in: ThreadPlan.Room(
                threads: threads, addressSpace: addressSpace, stackBytes: 8 * Self.megabyte),
            processors: processors, mostEventLoops: mostEventLoops)
    }

    @Test(arguments: [(1, 1), (2, 2), (4, 4), (128, 4)])
    func everyProcessorHasAnEventLoopAsLongAsThatHelps(processors: Int, eventLoops: Int) throws {
        let plan = try plan(processors: processors)
        #expect(plan.eventLoops == eventLoops)
        #expect(plan.syncsAtOnce == 64)
    }

    @Test func fewFilesMakeOneEventLoop() throws {
        #expect(try plan(processors: 8, mostEventLoops: 1).eventLoops == 1)
    }

    /// Two for each event loop, and five besides where there are two processors.
    @Test(arguments: [(9, 2), (8, 1), (7, 1)])
    func fewThreadsMakeFewerEventLoops(threads: Int, eventLoops: Int) throws {
        #expect(try plan(threads: threads).eventLoops == eventLoops)
    }

    @Test func tooFewThreadsAreRefusedAndCounted() {
        let fault = #expect(throws: StartError.self) { try plan(threads: 6) }
        #expect(fault?.status == .configuration)
        #expect(fault?.message.contains("6 further threads; at least 7 are needed (ulimit -u") == true)
    }

    @Test func littleAddressSpaceMakesFewerEventLoopsAndFewerSyncs() throws {
        let threads = 40 * Self.megabyte
        let reserve = 32 * Self.megabyte
        let two = try plan(addressSpace: reserve + 9 * threads + 100 * Self.megabyte)
        #expect(two.eventLoops == 2)
        #expect((1..<64).contains(two.syncsAtOnce))
        let one = try plan(addressSpace: reserve + 7 * threads)
        #expect(one.eventLoops == 1)
        #expect(one.syncsAtOnce == 1)
    }

    @Test func tooLittleAddressSpaceIsRefusedAndTheRestIsNamed() {
        let fault = #expect(throws: StartError.self) {
            try plan(addressSpace: (32 + 7 * 40 - 1) * Self.megabyte)
        }
        #expect(fault?.status == .configuration)
        #expect(fault?.message.contains("at least 2048 kB higher (ulimit -v)") == true)
    }
}
