import FetchCore
import Files
import Glibc
import Testing
import TestSupport

@testable import Records

@Suite struct AccountFilesTests {
    private let folder: TemporaryFolder
    private let good = RunAccount.sample([Sample.downloaded])

    init() throws {
        folder = try TemporaryFolder()
    }

    private func prepare() throws(OutputError) -> AccountFiles {
        try AccountFiles.prepare(
            summary: folder("summary.json"), metrics: folder("night.prom"), durability: .full)
    }

    /// The moment that the metrics give, with its label.
    private func lastSuccess() throws -> Substring? {
        try folder.text("night.prom").split(separator: "\n")
            .first { $0.hasPrefix("pictory_fetch_last_success_timestamp_seconds{") }?.split(separator: " ").last
    }

    @Test func bothFilesTellOfTheRun() throws {
        let (end, errors) = try prepare().write(good)
        #expect(end == .complete)
        #expect(errors == [])
        #expect(try folder.text("summary.json").hasSuffix("\"credits_used\":0.1}\n"))
        #expect(try folder.text("night.prom").contains("\npictory_fetch_exit_status{run=\"night\"} 0\n"))
        #expect(try folder.names() == ["night.prom", "summary.json"])
    }

    @Test func noneAskedForWritesNone() throws {
        let files = try AccountFiles.prepare(summary: nil, metrics: nil, durability: .full)
        #expect(files.write(.sample()).end == .jobsLeft)
        #expect(try folder.names() == [])
    }

    @Test func onlyAGoodRunMovesTheLastSuccess() throws {
        _ = try prepare().write(.sample())
        #expect(try lastSuccess() == nil)
        _ = try prepare().write(good)
        #expect(try lastSuccess() == "1772357461.255")
        _ = try prepare().write(.sample(finishedAt: 5000))
        #expect(try lastSuccess() == "1772357461.255")
        #expect(try folder.text("night.prom").contains("last_run_timestamp_seconds{run=\"night\"} 1772357466.255"))
        _ = try prepare().write(.sample([Sample.downloaded], finishedAt: 9000))
        #expect(try lastSuccess() == "1772357470.255")
    }

    @Test func foreignOrLargeMetricsFileIsReplacedAndNotBelieved() throws {
        for text in ["nonsense", String(repeating: "x", count: 100_000)] {
            _ = try folder.write(text, to: "night.prom")
            _ = try prepare().write(.sample())
            #expect(try lastSuccess() == nil)
            #expect(try folder.text("night.prom").hasPrefix("# HELP pictory_fetch_info "))
        }
    }

    @Test func lostSummaryIs74InTheMetricsTooAndNoSuccess() throws {
        _ = try prepare().write(good)
        let files = try prepare()
        // Taken by what no file can replace.
        try #require(unlink(folder("summary.json")) == 0 && mkdir(folder("summary.json"), 0o700) == 0)
        let (end, errors) = files.write(.sample([Sample.downloaded], finishedAt: 7000))
        #expect(end == .outputLost)
        #expect(errors == ["the summary file \(folder("summary.json")) could not be written: Is a directory"])
        #expect(try folder.text("night.prom").contains("exit_status{run=\"night\"} 74\n"))
        #expect(try lastSuccess() == "1772357461.255")
    }

    @Test func lostMetricsAre74InTheSummaryToo() throws {
        let files = try prepare()
        try #require(mkdir(folder("night.prom"), 0o700) == 0)
        let (end, errors) = files.write(good)
        #expect(end == .outputLost)
        #expect(errors == ["the metrics file \(folder("night.prom")) could not be written: Is a directory"])
        #expect(try folder.text("summary.json").contains("\"exit_status\":74,"))
        #expect(try folder.names() == ["night.prom", "summary.json"])
    }

    @Test func signalIsWeightierThanALostFile() throws {
        let files = try prepare()
        try #require(mkdir(folder("night.prom"), 0o700) == 0)
        #expect(files.write(.sample(stop: .signal(15))).end == .stopped(signal: 15))
        #expect(
            files.write(.sample(stop: .credentials(JobFailure(.unauthorized, at: .poll, "")))).end == .outputLost)
    }
}
