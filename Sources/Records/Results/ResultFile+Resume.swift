public import FetchCore
public import Files
import Glibc

extension ResultFile {
    /// Opens a results file to carry on with it, and reads what it says; one that does not exist is created.
    ///
    /// A torn last record is cut off, durably under full durability. What holds anything else than records is refused
    /// and left as it is, as is a file that another run writes to, one that is not the journal of this `shard`, see
    /// ``FetchCore/JournalShards``, and one that is one of the `manifests`: its new records would be read as jobs again,
    /// and so on for ever. What the records call the images is kept if that is asked.
    public static func resume(
        _ path: String, manifests: [String] = [], durability: Durability = .full,
        shard: Shard? = nil, keepingNames: Bool = false, words: @escaping AdviceWords,
        clock: @escaping @Sendable () -> Timestamp = { Timestamp.now }
    ) throws(OutputError) -> (results: ResultFile, journal: JournalIndex) {
        let noun = noun(for: path)
        let descriptor = try refusing(noun) { () throws(SystemError) in
            do throws(SystemError) {
                return try create(path, durability: durability)
            } catch let error where error.code == EEXIST {
                return try Descriptor.open(path, O_RDWR | O_APPEND | O_NONBLOCK | O_NOCTTY)
            }
        }
        let status = try refusing(noun) { () throws(SystemError) in try descriptor.status() }
        try requireRegularFile(status, noun)
        let journal = try readJournal(
            in: descriptor, noun, status, manifests: manifests, shard: shard, keepingNames: keepingNames
        ) {
            (file) throws(SystemError) in try file.lockIfPossible()
        }
        return try refusing(noun) { () throws(SystemError) in
            try mend(descriptor, journal.repair, durability: durability)
            let results = try ResultFile(
                descriptor, noun: noun, durability: durability, shard: shard, words: words, clock: clock)
            return (results, journal.index)
        }
    }

    /// Finds out what ``resume(_:manifests:durability:shard:keepingNames:words:clock:)`` would refuse, and what the
    /// journal says; nil when there is none yet. Nothing is created, changed or locked, and a torn last record stays.
    public static func checkResume(
        _ path: String, manifests: [String] = [], durability: Durability = .full, shard: Shard? = nil,
        keepingNames: Bool = false
    ) throws(OutputError) -> JournalIndex? {
        let noun = noun(for: path)
        let existing: stat? = try refusing(noun) { () throws(SystemError) in
            let status = try self.existing(path, durability)
            guard status?.isDirectory != true else { throw SystemError(EISDIR) }
            return status
        }
        guard let status = existing else { return nil }
        try requireRegularFile(status, noun)
        let descriptor = try refusing(noun) { () throws(SystemError) in
            try Descriptor.retrying { faccessat(AT_FDCWD, path, W_OK, CInt(AT_EACCESS)) }
            return try Descriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        }
        return try readJournal(
            in: descriptor, noun, status, manifests: manifests, shard: shard, keepingNames: keepingNames
        ) {
            (file) throws(SystemError) in try file.checkLock()
        }.index
    }

    private static func requireRegularFile(_ status: stat, _ noun: String) throws(OutputError) {
        guard status.isRegularFile else { throw OutputError("\(noun) is no regular file, which --resume needs") }
    }

    /// Reads the journal, after a look at who else uses the file.
    private static func readJournal(
        in file: Descriptor, _ noun: String, _ status: stat, manifests: [String], shard: Shard?,
        keepingNames: Bool,
        lock: (Descriptor) throws(SystemError) -> Void
    ) throws(OutputError) -> Journal {
        try refusing(noun) { () throws(SystemError) in
            try refuse(status, among: manifests)
            try lock(file)
        }
        let journal: Journal
        do throws(RecordLinesError) {
            journal = try Journal(file, keepingNames: keepingNames)
        } catch {
            throw OutputError("\(noun) cannot be resumed: \(error)")
        }
        if let mismatch = journal.shards.mismatch(with: shard) { throw OutputError("\(noun) \(reason(mismatch))") }
        return journal
    }

    private static func reason(_ mismatch: JournalShards.Mismatch) -> String {
        switch mismatch {
        case .onePart(let shard): "is the journal of shard \(shard): --shard \(shard) carries on with it"
        case .otherPart(let shard, let line, let run):
            "holds a record of shard \(shard), in line \(line), and this run is shard \(run)"
        }
    }

    private static func mend(
        _ file: Descriptor, _ repair: Journal.Repair, durability: Durability
    ) throws(SystemError) {
        switch repair {
        case .nothing: break
        case .endLine: try file.writeAll([UInt8(ascii: "\n")].span.bytes)
        case .cut(let length): try Descriptor.retrying { ftruncate(file.number, off_t(length)) }
        }
        // Also where nothing was mended: a run that was killed may have written records that it never came to sync, and
        // what this run takes for settled must not be lost with the machine's power.
        if durability == .full { try file.sync() }
    }
}
