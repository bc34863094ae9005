import Testing

@testable import HTTPTransport

/// The rate of all downloads together, in virtual time.
@Suite struct ReadTurnsTests {
    /// Downloads that take every turn they can get.
    private struct Downloads {
        var count = 1
        /// From a turn to its bytes.
        var latency: Duration = .zero
        /// What a turn brings to a download; by default the whole piece.
        var bytes: (_ download: Int, _ piece: Int) -> Int = { $1 }
        /// Downloads whose servers say nothing: their turns never bring anything.
        var silent = 0

        struct Arrival {
            let at: Duration
            let download: Int
            let bytes: Int
        }

        /// What arrives until then.
        func run(at rate: Int, until end: Duration) -> [Arrival] {
            var turns = ReadTurns(bytesPerSecond: rate)
            var places: [ReadTurns.Place: Int] = [:]
            var coming: [(at: Duration, download: Int)] = []
            var arrivals: [Arrival] = []
            func admit(_ download: Int, at now: Duration) {
                if download >= silent { coming.append((now + latency, download)) }
            }
            func ask(_ download: Int, at now: Duration) {
                guard let place = turns.ask(at: now) else { return admit(download, at: now) }
                turns.wait(at: place)
                places[place] = download
            }
            for download in 0..<count { ask(download, at: .zero) }
            var next = 0
            while true {
                let arrival = next < coming.count ? coming[next].at : end
                let now = min(arrival, turns.nextTurn ?? end)
                guard now < end else { return arrivals }
                if now == arrival {
                    let download = coming[next].download
                    next += 1
                    let bytes = bytes(download, turns.pieceBytes)
                    turns.settle(bytes)
                    arrivals.append(Arrival(at: now, download: download, bytes: bytes))
                    ask(download, at: now)
                }
                for place in turns.admit(at: now) {
                    if let download = places.removeValue(forKey: place) { admit(download, at: now) }
                }
            }
        }
    }

    private func total(_ arrivals: [Downloads.Arrival]) -> Int { arrivals.reduce(0) { $0 + $1.bytes } }

    private func isNear(_ bytes: Int, _ expected: Int) -> Bool {
        abs(Double(bytes) / Double(expected) - 1) <= 0.05
    }

    @Test(arguments: [1, 16, 64, 1024], [1000, 30_000, 1_000_000, 200_000_000])
    func rateHoldsForAnyNumberOfDownloads(count: Int, rate: Int) {
        let arrivals = Downloads(count: count).run(at: rate, until: .seconds(10))
        #expect(isNear(total(arrivals), 10 * rate), "\(total(arrivals))")
    }

    @Test(arguments: [1, 64], [200, 16_384])
    func rateHoldsWhateverATurnBrings(count: Int, bytes: Int) {
        // Less than a piece, or the whole record of TLS of which a piece was the last part.
        let arrivals = Downloads(count: count, bytes: { _, _ in bytes }).run(at: 1_000_000, until: .seconds(10))
        #expect(isNear(total(arrivals), 10_000_000), "\(total(arrivals))")
    }

    @Test func rateHoldsWhereRepliesTakeTheirTime() {
        let arrivals = Downloads(count: 200, latency: .milliseconds(150)).run(at: 1_000_000, until: .seconds(10))
        #expect(isNear(total(arrivals), 10_000_000), "\(total(arrivals))")
    }

    @Test(arguments: [1, 64, 1024], [1000, 1_000_000])
    func noSecondHasAnythingLikeTwoSecondsWorth(count: Int, rate: Int) {
        let arrivals = Downloads(count: count).run(at: rate, until: .seconds(10))
        var (first, sum) = (0, 0)
        for arrival in arrivals {
            sum += arrival.bytes
            while arrivals[first].at <= arrival.at - .seconds(1) {
                sum -= arrivals[first].bytes
                first += 1
            }
            #expect(sum <= rate + rate / 2, "at \(arrival.at)")
        }
    }

    @Test func everyDownloadHasItsTurn() {
        // Some read little in each turn, and that costs the others nothing.
        let arrivals = Downloads(count: 50, bytes: { $0 < 10 ? 100 : $1 }).run(at: 1_000_000, until: .seconds(10))
        let turns = Dictionary(grouping: arrivals, by: \.download).mapValues(\.count)
        #expect(turns.count == 50)
        let most = turns.values.max() ?? 0
        #expect(turns.values.allSatisfy { $0 >= most - 1 }, "\(turns)")
        #expect(most >= 100)
    }

    @Test func silentServersHoldNobodyUp() {
        let arrivals = Downloads(count: 100, silent: 99).run(at: 1_000_000, until: .seconds(10))
        #expect(isNear(total(arrivals), 10_000_000), "\(total(arrivals))")
    }

    @Test func timeThatNobodyUsedIsMadeUpForOnlyBriefly() {
        var turns = ReadTurns(bytesPerSecond: 1_000_000)
        var count = 0
        while turns.ask(at: .seconds(60)) == nil { count += 1 }
        #expect((0..<2 * turns.pieceBytes).contains(count * turns.pieceBytes - 250_000))
    }

    /// Has a download wait, which it has to.
    private func placeInLine(_ turns: inout ReadTurns) throws -> ReadTurns.Place {
        let asked = turns.ask(at: .zero)
        let place = try #require(asked)
        turns.wait(at: place)
        return place
    }

    @Test func whoLeavesTheLineHasNoTurn() throws {
        var turns = ReadTurns(bytesPerSecond: 1000)
        #expect(turns.ask(at: .zero) == nil)
        let first = try placeInLine(&turns)
        let second = try placeInLine(&turns)
        turns.leave(first)
        #expect(turns.admit(at: .milliseconds(249)) == [])
        #expect(turns.nextTurn == .milliseconds(250))
        #expect(turns.admit(at: .milliseconds(250)) == [second])
        #expect(turns.nextTurn == nil)
    }

    @Test func whoComesLaterDoesNotPassTheLine() throws {
        var turns = ReadTurns(bytesPerSecond: 1000)
        #expect(turns.ask(at: .zero) == nil)
        _ = try placeInLine(&turns)
        // The time of the first in line has come, but nobody has looked yet.
        #expect(turns.ask(at: .seconds(1)) != nil)
    }

    @Test(arguments: [
        (1, 1), (4, 1), (1000, 250), (1024, 256), (100_000, 256), (1_000_000, 2000), (10_000_000, 20_000),
        (1_000_000_000, 65_536), (Int.max, 65_536),
    ])
    func pieceIsSmallAtLowRatesAndBoundedAtHighOnes(rate: Int, bytes: Int) {
        #expect(ReadTurns.pieceBytes(at: rate) == bytes)
    }
}
