import FetchCore
import Files
import Glibc
import Records
import Testing
import TestSupport

@testable import Images

/// What happens on a file system of 64 KiB when it is full, or may not be written.
///
/// Only root may mount one; without it the test is skipped, and says so.
@Suite(.enabled(if: geteuid() == 0, "mounting a small tmpfs needs root")) final class FullDiskTests {
    private let folder: TemporaryFolder
    private let mountPoint: String

    init() throws {
        folder = try TemporaryFolder()
        mountPoint = folder("small")
        try #require(mkdir(mountPoint, 0o777) == 0)
        try #require(mount("tmpfs", mountPoint, "tmpfs", 0, "size=64k") == 0, "\(SystemError.last)")
    }

    deinit {
        umount2(mountPoint, CInt(MNT_DETACH))
    }

    @Test func fullDiskIsToldFromOtherFailuresAndLeavesNothing() throws {
        let images = try ImageDirectory.open(mountPoint)
        let part = images.makePart(for: try Sample.id())
        let png = SmallPNG.bytes(padding: 100_000)
        let error = #expect(throws: JobFailure.self) { try part.write(png.span.bytes) }
        #expect(error?.code == .diskFull)
        #expect(error?.stopsRun == true)
        #expect(error?.stage == .store)
        #expect(error?.message == "The image could not be written: No space left on device.")
        // The bytes were a whole image, and yet there is none.
        let afterwards = #expect(throws: JobFailure.self) { try part.prove() }
        #expect(afterwards == error)
        part.discard()
        #expect(try folder.names(in: "small").isEmpty)

        // The room is free again.
        let small = SmallPNG.bytes()
        let next = images.makePart(for: try Sample.id())
        try next.write(small.span.bytes)
        _ = try next.prove()
        try next.publish()
        #expect(try folder.names(in: "small") == ["\(Sample.idText).png"])
    }

    @Test func recordThatDoesNotFitIsReported() throws {
        let results = try ResultFile.open("\(mountPoint)/results")
        let record = try Sample.record(Sample.pending, input: "\"\(String(repeating: "x", count: 100_000))\"")
        #expect(
            throws: RunFailure.resultsNotWritten(
                "the results file \(mountPoint)/results could not be written: No space left on device")
        ) { try results.append(record) }
    }

    @Test func readOnlyFileSystemIsFoundAtTheStart() throws {
        try #require(mount("tmpfs", mountPoint, "tmpfs", UInt(MS_RDONLY | MS_REMOUNT), nil) == 0, "\(SystemError.last)")
        let error = #expect(throws: OutputError.self) { try ImageDirectory.open(mountPoint) }
        #expect(
            error?.description == "the output directory \(mountPoint) cannot be used: Read-only file system")
        #expect(throws: OutputError.self) { try ImageDirectory.open("\(mountPoint)/below") }
        #expect(throws: OutputError.self) { try ResultFile.open("\(mountPoint)/results") }
    }
}
