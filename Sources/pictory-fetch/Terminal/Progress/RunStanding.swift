import FetchCore

/// How a run stands, and how fast it has come on lately: all that live progress shows.
struct RunStanding {
    private(set) var progress: Progress?
    /// Most bytes a second of all downloads together; nil for no limit.
    let maxDownloadRate: Int?
    /// Bytes of images that have arrived, whole or not, kept or not.
    private(set) var receivedBytes: Int64 = 0
    /// Why nothing new starts any more.
    var stop: StopReason?
    private var received = RecentRate(window: .seconds(10))
    private var recorded = RecentRate(window: .seconds(60))

    init(maxDownloadRate: Int? = nil) {
        self.maxDownloadRate = maxDownloadRate
    }

    /// Takes in how things stand now.
    mutating func note(_ progress: Progress, receivedBytes: Int64, at now: Duration) {
        self.progress = progress
        self.receivedBytes = receivedBytes
        received.note(receivedBytes, at: now)
        // Lines that earlier runs have settled pass at the speed of reading, which says nothing of the jobs to come.
        recorded.note(Int64(progress.summary.records), at: now)
    }

    /// Bytes a second in the last seconds.
    func byteRate(at now: Duration) -> Double? {
        received.perSecond(at: now)
    }

    /// How long the rest will take at the speed of the last minute; nil as long as that cannot be estimated.
    func timeLeft(at now: Duration) -> Duration? {
        guard stop == nil, let progress, let total = progress.total.lines, total > progress.done,
            let growth = recorded.growth(at: now), growth.by >= Self.fewest, growth.within >= Self.shortest
        else { return nil }
        let left = growth.within * (Double(total - progress.done) / Double(growth.by))
        return left < Self.longest ? left : nil
    }

    /// With fewer records in a minute, or in a shorter time, no speed can be estimated.
    private static let fewest = 8
    private static let shortest: Duration = .seconds(5)
    /// Beyond four days a guess means nothing.
    private static let longest: Duration = .seconds(100 * 3600)
}

extension Progress.Total {
    /// The number of lines, known or estimated.
    var lines: Int? {
        switch self {
        case .unknown: nil
        case .about(let lines), .exact(let lines): lines
        }
    }

    /// The mark of a number that is estimated.
    var mark: String {
        if case .about = self { "~" } else { "" }
    }
}
