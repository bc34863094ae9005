// What the pipeline needs of the world. Each port has an implementation in a target of its own and a stand-in in the
// tests; none of them retries, waits or decides anything: that is the scheduler's.

/// Where job ids come from.
public protocol ManifestSource: Sendable {
    /// Waits for at least one line, then returns what is at hand, at most `limit` lines.
    ///
    /// Called by one task at a time, on ``RunPorts/manifestExecutor``, so it may block its thread. It never fails: a
    /// manifest that cannot be read any further ends, and ``unreadable`` says why.
    func read(upTo limit: Int) -> ManifestBatch

    /// Ends the manifest: a read under way returns at once with `ended`. May be called from any thread, repeatedly.
    func stop()

    /// Manifests that could not be read to their end, with the reason; asked after the run.
    var unreadable: [String] { get }
}

/// The API: one poll of one job.
public protocol StatusService: Sendable {
    func status(of id: JobID) async throws(JobFailure) -> PollReply
}

/// The image host: one download, streamed.
public protocol ImageSource: Sendable {
    /// Hands the body to `consume` piece by piece, in order, and returns when the last byte was taken.
    ///
    /// The task may be suspended while `consume` is called, so `consume` escapes; one call is made at a time.
    /// The url is checked first. A failure thrown by `consume` ends the download and is thrown on. Cancellation throws
    /// a failure with the code `interrupted`.
    func download(
        _ url: String, into consume: @escaping (RawSpan) throws(JobFailure) -> Void
    ) async throws(JobFailure)
}

/// The output directory.
public protocol ImageStore: Sendable {
    /// A part file for this job's image, which will go to this place; nothing is created before its first byte.
    func makePart(for id: JobID, at place: ImagePlace) -> any PartFile

    /// Syncs each of these parts once, in any order or at the same time; blocks until the last is done.
    ///
    /// Returns how it went with each, in the order of the parts: the failure of one is not that of another.
    func sync(_ parts: [any PartFile]) -> [Result<Void, JobFailure>]

    /// Makes the names of published images durable, and those of the directories on the way to them (fsync of each
    /// directory with a new name). Blocks.
    func syncDirectories() throws(JobFailure)
}

/// An image on its way to disk, under a temporary name. One task or thread at a time uses it.
///
/// An owner that lets go of it without ``publish()`` leaves nothing behind: the temporary file is removed.
public protocol PartFile: AnyObject, Sendable {
    /// Proves and writes the next bytes. Fails with `not_png`, `corrupt_png`, `disk_full` or `write_failed`.
    func write(_ bytes: RawSpan) throws(JobFailure)

    /// Ends the stream: what was written is a whole PNG, or this throws.
    func prove() throws(JobFailure) -> ProvenImage

    /// Brings the bytes to stable storage (fsync). Blocks. Not to be called again after it failed: the kernel may have
    /// dropped the pages and would then report success.
    func sync() throws(JobFailure)

    /// Gives the image its final name in one step, replacing what stood there if that is what its place says. Fails with
    /// `name_taken` if something else stands there and has to stay, or with `disk_full` or `write_failed`.
    func publish() throws(JobFailure)

    /// Removes the temporary file now.
    func discard()
}

/// Where result records go.
public protocol ResultSink: Sendable {
    /// Writes one record as one line, with one `write`. Blocks while a pipe is full.
    func append(_ record: JobRecord) throws(RunFailure)

    /// Brings the records to stable storage (fdatasync). Blocks; does nothing where there is no such thing, as on a pipe.
    func sync() throws(RunFailure)
}
