/// The records that are not on their way to the results yet, and how many are being written.
///
/// One write is under way at a time. What comes meanwhile waits and is written together, so that many records share the
/// cost of a sync.
struct RecordQueue {
    private var waiting: [PendingRecord] = []
    private var beingWritten: (records: Int, images: Int)?
    /// Images among the records that wait.
    private var imagesWaiting = 0

    /// Records that are not written.
    var count: Int { waiting.count + (beingWritten?.records ?? 0) }
    /// Images that are not safe on the disk; each holds an open file.
    var images: Int { imagesWaiting + (beingWritten?.images ?? 0) }

    mutating func append(_ record: PendingRecord) {
        waiting.append(record)
        imagesWaiting += record.part == nil ? 0 : 1
    }

    /// The records to write next; nil if there are none, or others are being written.
    mutating func next() -> [PendingRecord]? {
        guard beingWritten == nil, !waiting.isEmpty else { return nil }
        defer { waiting = [] }
        beingWritten = (waiting.count, imagesWaiting)
        imagesWaiting = 0
        return waiting
    }

    /// Notes that the write under way is done.
    mutating func noteWritten() { beingWritten = nil }
}

/// A record to write, with the image that has to be on disk first.
struct PendingRecord: Sendable {
    let record: JobRecord
    let part: (any PartFile)?
}
