/// Publishes images and writes records, in the order that makes a record true before it is written.
///
/// The images of a batch are synced side by side, and those that are safe renamed; then the directories with new names
/// are synced once, then the records are written, then these are synced once: a record never speaks of an image that a crash could
/// take back, and many images share the cost. Without durability the syncs do nothing and the order stays.
struct Committer: Sendable {
    let store: any ImageStore
    let sink: any ResultSink

    /// Returns the records as they were written: an image that could not be kept has ended as a failure. Blocks.
    func commit(_ batch: [PendingRecord]) throws(RunFailure) -> [JobRecord] {
        var records: [JobRecord] = []
        records.reserveCapacity(batch.count)
        var syncs = store.sync(batch.compactMap(\.part))[...]
        var published = false
        for pending in batch {
            guard let part = pending.part else {
                records.append(pending.record)
                continue
            }
            do throws(JobFailure) {
                try syncs.removeFirst().get()
                try part.publish()
                published = true
                records.append(pending.record)
            } catch {
                part.discard()
                records.append(pending.record.failing(error))
            }
        }
        if published {
            do throws(JobFailure) {
                try store.syncDirectories()
            } catch {
                for index in records.indices where records[index].outcome.status == .downloaded {
                    records[index] = records[index].failing(error)
                }
            }
        }
        for record in records {
            try sink.append(record)
        }
        try sink.sync()
        return records
    }
}
