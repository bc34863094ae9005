import Testing

@testable import FetchCore

/// What a run would say of its lines before it asks anything.
@Suite struct ManifestCheckTests {
    private func invalid(line: Int, recorded: PastLineEnd? = nil) -> ManifestItem {
        .invalid(
            ManifestEntry.sample(line: line).carrying(recorded: recorded), JobFailure(.invalidJSON, at: .manifest, "no")
        )
    }

    private func job(_ number: Int, line: Int, recorded: PastLineEnd? = nil) -> ManifestItem {
        .job(.sample(number), ManifestEntry.sample(line: line).carrying(recorded: recorded))
    }

    private func settled(_ number: Int, line: Int, _ job: SettledJob) -> ManifestItem {
        .settled(.sample(number), .sample(line: line), job)
    }

    private func check(_ items: [ManifestItem]) -> (check: ManifestCheck, records: [JobRecord]) {
        var check = ManifestCheck()
        let records = items.compactMap { check.take($0) }
        return (check, records)
    }

    private var everything: [ManifestItem] {
        [
            settled(1, line: 1, .downloaded), invalid(line: 2), job(2, line: 3), job(1, line: 4), job(2, line: 5),
            settled(3, line: 6, .failed), invalid(line: 7, recorded: .invalid(.invalidJSON)),
            job(2, line: 8, recorded: .duplicate(.sample(2))), job(4, line: 9),
        ]
    }

    @Test func jobsWhoseNameIsTakenAreCounted() throws {
        let names = try ["cat", "cat", "dog", "cat", "fox"].map { try #require(ImageName($0)) }
        var recorded = RecordedNames()
        recorded.note("fox", .sample, of: .sample(9))
        var check = ManifestCheck(names: NameClaims(recorded: recorded))
        for (place, name) in names.enumerated() {
            let entry = ManifestEntry.sample(line: place + 1).naming(name)
            #expect(check.take(.job(.sample(place + 1), entry)) == nil)
        }
        #expect(check.withTakenName.count == 3)
        #expect(check.withTakenName.first?.line == 2)
        #expect(check.withTakenName.first?.otherJob == .sample(1))
        #expect(check.withTakenName.first?.name == names[1])
        #expect(check.withoutValue.count == 0)
    }

    @Test func jobsWhoseLineHasNoValueAreCounted() throws {
        var check = ManifestCheck()
        for (line, lacksValue) in [(1, false), (2, true), (3, true)] {
            let name = try #require(ImageName("\(line)", lacksValue: lacksValue))
            _ = check.take(.job(.sample(line), ManifestEntry.sample(line: line).naming(name)))
        }
        #expect(check.withoutValue.count == 2)
        #expect(check.withoutValue.first?.line == 2)
        #expect(check.withTakenName.count == 0)
    }

    @Test func linesAreCountedByWhatTheRunWouldMakeOfThem() {
        let (check, records) = check(everything)
        #expect(check.lines == 9)
        #expect(check.jobs == 2)
        #expect(check.recordedInvalid == 1)
        #expect(check.recordedDuplicate == 2)
        #expect(check.settled == 4)
        #expect([.downloaded, .failed, .invalid, .duplicate].map(check.settled(as:)) == [1, 1, 1, 1])
        #expect(records.map(\.entry.line) == [2, 4, 5])
    }

    @Test func recordsAreThoseOfARun() {
        var world = SchedulerWorld(policy: RunPolicy(), jobs: []) { _, _ in .completed }
        world.lines = everything
        world.run()
        let ofRun = world.records.filter { $0.outcome.status == .invalid || $0.outcome.status == .duplicate }
        #expect(check(everything).records == ofRun)
    }

    @Test func firstJobToDoIsAskedAboutElseTheFirstOfAll() {
        #expect(check(everything).check.probe == .sample(2))
        #expect(check([invalid(line: 1), settled(7, line: 2, .failed)]).check.probe == .sample(7))
        #expect(check([invalid(line: 1)]).check.probe == nil)
    }

    @Test func jobWhoseLineIsBelievedIsOneToDoAndNotOneToAskAbout() {
        let failure = JobFailure(.jobFailed, at: .poll, "no")
        let told = ManifestItem.told(.sample(8), .sample(line: 1), .failed(failure))
        #expect(check([told, job(9, line: 2)]).check.probe == .sample(9))
        #expect(check([told]).check.probe == .sample(8))
        #expect(check([told, job(9, line: 2)]).check.jobs == 2)
    }

    @Test func invalidLinesAloneCountAgainstTheTolerance() {
        let (check, _) = check(everything)
        #expect(check.allInvalid == 2)
        #expect(!check.isAllowed(by: .lines(1)))
        #expect(check.isAllowed(by: .lines(2)))
        // Two of nine lines.
        #expect(!check.isAllowed(by: .share(hundredMillionths: 22_222_222)))
        #expect(check.isAllowed(by: .share(hundredMillionths: 22_222_223)))
        #expect(self.check([]).check.isAllowed(by: .none))
        #expect(self.check([job(1, line: 1), job(1, line: 2)]).check.isAllowed(by: .none))
    }

    @Test func meanOfTheJournalIsThatOfTheImagesThatCount() {
        var journal = JournalIndex()
        #expect(journal.meanImageBytes == nil)
        for (number, end) in [
            (1, .downloaded(bytes: 9)), (2, .open), (1, .downloaded(bytes: 100)), (3, .downloaded(bytes: 301)),
        ]
            as [(Int, PastJobEnd)]
        {
            journal.note(
                PastRecord(
                    .job(.sample(number), end), manifest: "m", line: number, firstSeen: Timestamp(milliseconds: 0),
                    runs: 1))
        }
        #expect(journal.meanImageBytes == 200)
    }
}
