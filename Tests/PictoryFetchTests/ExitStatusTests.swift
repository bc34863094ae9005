import FetchCore
import Testing

@testable import pictory_fetch

@Suite struct ExitStatusTests {
    @Test(
        arguments: [
            (RunEnd.complete, 0), (.jobsFailed, 1), (.manifestUnreadable, 66), (.outputLost, 74), (.jobsLeft, 75),
            (.keyRejected, 77), (.stopped(signal: 1), 129), (.stopped(signal: 2), 130), (.readerGone, 141),
            (.stopped(signal: 15), 143),
        ] as [(RunEnd, Int32)])
    func everyEndOfARunHasItsNumber(end: RunEnd, code: Int32) {
        #expect(pictory_fetch.ExitStatus(end).code == code)
    }
}
