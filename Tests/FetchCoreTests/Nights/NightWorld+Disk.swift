import Synchronization

@testable import FetchCore

/// The output directory.
extension NightWorld: ImageStore {
    func makePart(for id: JobID, at place: ImagePlace) -> any PartFile {
        NightPart(of: id, in: self)
    }

    /// In which order syncs end that are under way at once is anybody's guess.
    func sync(_ parts: [any PartFile]) -> [Result<Void, JobFailure>] {
        let order = state.withLock { state in parts.indices.shuffled(using: &state.random) }
        var results = [Result<Void, JobFailure>](repeating: .success(()), count: parts.count)
        for index in order {
            results[index] = Result { () throws(JobFailure) in try parts[index].sync() }
        }
        return results
    }

    func syncDirectories() throws(JobFailure) {
        try state.withLock { (state) throws(JobFailure) in
            guard state.isDurable else { return }
            try state.touch("sync directory")
            state.disk.syncNames()
        }
    }
}

/// The results file.
extension NightWorld: ResultSink {
    func append(_ record: JobRecord) throws(RunFailure) {
        try state.withLock { (state) throws(RunFailure) in
            let touch = "record \(record.entry.manifest):\(record.entry.line) \(record.outcome.status.rawValue)"
            if state.appended.count + 1 == state.weather.closesAt {
                state.lostRecords = true
                throw .resultsClosed
            }
            let wasUp = state.survivor == nil
            guard !state.crashes(at: touch) else {
                // The program may be gone within a write, too.
                if wasUp, state.random.chance(0.5) { state.survivor?.tear() }
                throw .resultsNotWritten("gone")
            }
            let length = 60 + record.entry.line % 7
            let room = state.disk.room
            if !state.sharesDisk { state.disk.room = nil }
            let isWhole =
                !state.random.chance(state.weather.diskFaults / 4)
                && state.disk.append(SimulatedDisk.Line(record: record, length: length))
            if !state.sharesDisk { state.disk.room = room }
            guard isWhole else {
                state.lostRecords = true
                throw .resultsNotWritten("no room")
            }
            state.appended.append(record)
        }
    }

    func sync() throws(RunFailure) {
        try state.withLock { (state) throws(RunFailure) in
            guard state.isDurable else { return }
            guard !state.crashes(at: "sync records") else { throw .resultsNotWritten("gone") }
            guard !state.random.chance(state.weather.diskFaults / 4) else {
                state.lostRecords = true
                throw .resultsNotWritten("not synced")
            }
            state.disk.syncLines()
        }
    }
}

extension NightWorld.State {
    /// A touch of the output directory, which fails now and then, and always once the machine is down.
    mutating func touch(_ what: String) throws(JobFailure) {
        guard !crashes(at: what) else { throw JobFailure(.writeFailed, at: .store, "gone", stopsRun: true) }
        if random.chance(weather.diskFaults) {
            log { "  fails" }
            throw JobFailure(.writeFailed, at: .store, "no: \(what)", stopsRun: random.chance(0.5))
        }
    }
}
