import TestRandom

@testable import FetchCore

/// What goes wrong in one run: how often each kind of thing fails, and what happens at which moment.
struct Weather {
    /// How a run is ended from outside.
    enum Crash: Equatable {
        /// The program is gone, and all it has written stays.
        case kill
        /// The machine is gone, with everything that was not synced.
        case powerLoss
    }

    /// A time of refusals.
    struct Refusing {
        let during: ClosedRange<Duration>
        /// The `Retry-After` of each.
        let named: Duration?
    }

    /// When the crash comes, counted in what happens and not in time.
    enum Moment: Equatable {
        case step(Int)
        /// Instead of the touch of the disk with this number.
        case touch(Int)
    }

    /// The part of the polls that fail for the moment.
    var pollFaults = 0.0
    var downloadFaults = 0.0
    /// The part of the touches of the disk that fail.
    var diskFaults = 0.0
    /// The bytes that fit on the disk; nil for enough.
    var room: Int?
    /// When somebody before the API answers every poll with a 404 of his own, as a gateway without backends does.
    var foreignNotFound: [ClosedRange<Duration>] = []
    /// When the API, or the image host, refuses everything with 429.
    var refusesPolls: Refusing?
    var refusesDownloads: Refusing?
    /// The key is rejected from this poll on.
    var rejectsFrom: Int?
    /// A 403 for every poll from this one on.
    var forbidsFrom: Int?
    /// The reader of the results goes away at this record.
    var closesAt: Int?
    /// The second manifest cannot be read beyond this line.
    var breaksOffAt: Int?
    var signal: (number: Int32, at: Duration)?
    /// The process is stopped for a minute at this step.
    var freezesAt: Int?
    var crash: Crash?
    var crashMoment = Moment.step(.max)
    /// The power fails when the run has ended.
    var losesPowerAfterwards = false
    /// Somebody removes or cuts an image after the run.
    var damagesImage = false

    static let calm = Weather()

    /// What is not calm, for a person.
    var summary: String {
        let ways: [String?] = [
            pollFaults > 0 ? "polls fail \(pollFaults)" : nil,
            downloadFaults > 0 ? "downloads fail \(downloadFaults)" : nil,
            diskFaults > 0 ? "the disk fails \(diskFaults)" : nil,
            room.map { "room for \($0) bytes" },
            foreignNotFound.isEmpty ? nil : "foreign 404 during \(foreignNotFound)",
            refusesPolls.map { "429 for polls during \($0.during), named \($0.named as Duration?)" },
            refusesDownloads.map { "429 for downloads during \($0.during), named \($0.named as Duration?)" },
            rejectsFrom.map { "401 from poll \($0)" },
            forbidsFrom.map { "403 from poll \($0)" },
            closesAt.map { "the reader goes away at record \($0)" },
            breaksOffAt.map { "b.jsonl breaks off after line \($0)" },
            signal.map { "signal \($0.number) at \($0.at)" },
            freezesAt.map { "a minute's stop at step \($0)" },
            crash.map { "\($0) at \(crashMoment)" },
            losesPowerAfterwards ? "a loss of power afterwards" : nil,
            damagesImage ? "a damaged image afterwards" : nil,
        ]
        let summary = ways.compactMap(\.self).joined(separator: ", ")
        return summary.isEmpty ? "calm" : summary
    }

    /// Faults of one kind or of several at once.
    static func storm(in plan: NightPlan, _ random: inout SeededGenerator) -> Weather {
        var weather = Weather()
        if random.chance(0.6) { weather.pollFaults = random.pick(from: [0.05, 0.2, 0.6]) }
        if random.chance(0.6) { weather.downloadFaults = random.pick(from: [0.05, 0.2, 0.6]) }
        if random.chance(0.3) { weather.diskFaults = random.pick(from: [0.02, 0.1, 0.3]) }
        if random.chance(0.2) { weather.room = random.number(in: 0...800) }
        if random.chance(0.3) { weather.foreignNotFound = drawForeignNotFound(&random) }
        if random.chance(0.15) { weather.refusesPolls = drawRefusing(&random) }
        if random.chance(0.1) { weather.refusesDownloads = drawRefusing(&random) }
        if random.chance(0.15) { weather.rejectsFrom = random.number(in: 1...30) }
        if random.chance(0.1) { weather.forbidsFrom = random.number(in: 1...20) }
        if random.chance(0.03) { weather.closesAt = random.number(in: 1...12) }
        if random.chance(0.05) { weather.breaksOffAt = random.number(in: 0...14) }
        if random.chance(0.2) {
            weather.signal = (random.pick(from: [1, 2, 15]), .milliseconds(random.number(in: 0...60_000)))
        }
        if random.chance(0.1) { weather.freezesAt = random.number(in: 1...300) }
        if random.chance(0.7) {
            weather.crash = plan.isDurable && random.chance(0.7) ? .powerLoss : .kill
            // Early moments are as likely as late ones, for many runs are short.
            let size = random.number(in: 1...plan.lines.count)
            weather.crashMoment =
                random.chance(0.4)
                ? .step(random.number(in: 1...20 * size)) : .touch(random.number(in: 1...5 * size))
        }
        weather.losesPowerAfterwards = plan.isDurable && random.chance(0.3)
        weather.damagesImage = random.chance(0.05)
        return weather
    }
}
