import Testing

@testable import Files

/// What a process gets that has limits is tried from outside, by the end-to-end tests.
@Suite(.timeLimit(.minutes(1))) struct ProcessRoomTests {
    @Test(arguments: [0, 1, 5]) func asManyThreadsAreFoundAsAreLookedFor(count: Int) {
        #expect(ProcessRoom.threads(upTo: count) == count)
    }

    @Test func roomIsFoundAsFarAsItIsLookedFor() {
        #expect(ProcessRoom.addressSpace(upTo: 1 << 20) == 1 << 20)
    }
}
