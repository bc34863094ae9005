import FetchCore
import Files
import Glibc
import Testing
import TestSupport

@testable import Images

/// Many images that are synced at once, on a real file system.
@Suite(.timeLimit(.minutes(1))) struct BatchSyncTests {
    private let folder: TemporaryFolder
    private let png = SmallPNG.bytes()

    init() throws {
        folder = try TemporaryFolder()
    }

    private func id(_ number: Int) throws -> JobID {
        try Sample.id("\(Sample.idText.dropLast(3))\(number)")
    }

    /// Proven images whose names begin to count at 100, more than are synced at once.
    private func makeParts(in images: ImageDirectory) throws -> [any PartFile] {
        try (100..<150).map { number in
            let part = images.makePart(for: try id(number))
            try part.write(png.span.bytes)
            _ = try part.prove()
            return part
        }
    }

    /// Makes the part's file one that cannot be synced: a pipe takes the place of its descriptor, which is returned.
    private func spoil(_ number: Int) throws -> CInt {
        let parts = numbersOfDescriptors(leadingTo: folder("out/.pictory-fetch-\(try id(number))"))
        let descriptor = try #require(parts.first)
        let pipe = try Pipe()
        try #require(dup2(pipe.readEnd, descriptor) == descriptor)
        return descriptor
    }

    private func failure(_ sync: Result<Void, JobFailure>) -> JobFailure? {
        if case .failure(let failure) = sync { failure } else { nil }
    }

    @Test(arguments: Durability.allCases) func allAreSyncedAndPublished(durability: Durability) throws {
        let images = try ImageDirectory.open(folder("out"), durability: durability)
        let parts = try makeParts(in: images)
        let syncs = images.sync(parts)
        #expect(syncs.count == parts.count)
        for (sync, part) in zip(syncs, parts) {
            #expect(failure(sync) == nil)
            try part.publish()
        }
        try images.syncDirectories()
        #expect(try folder.names(in: "out") == (100..<150).map { "\(try id($0)).png" })
        #expect(images.sync([]).isEmpty)
    }

    @Test func failureIsTheImagesOwnAndStays() throws {
        let images = try ImageDirectory.open(folder("out"))
        let parts = try makeParts(in: images)
        let file = try Descriptor.open(folder("file"), O_WRONLY | O_CREAT, mode: 0o600)
        let spoilt = [try spoil(103), try spoil(149)]
        for _ in 1...2 {
            let failures = images.sync(parts).map(failure)
            #expect(failures.indices.filter { failures[$0] != nil } == [3, 49])
            #expect(failures[3]?.code == .writeFailed)
            #expect(failures[3]?.message == "The image could not be synced: Invalid argument.")
            // A second sync would succeed by now, if one were made.
            for descriptor in spoilt { try #require(dup2(file.number, descriptor) == descriptor) }
        }
    }

    @Test func nothingIsSyncedWithoutDurability() throws {
        let images = try ImageDirectory.open(folder("out"), durability: .none)
        let parts = try makeParts(in: images)
        _ = try spoil(103)
        #expect(images.sync(parts).allSatisfy { failure($0) == nil })
    }
}
