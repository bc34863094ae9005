import Synchronization

@testable import FetchCore

/// The manifest, whose lines come at their moments.
extension NightWorld: ManifestSource {
    func read(upTo limit: Int) -> ManifestBatch {
        let now = loop.now()
        return state.withLock { $0.read(upTo: limit, at: now) }
    }

    func stop() {
        state.withLock { $0.readingStopped = true }
    }

    var unreadable: [String] {
        state.withLock { $0.isUnreadable ? ["b.jsonl: cannot be read further"] : [] }
    }

    /// When a read that begins now comes back: when there is a line, and a moment later, in which more may come.
    func nextReadReturns() -> Duration {
        let now = loop.now()
        return state.withLock { state in
            guard !state.readingStopped, state.survivor == nil else { return now }
            return max(now, state.arrival(of: state.linesRead)) + .milliseconds(state.random.number(in: 0...100))
        }
    }
}

extension NightWorld.State {
    /// When a line of the manifest comes; the manifest's end comes with its last line.
    fileprivate func arrival(of line: Int) -> Duration {
        lines.prefix(line + 1).reduce(.zero) { $0 + $1.pause }
    }

    fileprivate mutating func read(upTo limit: Int, at now: Duration) -> ManifestBatch {
        if survivor != nil { return ManifestBatch(items: [], ended: true) }
        if readingStopped, random.chance(0.5) {
            return ManifestBatch(items: [], ended: true)
        }
        var items: [ManifestItem] = []
        while items.count < limit, linesRead < lines.count, arrival(of: linesRead) <= now {
            let line = lines[linesRead]
            if line.manifest == "b.jsonl", let last = weather.breaksOffAt, line.number > last {
                isUnreadable = true
                log { "read: \(items.count) lines, then an error" }
                return ManifestBatch(items: items, ended: true)
            }
            linesRead += 1
            items.append(line.item)
            if !before.isSettled(line) {
                linesDue += 1
                if case .job(let job, _) = line.content { jobsRead.insert(job) }
            }
            // Reads return what is at hand, which may be less than all.
            if random.chance(0.2) { break }
        }
        if linesDue - appended.count > policy.window { broken.append("\(linesDue - appended.count) lines are held") }
        // The end comes with the last line or alone, for a read never returns with nothing.
        gaveEnd = linesRead == lines.count && (items.isEmpty || random.chance(0.7))
        log { [gaveEnd] in "read: \(items.count) lines\(gaveEnd ? ", the end" : "")" }
        return ManifestBatch(items: items, ended: gaveEnd || readingStopped)
    }
}
