public import FetchCore

/// What is known of a record that counts without reading it again.
public struct CountedRecord: Sendable {
    public let status: RecordStatus
    public let finishedAt: Timestamp
    /// Of its line, without the line's end.
    public let bytes: Int
    /// A merge that found nothing of the job wrote it: no run did, and no job ended then.
    public let isPlaceholder: Bool

    public init(status: RecordStatus, finishedAt: Timestamp, bytes: Int, isPlaceholder: Bool = false) {
        self.status = status
        self.finishedAt = finishedAt
        self.bytes = bytes
        self.isPlaceholder = isPlaceholder
    }
}

extension ResultsMerge {
    /// The records of all jobs and lines, in no order; among them are lines that have become a job later, which a visit
    /// passes over.
    public var countedRecords: some Sequence<CountedRecord> { records.all.lazy.map(records.counted) }

    /// Passes on the records that count with their text, in the order of ``write(to:)``; returns the totals. Blocks.
    ///
    /// One that is not wanted is not read.
    @discardableResult
    public mutating func visit(
        where isWanted: (CountedRecord) -> Bool,
        _ visit: (_ record: CountedRecord, _ text: Span<UInt8>) throws(MergeError) -> Void
    ) throws(MergeError) -> RunSummary {
        var summary = records.requests
        var buffer: [UInt8] = []
        try records.visitInOrder { (record, end) throws(MergeError) in
            records.count(record, endingAs: end, in: &summary)
            let counted = records.counted(record)
            guard isWanted(counted) else { return }
            let length = counted.bytes
            if buffer.count < length { buffer = [UInt8](repeating: 0, count: length) }
            try buffer.withUnsafeMutableBufferPointer { (space) throws(MergeError) in
                try files.readText(of: record, into: UnsafeMutableBufferPointer(rebasing: space[..<length]))
            }
            try visit(counted, buffer.span.extracting(..<length))
        }
        return summary
    }

    /// Passes on what a page takes from each record that counts, in the order of ``write(to:)``; returns the totals.
    /// Blocks.
    public mutating func visitDetails(
        _ visitDetails: (_ record: CountedRecord, _ details: RecordDetails) -> Void
    ) throws(MergeError) -> RunSummary {
        var reader = RecordReader()
        return try visit(where: { _ in true }) { (record, text) throws(MergeError) in
            guard case .record(let past) = reader.line(text), let details = reader.details(of: past, in: text)
            else { throw .resultsChanged("a results file was written over while it was read") }
            visitDetails(record, details)
        }
    }
}
