import Foundation
import Testing

extension EndToEnd {
    /// A sample of what `scripts/torture` plays in full: a call of the system fails, and the next run finishes the rest.
    @Suite(.timeLimit(.minutes(10))) struct TortureTests {
        /// More than these, and others, by `PICTORY_FETCH_TEST_TORTURE` (`SEED COUNT`).
        private static let sample =
            ProcessInfo.processInfo.environment["PICTORY_FETCH_TEST_TORTURE"]?.split(separator: " ").map(String.init)
            ?? ["20261127", "60"]

        @Test(arguments: [["--sample"], ["--system", "--sample"]])
        func callThatFailsBreaksNoPromise(mode: [String]) async throws {
            try await expectNoBrokenPromise(mode + Self.sample)
        }

        /// Trouble that passes is no reason to fetch an image again that is there.
        @Test(arguments: ["EIO", "EINTR"]) func lookThatFailsOnceDownloadsNothingTwice(error: String) async throws {
            try await expectNoBrokenPromise(["--only", "resumed:stat:*:\(error):once"])
        }

        private func expectNoBrokenPromise(
            _ arguments: [String], _ location: SourceLocation = #_sourceLocation
        ) async throws {
            let scratch = try Scratch()
            let environment = [
                "PATH": "/usr/local/bin:/usr/bin:/bin", "TMPDIR": scratch.url.path,
                "HOME": scratch.url.path,
            ]
            let ended = try await RunningProgram(
                Programs.repository.appendingPathComponent("scripts/torture"),
                ["--program", Programs.url("pictory-fetch").path] + arguments, environment: environment,
                in: scratch
            ).end()
            #expect(ended.status == 0, "\(ended)", sourceLocation: location)
            #expect(
                ended.standardOutput.contains(" faults hit, 0 of them broke a promise"), "\(ended)",
                sourceLocation: location)
        }
    }
}
