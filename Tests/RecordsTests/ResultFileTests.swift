import FetchCore
import Files
import Glibc
import Testing
import TestSupport

@testable import Records

@Suite(.timeLimit(.minutes(1))) struct ResultFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open(
        _ path: String, replacing: Bool = false, durability: Durability = .full
    ) throws(OutputError) -> ResultFile {
        try ResultFile.open(path, replacing: replacing, durability: durability)
    }

    @Test(arguments: Durability.allCases)
    func recordsAreLinesInTheOrderTheyCame(durability: Durability) throws {
        let results = try open(folder("results"), durability: durability)
        let records = [
            try Sample.record(Sample.pending, input: "{}"), try Sample.record(Sample.downloaded),
        ]
        for record in records {
            try results.append(record)
            try results.sync()
        }
        #expect(try folder.text("results") == records.map { RecordEncoding.text($0) }.joined())
    }

    @Test func existingFileIsRefusedAndKept() throws {
        let path = try folder.write("old", to: "results")
        let error = #expect(throws: OutputError.self) { try open(path) }
        #expect(
            error?.description
                == "the results file \(path) exists; --resume continues it, --force replaces it")
        #expect(try folder.text("results") == "old")
    }

    @Test func existingFileIsEmptiedByForce() throws {
        let path = try folder.write("old", to: "results")
        _ = try open(path, replacing: true)
        #expect(try folder.text("results") == "")
    }

    /// Otherwise a hole of zero bytes would stand before the next record.
    @Test(arguments: [false, true]) func fileThatOthersCutShortGrowsFromItsEndAndIsToldOf(replacing: Bool) throws {
        if replacing { _ = try folder.write("old", to: "results") }
        let results = try open(folder("results"), replacing: replacing)
        let record = try Sample.record(Sample.pending, input: "{}")
        try results.append(record)
        try #require(truncate(folder("results"), 0) == 0)
        try results.append(record)
        #expect(try folder.text("results") == RecordEncoding.text(record))
        #expect(
            results.loss
                == "the results file \(folder("results")) was cut short while the run went on, and records are lost")
    }

    @Test func fileThatHasNoNameAnyMoreIsLost() throws {
        let results = try open(folder("results"))
        #expect(results.loss == nil)
        // By another name it can be found.
        try #require(rename(folder("results"), folder("results.1")) == 0)
        #expect(results.loss == nil)
        _ = try folder.write("another", to: "other")
        try #require(rename(folder("other"), folder("results.1")) == 0)
        #expect(
            results.loss
                == "the results file \(folder("results")) was removed or replaced while the run went on, and its records are lost"
        )
    }

    /// What may wait is kept off the threads of the connections.
    @Test func onlyARegularFileWithoutSyncsNeverWaits() throws {
        #expect(try open(folder("durable"), durability: .full).mayWait)
        #expect(try !open(folder("results"), durability: .none).mayWait)
        #expect(try open("/dev/null", durability: .none).mayWait)
        try #require(mkfifo(folder("fifo"), 0o600) == 0)
        let reader = try Descriptor.open(folder("fifo"), O_RDONLY | O_NONBLOCK)
        #expect(try open(folder("fifo"), durability: .none).mayWait)
        withExtendedLifetime(reader) {}
    }

    @Test func whatWasNeverAFileIsNotLost() throws {
        #expect(try open("/dev/null").loss == nil)
    }

    @Test func manifestIsNotEmptiedByForce() throws {
        let path = try folder.write("jobs", to: "jobs")
        try #require(link(path, folder("results")) == 0)
        let error = #expect(throws: OutputError.self) {
            try ResultFile.open(folder("results"), replacing: true, manifests: [path])
        }
        #expect(error?.description.contains("is a manifest") == true)
        #expect(try folder.text("jobs") == "jobs")
    }

    @Test func linkToAFileIsRefusedToo() throws {
        let path = try folder.write("old", to: "target")
        try #require(symlink(path, folder("results")) == 0)
        #expect(throws: OutputError.self) { try open(folder("results")) }
        #expect(try folder.text("target") == "old")
    }

    @Test func linkToNothingCreatesNothing() throws {
        try #require(symlink(folder("target"), folder("results")) == 0)
        for replacing in [false, true] {
            #expect(throws: OutputError.self) { try open(folder("results"), replacing: replacing) }
        }
        #expect(folder.status("target") == nil)
    }

    @Test func whatHoldsNothingIsWrittenTo() throws {
        let results = try open("/dev/null")
        try results.append(try Sample.record(Sample.pending))
        try results.sync()
    }

    @Test func fifoIsWrittenToWhileItHasAReader() throws {
        try #require(mkfifo(folder("fifo"), 0o600) == 0)
        let error = #expect(throws: OutputError.self) { try open(folder("fifo")) }
        #expect(error?.description == "the results file \(folder("fifo")) has no reader yet")
        let reader = try Descriptor.open(folder("fifo"), O_RDONLY | O_NONBLOCK)
        let results = try open(folder("fifo"))
        let record = try Sample.record(Sample.pending)
        try results.append(record)
        try results.sync()
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = try bytes.withUnsafeMutableBytes { bytes in try reader.read(into: bytes) }
        #expect(String(decoding: bytes.prefix(count ?? 0), as: UTF8.self) == RecordEncoding.text(record))
    }

    @Test(arguments: ["missing/results", "."])
    func placeThatCannotBeWrittenIsReported(name: String) throws {
        for replacing in [false, true] {
            let error = #expect(throws: OutputError.self) { try open(folder(name), replacing: replacing) }
            #expect(error?.description.hasPrefix("the results file \(folder(name)) cannot be written: ") == true)
        }
    }

    @Test func fullDiskIsReported() throws {
        let results = try open("/dev/full")
        let record = try Sample.record(Sample.pending)
        #expect(
            throws: RunFailure.resultsNotWritten(
                "the results file /dev/full could not be written: No space left on device")
        ) { try results.append(record) }
    }

    @Test func readerThatGoesAwayIsReported() throws {
        let pipe = try Pipe()
        let results = try open(pipe.writePath)
        let record = try Sample.record(Sample.pending)
        try results.append(record)
        #expect(pipe.read() == RecordEncoding.text(record))
        pipe.closeReadEnd()
        #expect(throws: RunFailure.resultsClosed) { try results.append(record) }
    }

    @Test func failedSyncIsReportedAsWell() throws {
        // Its descriptor is led to a pipe, which cannot be synced.
        let path = folder("results")
        let results = try open(path)
        let pipe = try Pipe()
        let number = try #require(
            (3..<4096).first { number in
                var status = stat()
                return fstat(CInt(number), &status) == 0 && status.st_ino == folder.status("results")?.st_ino
            })
        try #require(dup2(pipe.writeEnd, CInt(number)) == CInt(number))
        for _ in 0..<2 {
            #expect(
                throws: RunFailure.resultsNotWritten(
                    "the results file \(path) could not be synced: Invalid argument")
            ) { try results.sync() }
        }
    }

    @Test func standardOutputIsCopiedAndNotClosed() throws {
        let before = fcntl(STDOUT_FILENO, F_GETFL)
        _ = try open("-")
        #expect(fcntl(STDOUT_FILENO, F_GETFL) == before)
    }

    @Test func newFileIsReadableAsTheUmaskAllows() throws {
        let mask = try currentUmask()
        _ = try open(folder("results"))
        #expect(try #require(folder.status("results")).st_mode & 0o777 == 0o666 & ~mask)
    }
}
