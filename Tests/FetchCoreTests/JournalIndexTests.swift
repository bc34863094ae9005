import Testing

@testable import FetchCore

/// What the records of earlier runs make of a manifest line.
@Suite struct JournalIndexTests {
    private static let firstSeen = Timestamp(milliseconds: -5000)
    private static let now = Timestamp(milliseconds: 1_000_000)

    private func job(_ number: Int, _ end: PastJobEnd, line: Int = 1, isKnown: Bool = false) -> PastRecord {
        PastRecord(
            .job(.sample(number), end), manifest: "jobs.jsonl", line: line, firstSeen: Self.firstSeen, runs: 3,
            isKnownToAPI: isKnown)
    }

    private func line(_ end: PastLineEnd, line: Int, in manifest: String = "jobs.jsonl") -> PastRecord {
        PastRecord(.line(end), manifest: manifest, line: line, firstSeen: Self.firstSeen, runs: 1)
    }

    private func entry(line: Int = 1, in manifest: String = "jobs.jsonl", runs: Int = 1) -> ManifestEntry {
        ManifestEntry(manifest: manifest, line: line, input: nil, firstSeen: Self.now, runs: runs)
    }

    private func judge(
        _ item: ManifestItem, after records: [PastRecord], imageBytes: Int? = nil
    ) -> ManifestItem {
        var index = JournalIndex()
        for record in records { index.note(record) }
        return index.judge(item) { _, _ in imageBytes }
    }

    @Test func unknownJobIsDoneAsItWasRead() {
        let item = ManifestItem.job(.sample(1), entry())
        #expect(judge(item, after: [job(2, .closed)]) == item)
    }

    @Test func downloadedJobIsSettledWhileItsImageHasItsSize() {
        let item = ManifestItem.job(.sample(1), entry())
        let records = [job(1, .downloaded(bytes: 70))]
        #expect(judge(item, after: records, imageBytes: 70).isSettled(.downloaded))
        for wrong in [nil, 0, 69, 71] as [Int?] {
            guard case .job(let id, let entry) = judge(item, after: records, imageBytes: wrong) else {
                Issue.record("settled although the image has \(wrong.map(String.init) ?? "no") bytes")
                continue
            }
            #expect(id == .sample(1))
            #expect(entry.runs == 4)
        }
    }

    @Test func imageIsLookedAtOnlyWhereThatCounts() {
        var index = JournalIndex()
        index.note(job(0, .closed))
        index.note(job(1, .open))
        index.note(job(2, .downloaded(bytes: 1)))
        var asked: [JobID] = []
        for number in 0...3 {
            _ = index.judge(.job(.sample(number), entry())) { id, _ in
                asked.append(id)
                return nil
            }
        }
        #expect(asked == [.sample(2)])
    }

    @Test(arguments: [
        (RetryAdvice.Action.resubmit, true), (.none, true), (.rerun, false), (.fix, false),
    ]) func onlyWhatCanNeverSucceedIsNotAskedAgain(advice: RetryAdvice.Action, isSettled: Bool) {
        let judged = judge(.job(.sample(1), entry()), after: [job(1, PastJobEnd(advice: advice))])
        #expect(judged.isSettled(.failed) == isSettled)
    }

