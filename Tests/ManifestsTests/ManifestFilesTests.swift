import FetchCore
import Files
import Glibc
import Testing
import TestSupport

@testable import Manifests

/// Manifests are read one after the other, and what is wrong with one or with a line of it is told.
@Suite(.timeLimit(.minutes(1))) struct ManifestFilesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: [1, 2, 100])
    func manifestsAreReadInOrder(limit: Int) throws {
        let first = try folder.write("\u{FEFF}\(Sample.quoted(1))\r\n\n{\n", to: "first")
        let empty = try folder.write("", to: "empty")
        let second = try folder.write("\u{FEFF}" + Sample.quoted(2) + Sample.quoted(3).dropLast(), to: "second")
        let manifests = try ManifestFiles.open(first, empty, second)
        #expect(
            manifests.lines(upTo: limit)
                == ["first:1 job", "first:4 invalid_json", "second:1 job", "second:2 job"])
        #expect(manifests.unreadable.isEmpty)
        #expect(manifests.read(upTo: 1) == ManifestBatch(items: [], ended: true))
    }

    @Test func filesWithByteOrderMarksMayBeJoined() throws {
        let joined = try folder.write("\u{FEFF}\(Sample.quoted(1))\u{FEFF}\(Sample.quoted(2))", to: "joined")
        #expect(try ManifestFiles.open(joined).lines() == ["joined:1 job", "joined:2 job"])
        let object = #"{"job_id":"\#(Sample.idText)"}"#
        let item = try ManifestFiles.open(try folder.write("\n\u{FEFF}\(object)", to: "object")).read(upTo: 1).items
            .first
        #expect(item?.input == object)
    }

    @Test(
        arguments: [
            ("a gzip file", [0x1F, 0x8B, 0x08, 0, 0x0A, 0x5B, 0x5D, 0x0A, 0x0A, 0xFF], "gzip -dc"),
            ("a ZIP file", Array("PK\u{3}\u{4}\n[]\n\n1".utf8), "unzip -p"),
            ("a zstd file", [0x28, 0xB5, 0x2F, 0xFD, 0x0A, 0x31, 0x0A, 0x0A, 0x32], "zstd -dc"),
            ("an xz file", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x0A, 0x31, 0x0A, 0x0A, 0x32], "xz -dc"),
            ("a bzip2 file", Array("BZh91AY&SY\n1\n\n2".utf8), "bzip2 -dc"),
        ] as [(String, [UInt8], String)])
    func compressedManifestIsNamedWithTheCommandForIt(format: String, bytes: [UInt8], command: String) throws {
        let good = try folder.write(Sample.quoted(1), to: "good")
        let path = try folder.write(bytes, to: "compressed one")
        let manifests = try ManifestFiles.open(path)
        // The last line has no end, and so comes with the end of the file.
        let items = manifests.read(upTo: 10).items + manifests.read(upTo: 10).items
        #expect(items.map(\.entry.line) == [1, 2, 4])
        #expect(items.allSatisfy { $0.failure?.code == .invalidJSON && $0.input == nil })
        #expect(
            items.map(\.failure?.message) == [
                "The manifest is \(format): use \(command) '\(path)' | pictory-fetch instead.",
                "The manifest is \(format), as line 1 says.",
                "The manifest is \(format), as line 1 says.",
            ])
        // The next one is another.
        #expect(try ManifestFiles.open(path, good).lines().last == "good:1 job")
    }

    @Test func compressedManifestInOneLineOrOnAPipeIsNamedToo() throws {
        let bytes: [UInt8] = [0x1F, 0x8B, 0x08] + Array(repeating: 7, count: LineBuffer.standardLimit + 10)
        let item = try ManifestFiles.open(try folder.write(bytes, to: "jobs.gz")).read(upTo: 1).items.first
        #expect(item?.failure?.code == .invalidJSON)
        #expect(item?.failure?.message.hasSuffix("use gzip -dc \(folder("jobs.gz")) | pictory-fetch instead.") == true)
        let pipe = try Pipe()
        try pipe.write("BZh91AY&SY")
        pipe.closeWriteEnd()
        #expect(
            try ManifestFiles.open(pipe.readPath).read(upTo: 1).items.first?.failure?.message.contains("bzip2") == true)
    }

    @Test(arguments: [
        ("-", "FILE"), ("a.gz", "a.gz"), ("/x/a-b_c+d,e:f=g.gz", "/x/a-b_c+d,e:f=g.gz"), ("a b", "'a b'"),
        ("it's", #"'it'\''s'"#), ("-x", "./-x"), ("-'x", #"'./-'\''x'"#), ("$(x)", "'$(x)'"), ("é", "'é'"),
        ("a\nb", #"$'a\012b'"#),
        ("a\u{1B}", #"$'a\033'"#), ("'\u{301};x", "''\\''\u{301};x'"),
    ]) func pathIsShownAsAShellTakesIt(path: String, word: String) {
        #expect(ManifestPath(text: path).shellWord == word)
    }

    @Test func portionCountsTheBytesOfAllManifests() throws {
        // 39 bytes a line, and one line that is passed over.
        let first = try folder.write(Sample.quoted(1) + "\n" + Sample.quoted(2), to: "first")
        let second = try folder.write(Sample.quoted(3) + Sample.quoted(4).dropLast(), to: "second")
        let manifests = try ManifestFiles.open(first, second)
        for bytes in [39.0, 79, 118, 156] {
            #expect(manifests.read(upTo: 1).portion == bytes / 156)
        }
        #expect(manifests.read(upTo: 1) == ManifestBatch(items: [], ended: true))
    }

    @Test func portionIsUnknownOfWhatHasNoSizeOrGrows() throws {
        let known = try folder.write(Sample.quoted(1), to: "known")
        try #require(mkfifo(folder("fifo"), 0o600) == 0)
        #expect(try ManifestFiles.open(known, folder("fifo")).read(upTo: 1).portion == nil)
        let growing = try folder.write(Sample.quoted(1), to: "growing")
        let manifests = try ManifestFiles.open(growing)
        _ = try folder.write(Sample.quoted(1) + Sample.quoted(2), to: "growing")
        #expect(manifests.read(upTo: 2).portion == nil)
    }

    @Test func linesCarryTheClocksTime() throws {
        let manifests = try ManifestFiles.open(try folder.write(Sample.quoted(1), to: "jobs"))
        #expect(manifests.read(upTo: 1).items.first?.entry.firstSeen == Sample.now)
    }

    @Test func everyUnreadableManifestIsReported() throws {
        try #require(mkdir(folder("directory"), 0o777) == 0)
        let good = try folder.write(Sample.quoted(1), to: "good")
        let error = #expect(throws: ManifestsError.self) {
            try ManifestFiles.open(folder("missing"), good, folder("directory"))
        }
        #expect(
            error?.reasons == [
                "the manifest \(folder("missing")) cannot be read: No such file or directory",
                "the manifest \(folder("directory")) cannot be read: Is a directory",
            ])
    }

    @Test(.enabled(if: geteuid() != 0, "root may read every file"))
    func forbiddenManifestIsReported() throws {
        let path = try folder.write(Sample.quoted(1), to: "secret")
        try #require(chmod(path, 0) == 0)
        #expect(throws: ManifestsError.self) { try ManifestFiles.open(path) }
    }

    @Test func manifestThatVanishesIsReportedAndTheNextIsRead() throws {
        let first = try folder.write(Sample.quoted(1), to: "first")
        let second = try folder.write(Sample.quoted(2), to: "second")
        let manifests = try ManifestFiles.open(first, second)
        try #require(unlink(first) == 0)
        #expect(manifests.lines() == ["second:1 job"])
        #expect(
            manifests.unreadable == ["the manifest \(first) could not be read: No such file or directory"])
    }

    @Test func manifestThatBreaksOffIsReportedWithItsPlace() throws {
        // Reading a process's own memory from its start is an I/O error.
        let good = try folder.write(Sample.quoted(1), to: "good")
        let manifests = try ManifestFiles.open("/proc/self/mem", good)
        #expect(manifests.lines() == ["good:1 job"])
        #expect(
            manifests.unreadable
                == ["the manifest /proc/self/mem could not be read beyond line 0: Input/output error"])
    }

    @Test func overlongLineIsOneRecordAndItsNeighboursAreRead() throws {
        let long = String(repeating: "x", count: LineBuffer.standardLimit + 1)
        let manifests = try ManifestFiles.open(
            try folder.write(Sample.quoted(1) + long + "\n" + Sample.quoted(2), to: "jobs"))
        #expect(manifests.lines() == ["jobs:1 job", "jobs:2 line_too_long", "jobs:3 job"])
    }

    @Test func longestLineIsAJob() throws {
        let head = #"{"job_id":"\#(Sample.idText)","x":""#
        let padding = String(repeating: "x", count: LineBuffer.standardLimit - head.utf8.count - 2)
        let manifests = try ManifestFiles.open(try folder.write("\(head)\(padding)\"}\r\n", to: "jobs"))
        #expect(manifests.lines() == ["jobs:1 job"])
    }

    @Test func lineOfAHundredMegabytesIsCheap() throws {
        // A hole in the file: it reads as zeros and takes no room.
        let path = try folder.write("", to: "jobs")
        let length = 100_000_000
        try #require(truncate(path, off_t(length)) == 0)
        let file = try Descriptor.open(path, O_WRONLY | O_APPEND)
        try file.writeAll(Array("\n\(Sample.quoted(1))".utf8).span.bytes)
        let manifests = try ManifestFiles.open(path)
        let first = try #require(manifests.read(upTo: 1).items.first)
        #expect(first.failure?.code == .lineTooLong)
        #expect(first.failure?.message == "The line has 100000000 bytes; at most 1048576 are read.")
        #expect(first.input == nil)
        #expect(manifests.lines() == ["jobs:2 job"])
    }
}
