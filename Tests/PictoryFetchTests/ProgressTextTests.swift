import Testing

@testable import FetchCore
@testable import pictory_fetch

@Suite struct ProgressTextTests {
    private func text(_ progress: Progress, received: Int64 = 0, at now: Duration = .seconds(45)) throws -> ProgressText
    {
        var standing = RunStanding()
        standing.note(progress, receivedBytes: received, at: now)
        return try #require(ProgressText(standing, at: now))
    }

    /// A run in which everything there is to show is to be seen.
    private func busy() throws -> ProgressText {
        var standing = RunStanding()
        for second in 0...90 {
            let progress = Progress.sample(
                downloaded: second * 10, failed: second, settled: 1000, inFlight: 16, waiting: 2310, unfinished: 2400,
                read: 5000, total: .about(10_050),
                longestPolled: Progress.PolledJob(id: try .sample(), since: .seconds(5)), pace: 4.5,
                api: .paused(until: .milliseconds(101_400)), images: .paused(until: .seconds(93)))
            standing.note(progress, receivedBytes: Int64(second) * 1_000_000, at: .seconds(second))
        }
        return try #require(ProgressText(standing, at: .seconds(90)))
    }

    @Test func wideTerminalShowsAll() throws {
        #expect(
            try busy().lines(columns: 120) == [
                "[=====>                        ] ~19%  1,990/~10,100 done  ~13 min left  1 min 30 s elapsed",
                "16 in flight  2,310 waiting  74 queued  90 failed  90 MB at 1 MB/s",
                "API paused 12 s  images paused 3 s  at most 4.5 polls/s  longest wait 1 min 25 s (4d82d040)",
            ])
    }

    @Test func oneLineTellsTheSame() throws {
        #expect(
            try busy().sentence == """
                1,990/~10,100 done, 16 in flight, 2,310 waiting, 74 queued, 90 failed, 90 MB at 1 MB/s, \
                API paused 12 s, images paused 3 s, at most 4.5 polls/s, longest wait 1 min 25 s (4d82d040), \
                ~19%, 1 min 30 s elapsed, ~13 min left
                """)
    }

    @Test(arguments: 1...140) func noLineIsWiderThanTheTerminal(columns: Int) throws {
        let lines = try busy().lines(columns: columns)
        #expect(lines.count == 3)
        #expect(
            lines.allSatisfy { !$0.isEmpty && $0.count <= columns && $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } }
        )
    }

    @Test func narrowTerminalKeepsWhatMattersMost() throws {
        #expect(
            try busy().lines(columns: 30) == [
                "~19%  1,990/~10,100 done", "16 in flight  2,310 waiting", "API paused 12 s",
            ])
    }

    @Test(arguments: [
        (999, "999"), (10_050, "10,100"), (10_049, "10,000"), (39_963, "40,000"), (1_234_567, "1,230,000"),
    ])
    func guessedTotalIsRounded(total: Int, text: String) throws {
        #expect(try self.text(.sample(read: 7, total: .about(total))).sentence.hasPrefix("0/~\(text) done, "))
    }

    @Test func exactTotalHasNoMark() throws {
        let lines = try text(.sample(downloaded: 50, read: 200, total: .exact(200))).lines(columns: 80)
        #expect(lines.first == "[=======>                      ] 25%  50/200 done  2 min 20 s left  45 s elapsed")
    }

    @Test func openPipeHasNeitherBarNorShare() throws {
        let lines = try text(.sample(downloaded: 50, inFlight: 2, read: 80)).lines(columns: 80)
        #expect(lines == ["50/80+ done  45 s elapsed", "2 in flight  0 waiting  0 B"])
    }

    @Test func shareIsWholeOnlyWhenAllIsDone() throws {
        let most = try text(.sample(downloaded: 999, read: 1000, total: .exact(1000))).lines(columns: 80)
        #expect(most.first?.contains(" 99%  999/1,000 done") == true)
        let all = try text(.sample(downloaded: 1000, read: 1000, total: .exact(1000))).lines(columns: 80)
        #expect(all.first == "[==============================] 100%  1,000/1,000 done  45 s elapsed")
    }

    @Test func emptyManifestIsShownToo() throws {
        #expect(try text(.sample(total: .exact(0))).lines(columns: 80).first == "0/0 done  45 s elapsed")
    }

    @Test func shortWaitIsNotWorthALook() throws {
        let job = Progress.PolledJob(id: try .sample(), since: .seconds(41))
        #expect(try text(.sample(waiting: 1, longestPolled: job)).lines(columns: 80).count == 2)
    }

    @Test func refusalTellsSinceWhenAndWhenTheOriginIsAskedNext() throws {
        let pausing = Progress.sample(api: .refusing(since: .seconds(5), askedAgainAt: .milliseconds(56_300)))
        #expect(try text(pausing).sentence.contains("API refused for 40 s, asked again in 12 s"))
        let probing = Progress.sample(images: .refusing(since: .seconds(5), askedAgainAt: .seconds(5)))
        #expect(try text(probing).sentence.contains("images refused for 40 s, being asked"))
        #expect(try text(.sample(api: .closed)).sentence.contains("API refused, not asked again in this run"))
    }

    @Test func pauseIsGoneWhenItIsOver() throws {
        let progress = Progress.sample(api: .paused(until: .seconds(45)))
        #expect(try !text(progress, at: .seconds(45)).sentence.contains("paused"))
        #expect(try text(progress, at: .milliseconds(44_900)).sentence.contains("API paused 1 s"))
    }

    @Test func limitOfTheRateIsToldBesideTheRate() throws {
        var standing = RunStanding(maxDownloadRate: 10_000_000)
        let progress = Progress.sample(inFlight: 1, read: 1, total: .exact(1))
        for second in 0...3 {
            standing.note(progress, receivedBytes: Int64(second) * 9_900_000, at: .seconds(second))
        }
        let text = try #require(ProgressText(standing, at: .seconds(3)))
        #expect(text.lines(columns: 80)[1] == "1 in flight  0 waiting  29.7 MB at 9.9 MB/s (limit 10 MB/s)")
        #expect(text.sentence.contains(", 29.7 MB at 9.9 MB/s (limit 10 MB/s),"))
    }

    @Test func stopIsNamedAndTimeLeftIsNot() throws {
        var standing = RunStanding()
        for second in 0...90 {
            standing.note(
                .sample(downloaded: second, inFlight: 1, read: 100, total: .exact(100)), receivedBytes: 0,
                at: .seconds(second))
        }
        #expect(try #require(ProgressText(standing, at: .seconds(90))).sentence.contains("left"))
        standing.stop = .signal(2)
        let sentence = try #require(ProgressText(standing, at: .seconds(90))).sentence
        #expect(sentence.contains("stopping on SIGINT, a second one ends at once"))
        #expect(!sentence.contains("left"))
    }

    @Test func nothingIsShownBeforeTheBeginning() {
        #expect(ProgressText(RunStanding(), at: .zero) == nil)
    }
}
