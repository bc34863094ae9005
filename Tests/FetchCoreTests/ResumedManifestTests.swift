import FetchCore
import Synchronization
import Testing

@Suite struct ResumedManifestTests {
    @Test func linesAreJudgedAndAllElseIsTheManifestsOwn() {
        let manifest = ShortManifest()
        var journal = JournalIndex()
        for number in 1...2 {
            journal.note(
                PastRecord(
                    .job(.sample(number), .downloaded(bytes: number)), manifest: "jobs.jsonl", line: number,
                    firstSeen: Timestamp(milliseconds: 0), runs: 1))
        }
        let resumed = ResumedManifest(manifest, after: journal) { id, _ in id == .sample(1) ? 1 : nil }
        let batch = resumed.read(upTo: 3)
        #expect(batch.ended)
        #expect(batch.portion == 0.75)
        #expect(batch.items.count == 3)
        guard case .settled(.sample(1), _, .downloaded) = batch.items[0], case .job(.sample(2), _) = batch.items[1],
            case .job(.sample(3), _) = batch.items[2]
        else {
            Issue.record("the lines are judged as \(batch.items)")
            return
        }
        #expect(resumed.unreadable == ["limit 3"])
        resumed.stop()
        #expect(resumed.unreadable == ["limit 3", "stopped"])
    }
}

/// Three jobs; what is asked of it shows as a manifest that cannot be read.
private final class ShortManifest: ManifestSource {
    private let asked = Mutex<[String]>([])

    func read(upTo limit: Int) -> ManifestBatch {
        asked.withLock { $0.append("limit \(limit)") }
        return ManifestBatch(
            items: JobID.samples(3).enumerated().map { .job($1, .sample(line: $0 + 1)) }, ended: true, portion: 0.75)
    }

    func stop() { asked.withLock { $0.append("stopped") } }

    var unreadable: [String] { asked.withLock(\.self) }
}
