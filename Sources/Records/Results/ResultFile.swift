public import FetchCore
public import Files
import Glibc
import Synchronization

/// The results: a file, or standard output.
///
/// A record is written with one call, so that readers of a pipe or of a growing file see whole lines. A file is always
/// appended to, so that one that others have cut short grows from where it ends. SIGPIPE has to be ignored by the
/// program; a reader that went away is then a ``FetchCore/RunFailure/resultsClosed``.
public final class ResultFile: ResultSink {
    private let descriptor: Descriptor
    /// How the results are called in a sentence.
    private let noun: String
    private let syncs: Bool
    /// Whether a write or a sync may wait for long: for the disk, or, as on a pipe or a terminal, for somebody else. Without
    /// syncs, what is written to a regular file goes to memory.
    public let mayWait: Bool
    /// Whether the records are lost with the file's last name: it is a regular file, and was given by name.
    private let needsName: Bool
    private let shard: Shard?
    private let words: AdviceWords
    private let clock: @Sendable () -> Timestamp
    /// The size that the file has at least, unless somebody else has cut it short.
    private let size: Mutex<Int64>

    init(
        _ descriptor: Descriptor, noun: String, isNamed: Bool = true, durability: Durability, shard: Shard?,
        words: @escaping AdviceWords, clock: @escaping @Sendable () -> Timestamp
    ) throws(SystemError) {
        self.descriptor = descriptor
        self.noun = noun
        self.shard = shard
        self.words = words
        self.clock = clock
        // A pipe or a terminal has no storage to bring anything to.
        let status = try descriptor.status()
        let isRegularFile = status.isRegularFile
        syncs = durability == .full && isRegularFile
        mayWait = syncs || !isRegularFile
        // Whoever opened standard output may have removed its name on purpose.
        needsName = isNamed && isRegularFile
        size = Mutex(Int64(status.st_size))
    }

    /// Opens standard output for `-`, or else creates the file; one that exists is refused, or emptied if `replacing`.
    ///
    /// A file that is one of the `manifests` is refused even then: it would be emptied before it is read.
    ///
    /// What exists and holds nothing, such as a FIFO or `/dev/null`, is written to. A FIFO needs a reader already:
    /// without one this would wait, perhaps for ever. Under full durability the new name is durable on return.
    public static func open(
        _ path: String, replacing: Bool = false, manifests: [String] = [], durability: Durability = .full,
        shard: Shard? = nil, words: @escaping AdviceWords,
        clock: @escaping @Sendable () -> Timestamp = { Timestamp.now }
    ) throws(OutputError) -> ResultFile {
        let isStandardOutput = path == "-"
        let noun = isStandardOutput ? "standard output" : noun(for: path)
        return try refusing(noun) { () throws(SystemError) in
            let descriptor: Descriptor
            if isStandardOutput {
                descriptor = try writableStandardOutput()
            } else {
                descriptor = try createOrReuse(
                    path, replacing: replacing, manifests: manifests, durability: durability)
            }
            return try ResultFile(
                descriptor, noun: noun, isNamed: !isStandardOutput, durability: durability, shard: shard,
                words: words, clock: clock)
        }
    }

    static func noun(for path: String) -> String {
        "the results file \(path)"
    }

    /// Turns what the system says of a results file into a sentence.
    static func refusing<Part>(
        _ noun: String, _ make: () throws(SystemError) -> Part
    ) throws(OutputError) -> Part {
        do {
            return try make()
        } catch let error where error.code == EEXIST {
            throw OutputError("\(noun) exists; --resume continues it, --force replaces it")
        } catch let error where error.code == ETXTBSY {
            throw OutputError("\(noun) is a manifest of this run")
        } catch let error where error.code == EWOULDBLOCK {
            throw OutputError("\(noun) is being written by another run")
        } catch let error where error.code == ENXIO {
            throw OutputError("\(noun) has no reader yet")
        } catch {
            throw OutputError("\(noun) cannot be written: \(error)")
        }
    }

