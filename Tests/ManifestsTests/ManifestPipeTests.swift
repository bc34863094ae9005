import FetchCore
import Files
import Glibc
import Testing
import TestSupport

@testable import Manifests

/// Manifests that are waited for, on standard input, a pipe or a FIFO, and the stop that ends the waiting.
@Suite(.timeLimit(.minutes(1))) struct ManifestPipeTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func standardInputIsReadAndLeftOpen() throws {
        let original = try Descriptor.copy(of: STDIN_FILENO)
        defer { dup2(original.number, STDIN_FILENO) }
        func redirect(_ path: String, _ flags: CInt) throws {
            let file = try Descriptor.open(path, flags)
            try #require(dup2(file.number, STDIN_FILENO) == STDIN_FILENO)
        }

        try redirect(try folder.write(Sample.quoted(1), to: "jobs"), O_RDONLY)
        #expect(try ManifestFiles.open("-").lines() == ["-:1 job"])
        #expect(fcntl(STDIN_FILENO, F_GETFD) >= 0)

        try redirect(folder("jobs"), O_WRONLY)
        var error = #expect(throws: ManifestsError.self) { try ManifestFiles.open("-") }
        #expect(error?.reasons == ["standard input cannot be read: Bad file descriptor"])

        try redirect(folder.path, O_RDONLY)
        error = #expect(throws: ManifestsError.self) { try ManifestFiles.open("-") }
        #expect(error?.reasons == ["standard input cannot be read: Is a directory"])
    }

    @Test func firstLineOfAnIdlePipeIsReturned() throws {
        let pipe = try Pipe()
        let manifests = try ManifestFiles.open(pipe.readPath)
        try pipe.write(Sample.quoted(1) + "\"half a li")
        #expect(manifests.read(upTo: 100).items.map(\.entry.line) == [1])
        try pipe.write("ne\"\n\n" + Sample.quoted(2))
        #expect(manifests.read(upTo: 1).items.map(\.failure?.code) == [.invalidJobID])
        #expect(manifests.read(upTo: 1).items.map(\.entry.line) == [4])
        pipe.closeWriteEnd()
        #expect(manifests.read(upTo: 1) == ManifestBatch(items: [], ended: true))
    }

    @Test func lastLineOfAPipeNeedsNoNewline() throws {
        let pipe = try Pipe()
        let manifests = try ManifestFiles.open(pipe.readPath)
        try pipe.write(String(Sample.quoted(1).dropLast()))
        pipe.closeWriteEnd()
        #expect(manifests.lines().count == 1)
    }

    @Test func stopEndsAReadHoweverTheyMeet() async throws {
        let pipe = try Pipe()
        let manifests = try ManifestFiles.open(pipe.readPath)
        let executor = BlockingExecutor(label: "manifest")
        let batch = await withTaskGroup(of: ManifestBatch.self) { group in
            group.addTask(executorPreference: executor) { manifests.read(upTo: 1) }
            manifests.stop()
            manifests.stop()
            return await group.next()
        }
        #expect(batch == ManifestBatch(items: [], ended: true))
        #expect(manifests.unreadable.isEmpty)
    }

    @Test func stopEndsAReadThatIsBlocked() async throws {
        let pipe = try Pipe()
        let manifests = try ManifestFiles.open(pipe.readPath)
        let reader = ThreadWatch()
        let batch = await withTaskGroup(of: ManifestBatch.self) { group in
            group.addTask(executorPreference: BlockingExecutor(label: "manifest")) {
                reader.watchThisThread()
                return manifests.read(upTo: 1)
            }
            while !reader.isAsleep { await Task.yield() }
            manifests.stop()
            return await group.next()
        }
        #expect(batch == ManifestBatch(items: [], ended: true))
    }

    @Test func nothingIsReadAfterStop() throws {
        let manifests = try ManifestFiles.open(try folder.write(Sample.quoted(1) + Sample.quoted(2), to: "jobs"))
        #expect(manifests.read(upTo: 1).items.count == 1)
        manifests.stop()
        #expect(manifests.read(upTo: 1) == ManifestBatch(items: [], ended: true))
    }

    @Test func stopCanBeRaisedWithoutEnd() throws {
        let flag = try StopFlag()
        for _ in 0..<100_000 { flag.raise() }
        #expect(flag.isRaised)
    }

    @Test func fifoIsNotOpenedByTheCheck() throws {
        try #require(mkfifo(folder("fifo"), 0o600) == 0)
        let watch = Descriptor(owning: inotify_init())
        try #require(inotify_add_watch(watch.number, folder("fifo"), UInt32(IN_OPEN)) >= 0)
        try #require(fcntl(watch.number, F_SETFL, O_NONBLOCK) == 0)
        let manifests = try ManifestFiles.open(folder("fifo"))
        var events = [UInt8](repeating: 0, count: 1024)
        #expect(Glibc.read(watch.number, &events, events.count) == -1, "the FIFO was opened")
        manifests.stop()
        #expect(manifests.read(upTo: 1).ended)
    }

    @Test func fifoIsWaitedForUntilItsWriterComes() async throws {
        try #require(mkfifo(folder("fifo"), 0o600) == 0)
        let manifests = try ManifestFiles.open(folder("fifo"))
        let executor = BlockingExecutor(label: "manifest")
        let path = folder("fifo")
        let line = Sample.quoted(1)
        let lines = try await withThrowingTaskGroup(of: [Int].self) { group in
            group.addTask(executorPreference: executor) { manifests.read(upTo: 1).items.map(\.entry.line) }
            group.addTask(executorPreference: BlockingExecutor(label: "writer")) {
                // Waits for the reader, which must not have taken the missing writer for the end.
                let writer = try Descriptor.open(path, O_WRONLY)
                try writer.writeAll(Array(line.utf8).span.bytes)
                return []
            }
            return try await group.reduce([], +)
        }
        #expect(lines == [1])
    }
}
