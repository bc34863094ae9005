/// A manifest whose lines are judged by the records of earlier runs as they are read.
public struct ResumedManifest: ManifestSource {
    private let manifest: any ManifestSource
    private let journal: JournalIndex
    private let imageBytes: @Sendable (JobID, ImageName?) -> Int?

    /// `imageBytes` tells the size of the file where a job's image would be put, or nil when there is none; it may block,
    /// as a read may.
    public init(
        _ manifest: any ManifestSource, after journal: JournalIndex,
        imageBytes: @escaping @Sendable (JobID, ImageName?) -> Int?
    ) {
        self.manifest = manifest
        self.journal = journal
        self.imageBytes = imageBytes
    }

    public func read(upTo limit: Int) -> ManifestBatch {
        let batch = manifest.read(upTo: limit)
        return ManifestBatch(
            items: batch.items.map { journal.judge($0, imageBytes: imageBytes) }, ended: batch.ended,
            portion: batch.portion)
    }

    public func stop() { manifest.stop() }

    public var unreadable: [String] { manifest.unreadable }
}