    @Test func lastRecordOfAnIdWins() {
        let item = ManifestItem.job(.sample(1), entry())
        #expect(!judge(item, after: [job(1, .closed), job(1, .open)]).isSettled(.failed))
        #expect(judge(item, after: [job(1, .open), job(1, .closed)]).isSettled(.failed))
        #expect(
            judge(item, after: [job(1, .downloaded(bytes: 1)), job(1, .downloaded(bytes: 2))], imageBytes: 2)
                .isSettled(.downloaded))
    }

    @Test func historyIsCarriedOn() {
        let judged = judge(.job(.sample(1), entry()), after: [job(1, .open)])
        #expect(judged.entry.runs == 4)
        #expect(judged.entry.firstSeen == Self.firstSeen)
        #expect(judged.entry.line == 1)
    }

    @Test func jobThatAnyRecordShowsKnownIsKnown() {
        let item = ManifestItem.job(.sample(1), entry())
        let (known, unknown) = (job(1, .open, isKnown: true), job(1, .open))
        for records in [[known], [known, unknown], [unknown, known], [unknown, known, unknown]] {
            #expect(judge(item, after: records).entry.isKnownToAPI)
        }
        #expect(!judge(item, after: [unknown, unknown, job(2, .open, isKnown: true)]).entry.isKnownToAPI)
        let lost = job(1, .downloaded(bytes: 70), isKnown: true)
        #expect(judge(item, after: [lost, unknown]).entry.isKnownToAPI)
    }

    @Test func whatTheLineItselfShowsIsNotForgotten() {
        let shown = ManifestEntry(manifest: "-", line: 1, input: nil, firstSeen: Self.now, isKnownToAPI: true)
        #expect(judge(.job(.sample(1), shown), after: [job(1, .open)]).entry.isKnownToAPI)
        #expect(judge(.job(.sample(1), shown), after: []).entry.isKnownToAPI)
    }

    @Test func memoryOfAJobIsThatOfItsNumbers() {
        #expect(JournalIndex.bytesForAJob == 24)
    }

    @Test func clockThatWasSetBackDoesNotChangeWhenAJobWasFirstSeen() {
        let entry = ManifestEntry(
            manifest: "jobs.jsonl", line: 1, input: nil, firstSeen: Timestamp(milliseconds: -9000))
        #expect(judge(.job(.sample(1), entry), after: [job(1, .open)]).entry.firstSeen == Self.firstSeen)
    }

    @Test(arguments: [(2, 4), (4, 4), (9, 9)]) func ofTwoHistoriesTheLongerCounts(runs: Int, expected: Int) {
        // The line is a record that was piped back in, so it has a history of its own.
        let piped = ManifestEntry(
            manifest: "-", line: 1, input: nil, firstSeen: Timestamp(milliseconds: -9000), runs: runs)
        let judged = judge(.job(.sample(1), piped), after: [job(1, .open)])
        #expect(judged.entry.runs == expected)
        #expect(judged.entry.firstSeen == Timestamp(milliseconds: -9000))
    }

    @Test func jobIsKnownByItsIdWhereverItStands() {
        let judged = judge(.job(.sample(1), entry(line: 80, in: "./other.jsonl")), after: [job(1, .closed)])
        #expect(judged.isSettled(.failed))
    }

    @Test func duplicateRecordSaysNothingOfTheJob() {
        let duplicate = line(.duplicate(.sample(1)), line: 3)
        let item = ManifestItem.job(.sample(1), entry(line: 3))
        #expect(judge(item, after: [job(1, .closed), duplicate]).isSettled(.failed))
        #expect(judge(item, after: [job(1, .open), duplicate]).entry.runs == 4)
        // The job stood in a manifest that is not given this time: somebody has to do it.
        let alone = ManifestItem.job(.sample(1), entry(line: 3).carrying(recorded: .duplicate(.sample(1))))
        #expect(judge(item, after: [duplicate]) == alone)
    }

    @Test func lineIsKnownByItsManifestAndNumber() {
        let records = [line(.invalid(.invalidJSON), line: 7), line(.duplicate(.sample(1)), line: 7, in: "b.jsonl")]
        func recorded(_ line: Int, _ manifest: String) -> PastLineEnd? {
            let failure = JobFailure(.invalidJSON, at: .manifest, "no")
            return judge(.invalid(entry(line: line, in: manifest), failure), after: records).entry.recorded
        }
        #expect(recorded(7, "jobs.jsonl") == .invalid(.invalidJSON))
        #expect(recorded(7, "b.jsonl") == .duplicate(.sample(1)))
        #expect(recorded(8, "jobs.jsonl") == nil)
        #expect(recorded(7, "./jobs.jsonl") == nil)
    }

    @Test func lastRecordOfALineWins() {
        let failure = JobFailure(.invalidJSON, at: .manifest, "no")
        let item = ManifestItem.invalid(entry(line: 7), failure)
        let invalid = line(.invalid(.invalidJSON), line: 7)
        #expect(judge(item, after: [invalid, job(1, .open, line: 7)]).entry.recorded == nil)
        #expect(judge(item, after: [invalid, job(1, .open, line: 8)]).entry.recorded != nil)
        #expect(
            judge(item, after: [invalid, line(.invalid(.missingJobID), line: 7)]).entry.recorded
                == .invalid(.missingJobID))
    }
}

extension ManifestItem {
    fileprivate func isSettled(_ expected: SettledJob) -> Bool {
        if case .settled(_, _, expected) = self { true } else { false }
    }
}
