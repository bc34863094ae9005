import FetchCore
import Files
import Glibc
import Testing
import TestSupport

@testable import Records

/// A check refuses what the results file itself refuses, in the same words, and changes nothing.
@Suite(.timeLimit(.minutes(1))) struct ResultFileCheckTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        _ = try folder.write("jobs\n", to: "jobs")
        _ = try folder.write("old\n", to: "old")
        _ = try folder.write("", to: "empty")
        _ = try folder.write(RecordEncoding.line(for: try Sample.record(Sample.downloaded)), to: "journal")
        let whole = RecordEncoding.line(for: try Sample.record(Sample.pending))
        _ = try folder.write(whole + whole.prefix(40), to: "torn")
        try #require(mkdir(folder("sub"), 0o700) == 0)
        try #require(symlink("nowhere", folder("link")) == 0)
    }

    private func bytes() throws -> [String: String] {
        try Dictionary(
            uniqueKeysWithValues: folder.names().map { name in
                (name, folder.status(name)?.isRegularFile == true ? try folder.text(name) : "")
            })
    }

    private static let names = [
        "new", "old", "empty", "jobs", "journal", "torn", "sub", "sub/new", "link", "none/new", "old/new", "new/", ".",
        String(repeating: "x", count: 300),
    ]

    @Test(arguments: names, [false, true]) func newResults(name: String, replacing: Bool) throws {
        let before = try bytes()
        let path = folder(name)
        let found = refusal {
            try ResultFile.check(path, replacing: replacing, manifests: [folder("jobs")])
        }
        #expect(try bytes() == before)
        #expect(
            found
                == refusal {
                    _ = try ResultFile.open(path, replacing: replacing, manifests: [folder("jobs")])
                })
    }

    @Test(arguments: names) func resumedResults(name: String) throws {
        let before = try bytes()
        let path = folder(name)
        let found = refusal { _ = try ResultFile.checkResume(path, manifests: [folder("jobs")]) }
        #expect(try bytes() == before)
        #expect(
            found
                == refusal {
                    _ = try ResultFile.resume(path, manifests: [folder("jobs")], words: Sample.words)
                })
    }

    @Test func fileThatARunWritesIsRefusedAndOneThatIsCheckedIsNot() throws {
        let running = try ResultFile.resume(folder("journal"), words: Sample.words)
        let reason = "the results file \(folder("journal")) is being written by another run"
        #expect(refusal { _ = try ResultFile.checkResume(folder("journal")) } == reason)
        #expect(refusal { try ResultFile.check(folder("journal"), replacing: true) } == reason)
        withExtendedLifetime(running) {}
    }

    @Test func journalSaysWhatItSaysToARun() throws {
        let item = ManifestItem.job(try Sample.id(), Sample.entry())
        let journal = try #require(try ResultFile.checkResume(folder("journal")))
        #expect(
            journal.judge(item) { _, _ in 70 }
                == .settled(try Sample.id(), journal.judge(item) { _, _ in 70 }.entry, .downloaded))
        #expect(journal.meanImageBytes == 70)
        #expect(try ResultFile.checkResume(folder("new")) == nil)
    }

    @Test func streamsAreNotOpened() throws {
        try #require(mkfifo(folder("fifo"), 0o600) == 0)
        // A run would wait for a reader, or refuse one that is not there; whoever reads would see its end.
        #expect(refusal { try ResultFile.check(folder("fifo")) } == nil)
        #expect(refusal { try ResultFile.check("/dev/null") } == nil)
        for path in [folder("fifo"), "/dev/null"] {
            #expect(
                refusal { _ = try ResultFile.checkResume(path) }
                    == "the results file \(path) is no regular file, which --resume needs")
        }
    }
}
