import Testing

@testable import FetchCore

/// What a resumed run takes for settled where images have names of a template.
@Suite struct NamedJournalTests {
    private let name: ImageName

    init() throws {
        name = try #require(ImageName("acme/cat.png"))
    }

    private func index(keepingNames: Bool, _ recorded: String, of id: JobID = .sample(1)) -> JournalIndex {
        var index = JournalIndex(keepingNames: keepingNames)
        index.note(
            PastRecord(
                .job(.sample(1), .downloaded(bytes: 70)), manifest: "jobs.jsonl", line: 1,
                firstSeen: Timestamp(milliseconds: 0), runs: 1))
        index.note(recorded, .sample, of: id)
        return index
    }

    private func isSettled(_ index: JournalIndex, bytes: Int? = 70) -> Bool {
        let item = ManifestItem.job(.sample(1), ManifestEntry.sample(line: 1).naming(name))
        guard case .settled(_, let entry, _) = index.judge(item, imageBytes: { $1 == name ? bytes : nil }) else {
            return false
        }
        return entry.imageName == name
    }

    @Test func jobIsDoneIfItsImageIsWhereThisRunWouldPutIt() {
        #expect(isSettled(index(keepingNames: true, "acme/cat.png")))
        #expect(!isSettled(index(keepingNames: true, "acme/cat.png"), bytes: 71))
        #expect(!isSettled(index(keepingNames: true, "acme/cat.png"), bytes: nil))
    }

    /// The file that has this run's name may be any.
    @Test func jobIsDoneAgainIfItsRecordedNameIsAnother() {
        #expect(!isSettled(index(keepingNames: true, "acme/dog.png")))
        #expect(!isSettled(index(keepingNames: true, "acme/cat.png", of: .sample(2))))
    }

    /// With the whole id in it, no other job's image has the name.
    @Test func recordedNameDoesNotMatterWhereNoOtherJobCanHaveIt() {
        #expect(isSettled(index(keepingNames: false, "acme/dog.png")))
        #expect(index(keepingNames: false, "acme/dog.png").names == nil)
    }
}
