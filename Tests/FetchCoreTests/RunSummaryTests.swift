import Testing

@testable import FetchCore

@Suite struct RunSummaryTests {
    @Test func creditsOfManyJobsAddUp() {
        var summary = RunSummary()
        for _ in 0..<1_000_000 { summary.add(.downloaded, advice: nil, failure: nil, creditsUsed: 0.6) }
        #expect(summary.creditsUsed == 600_000)
        summary.add(.failed, advice: nil, failure: nil, creditsUsed: .infinity)
        #expect(summary.creditsUsed == .infinity)
    }

    @Test func duplicateOfAJobWithoutAnImageIsALineWithoutAnImage() throws {
        let pending = JobOutcome.pending(JobFailure(.stillInProgress, at: .poll, ""))
        var summary = RunSummary()
        summary.add(JobRecord(entry: .sample(line: 1), jobID: .sample(1), outcome: pending))
        summary.duplicatesWithoutImage = 2
        #expect(summary.linesWithoutImage == 3)
        #expect(summary.lines == 1)
    }
}

@Suite struct ToleranceTests {
    @Test(
        arguments: [
            (.none, 0, 10, true), (.none, 1, 10, false), (.lines(3), 3, 3, true), (.lines(3), 4, 1000, false),
            (.share(hundredMillionths: 290_000), 290, 100_000, true),
            (.share(hundredMillionths: 290_000), 291, 100_000, false),
            (.share(hundredMillionths: 0), 1, .max, false), (.share(hundredMillionths: 100_000_000), .max, .max, true),
            (.share(hundredMillionths: 1), 0, 0, true),
        ] as [(Tolerance, Int, Int, Bool)]) func soManyLinesAreNoFailure(
            tolerance: Tolerance, count: Int, lines: Int, isAllowed: Bool
        )
    {
        #expect(tolerance.allows(count, of: lines) == isAllowed)
    }
}

@Suite struct SeenJobsTests {
    private func entry(_ line: Int, of manifest: String = "m") -> ManifestEntry {
        ManifestEntry(manifest: manifest, line: line, input: nil, firstSeen: Timestamp(milliseconds: 0))
    }

    @Test func repeatsOfJobsWithoutAnImageAreCounted() {
        var seen = SeenJobs()
        for (line, number) in [1, 2, 1, 3, 2, 1].enumerated() { _ = seen.insert(.sample(number), entry(line + 1)) }
        #expect(seen.repeatsWithoutImage == 3)
        seen.noteImage(of: .sample(1))
        #expect(seen.repeatsWithoutImage == 1)
        #expect(seen.insert(.sample(1), entry(9))?.line == 1)
        #expect(seen.repeatsWithoutImage == 1)
        seen.noteImage(of: .sample(2))
        #expect(seen.repeatsWithoutImage == 0)
    }

    @Test func aRepeatIsToldWhereTheJobWasNamedFirst() {
        var seen = SeenJobs()
        // The second manifest names nothing new, and the first one is read again after it.
        let named = [("a", 1, 1), ("a", 2, 2), ("b", 1, 2), ("a", 1, 3), ("c", 7, 4), ("c", 8, 5)]
        for (manifest, line, number) in named { _ = seen.insert(.sample(number), entry(line, of: manifest)) }
        let firsts = (1...5).map { seen.insert(.sample($0), entry(9, of: "d")) }
        #expect(firsts.map { $0?.manifest } == ["a", "a", "a", "c", "c"])
        #expect(firsts.map { $0?.line } == [1, 2, 1, 7, 8])
        #expect(seen.insert(.sample(6), entry(10, of: "d")) == nil)
    }

    @Test func theGreatestLineNumberIsNotTakenForAnImage() {
        var seen = SeenJobs()
        for line in [1, Int.max] { _ = seen.insert(.sample(1), entry(line)) }
        _ = seen.insert(.sample(2), entry(Int.max))
        #expect(seen.insert(.sample(2), entry(1))?.line == Int(UInt32.max / 2))
        #expect(seen.repeatsWithoutImage == 2)
    }
}
