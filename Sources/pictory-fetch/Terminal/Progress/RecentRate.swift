/// How fast a count grows, measured over the last seconds, the `window`.
///
/// The measurement begins when the count grows for the first time: the time before that says nothing about the speed.
struct RecentRate {
    /// How far back it looks.
    let window: Duration
    /// The count at moments a little apart, the earliest at the window's begin.
    private var marks: [Mark] = [Mark(at: .zero, count: 0)]
    private var latest: Int64 = 0

    private struct Mark {
        var at: Duration
        var count: Int64
    }

    /// Marks kept of a window: enough for a rate that changes smoothly.
    private static let resolution = 30

    init(window: Duration) {
        self.window = window
    }

    /// Takes in the count as it is now. It never falls, and neither does time.
    mutating func note(_ count: Int64, at now: Duration) {
        latest = count
        guard let last = marks.last else { return }
        if marks.count == 1, last.count == count {
            marks = [Mark(at: now, count: count)]
        } else if now - last.at >= window / Self.resolution {
            marks.append(Mark(at: now, count: count))
        }
        while marks.count > 1, marks[1].at <= now - window {
            marks.removeFirst()
        }
    }

    /// What the count has grown by, and in how long; nil before it grew at all.
    func growth(at now: Duration) -> (by: Int64, within: Duration)? {
        guard let first = marks.first, latest > first.count || marks.count > 1, now > first.at else { return nil }
        return (latest - first.count, now - first.at)
    }

    /// Growth in a second; nil until it was measured for one.
    func perSecond(at now: Duration) -> Double? {
        guard let growth = growth(at: now), growth.within >= .seconds(1) else { return nil }
        return Double(growth.by) / (growth.within / .seconds(1))
    }
}
