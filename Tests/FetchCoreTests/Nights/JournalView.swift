@testable import FetchCore

/// What the results file says at a moment, read by the contract and not by the product.
struct JournalView {
    let records: [JobRecord]
    /// Jobs that the next run leaves alone: their image is there with its size, or there will never be one.
    let settledJobs: Set<Int>
    private let lastRecords: [String: JobRecord]

    init(of disk: SimulatedDisk) {
        records = disk.lines.map(\.record)
        lastRecords = records.reduce(into: [:]) { $0[$1.place] = $1 }
        var ends: [Int: JobRecord] = [:]
        for record in records {
            if let id = record.jobID, record.outcome.status != .duplicate { ends[id.sampleNumber] = record }
        }
        settledJobs = Set(ends.filter { Self.isSettled($0.value, on: disk) }.keys)
    }

    /// The record that counts for a line: its last.
    func record(of line: NightLine) -> JobRecord? { lastRecords[line.place] }

    /// Whether the next run leaves the line alone.
    func isSettled(_ line: NightLine) -> Bool {
        switch line.content {
        case .job(let job, _): settledJobs.contains(job)
        case .duplicate: record(of: line)?.outcome.status == .duplicate
        case .invalid: record(of: line)?.outcome.status == .invalid
        }
    }

    private static func isSettled(_ record: JobRecord, on disk: SimulatedDisk) -> Bool {
        if case .downloaded(let image, _) = record.outcome {
            return record.jobID.flatMap { disk.content(of: "\($0).png") }?.count == image.bytes
        }
        return [.resubmit, .nothing].contains(record.advice)
    }

    /// The product's own reading of the same records.
    var index: JournalIndex {
        records.reduce(into: JournalIndex()) { index, record in
            let end: PastRecord.End
            switch (record.outcome, record.jobID) {
            case (.duplicate, let id?): end = .line(.duplicate(id))
            case (.downloaded(let image, _), let id?): end = .job(id, .downloaded(bytes: image.bytes))
            case (let outcome, let id?):
                end = .job(id, RetryAdvice(for: outcome).map { PastJobEnd(advice: $0.action) } ?? .open)
            case (let outcome, nil): end = .line(.invalid(outcome.failure?.code ?? .invalidJSON))
            }
            index.note(
                PastRecord(
                    end, manifest: record.entry.manifest, line: record.entry.line, firstSeen: record.entry.firstSeen,
                    runs: record.entry.runs,
                    isKnownToAPI: record.outcome.status.showsKnownJob(
                        stage: record.outcome.failure?.stage, code: record.outcome.failure?.code,
                        polls: record.polls)))
        }
    }
}