    public func append(_ record: JobRecord) throws(RunFailure) {
        let line = RecordEncoding.line(for: record, finishedAt: clock(), shard: shard, words: words)
        do {
            try descriptor.writeAll(line.span.bytes)
            size.withLock { $0 += Int64(line.count) }
        } catch let error where error.code == EPIPE {
            throw .resultsClosed
        } catch {
            throw .resultsNotWritten("\(noun) could not be written: \(error)")
        }
    }

    public func sync() throws(RunFailure) {
        guard syncs else { return }
        do {
            try descriptor.syncData()
        } catch {
            throw .resultsNotWritten("\(noun) could not be synced: \(error)")
        }
    }

    /// Why nobody will find the records though every one was written; nil when they can be found.
    ///
    /// A file that was removed, or replaced by another, while the run went on is gone with the program, and of one that
    /// was cut short records are missing. One that was renamed is not lost.
    public var loss: String? {
        guard needsName else { return nil }
        do {
            let status = try descriptor.status()
            guard status.st_size >= size.withLock(\.self) else {
                return "\(noun) was cut short while the run went on, and records are lost"
            }
            guard status.st_nlink == 0 else { return nil }
            return "\(noun) was removed or replaced while the run went on, and its records are lost"
        } catch {
            return "\(noun) can no longer be looked at: \(error)"
        }
    }

    static func writableStandardOutput() throws(SystemError) -> Descriptor {
        let descriptor = try Descriptor.copy(of: STDOUT_FILENO)
        guard try descriptor.flags() & O_ACCMODE != O_RDONLY else { throw SystemError(EBADF) }
        return descriptor
    }

    private static func createOrReuse(
        _ path: String, replacing: Bool, manifests: [String], durability: Durability
    ) throws(SystemError) -> Descriptor {
        do {
            return try create(path, durability: durability)
        } catch let error where error.code == EEXIST {
            return try reuse(path, replacing: replacing, manifests: manifests)
        }
    }

    static func create(_ path: String, durability: Durability) throws(SystemError) -> Descriptor {
        let created = try Descriptor.open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOCTTY, mode: 0o666)
        try created.lockIfPossible()
        guard durability == .full else { return created }
        do {
            try Descriptor.syncName(ofPath: path)
        } catch {
            // A file that stayed would have the next run refused; that it cannot be removed either changes nothing.
            _ = unlink(path)
            throw error
        }
        return created
    }

    private static func reuse(
        _ path: String, replacing: Bool, manifests: [String]
    ) throws(SystemError) -> Descriptor {
        let descriptor = try openWithoutWaiting(path)
        let status = try descriptor.status()
        if status.isRegularFile {
            // Judged and emptied by descriptor, so that it is the same file even if the name changes hands.
            try judge(status, replacing: replacing, manifests: manifests)
            // Other runs would resume or replace what is being written.
            try descriptor.lockIfPossible()
            try Descriptor.retrying { ftruncate(descriptor.number, 0) }
        }
        try makeBlocking(descriptor)
        return descriptor
    }

    /// Refuses a regular file that is not to be replaced.
    static func judge(_ status: stat, replacing: Bool, manifests: [String]) throws(SystemError) {
        guard replacing else { throw SystemError(EEXIST) }
        try refuse(status, among: manifests)
    }

    /// Opens what exists and holds nothing, such as a FIFO or `/dev/null`; a FIFO without a reader fails with ENXIO.
    static func openStream(_ path: String) throws(SystemError) -> Descriptor {
        let descriptor = try openWithoutWaiting(path)
        try makeBlocking(descriptor)
        return descriptor
    }

    /// Non-blocking only to open it: a FIFO without a reader then answers ENXIO.
    static func openWithoutWaiting(_ path: String) throws(SystemError) -> Descriptor {
        try Descriptor.open(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY)
    }

    private static func makeBlocking(_ descriptor: Descriptor) throws(SystemError) {
        let flags = try descriptor.flags() & ~O_NONBLOCK
        try Descriptor.retrying { fcntl(descriptor.number, F_SETFL, flags) }
    }

    /// Refuses the file with this status if it is one of the manifests.
    static func refuse(_ status: stat, among manifests: [String]) throws(SystemError) {
        guard try !status.isOne(ofInputs: manifests) else { throw SystemError(ETXTBSY) }
    }
}
