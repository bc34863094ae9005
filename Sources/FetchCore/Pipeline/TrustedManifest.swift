/// A manifest whose lines are believed where they are replies that tell a job's end.
///
/// It goes around the manifest that earlier runs' records have judged: what they have settled stays so.
public struct TrustedManifest: ManifestSource {
    private let manifest: any ManifestSource
    private let reply: @Sendable ([UInt8], JobID) -> Result<PollReply, JobFailure>?

    /// `reply` reads a line's JSON as what the API says of this job; nil where it does not tell the job's end.
    public init(
        _ manifest: any ManifestSource,
        reply: @escaping @Sendable (_ line: [UInt8], _ id: JobID) -> Result<PollReply, JobFailure>?
    ) {
        self.manifest = manifest
        self.reply = reply
    }

    public func read(upTo limit: Int) -> ManifestBatch {
        let batch = manifest.read(upTo: limit)
        return ManifestBatch(items: batch.items.map(believed), ended: batch.ended, portion: batch.portion)
    }

    public func stop() { manifest.stop() }

    public var unreadable: [String] { manifest.unreadable }

    private func believed(_ item: ManifestItem) -> ManifestItem {
        guard case .job(let id, let entry) = item, let line = entry.input, let reply = reply(line, id),
            let trusted = TrustedReply(reply)
        else { return item }
        return .told(id, entry, trusted)
    }
}
