import FetchCore
import Glibc
import Testing

@testable import pictory_fetch

@Suite struct OpenFileLimitTests {
    private func policy(_ concurrency: Int) -> RunPolicy {
        RunPolicy(
            concurrency: concurrency, window: 100, rate: nil,
            polling: PollingInterval(first: .seconds(1), longest: .seconds(2)), maxWait: .seconds(60), once: false,
            deadline: nil, retries: 1, backOff: BackOff(base: .seconds(1), longest: .seconds(2)))
    }

    private func concurrency(limit: Int, inherited: Int = 3) throws -> Int {
        try OpenFileLimit(limit: limit, inherited: inherited).fit(policy(64), eventLoops: 1).concurrency
    }

    @Test func capIsLoweredToTheFilesThatAreLeft() throws {
        #expect(try concurrency(limit: 1024) == 64)
        let lowered = try concurrency(limit: 240)
        #expect((1..<64).contains(lowered))
        // What the parent has left open is no longer to be had.
        #expect(try concurrency(limit: 340, inherited: 103) == lowered)
    }

    @Test func directoriesOfImagesTakeOfTheFiles() throws {
        for (limit, folders) in [(200, 8), (400, 64)] {
            let files = OpenFileLimit(limit: limit, inherited: 3)
            #expect(files.unsyncedFolders == folders)
            let fewer = OpenFileLimit(limit: limit - folders - 2, inherited: 3)
            #expect(
                try files.fit(policy(64), eventLoops: 1, folders: true).concurrency
                    == fewer.fit(policy(64), eventLoops: 1).concurrency)
        }
    }

    @Test func limitWithoutRoomForAJobIsRefusedAndTheOpenFilesAreTold() {
        let fault = #expect(throws: StartError.self) { try concurrency(limit: 210, inherited: 203) }
        #expect(fault?.status == .configuration)
        #expect(
            fault?.message
                == "the limit of open files is 210, and 203 were open when the program began; at least 223 are needed (ulimit -n)"
        )
        let narrow = #expect(throws: StartError.self) { try concurrency(limit: 10) }
        #expect(narrow?.message == "the limit of open files is 10; at least 23 are needed (ulimit -n)")
    }

    @Test func openFilesAreCounted() throws {
        let before = OpenFileLimit.raised()
        let more = try (0..<20).map { _ in
            let number = open("/dev/null", O_RDONLY | O_CLOEXEC)
            try #require(number >= 0)
            return number
        }
        defer { more.forEach { close($0) } }
        // Other tests open and close files meanwhile, far fewer than these.
        #expect(OpenFileLimit.raised().inherited >= before.inherited + 10)
        #expect(before.inherited >= 3)
    }
}
