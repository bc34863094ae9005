import Glibc

/// A small file that is replaced as a whole: a reader sees the old one or the new one, and never a part.
public struct ReplacedFile: Sendable {
    /// How the file is called in a sentence.
    public let noun: String
    /// The file's name within its directory.
    public let name: String
    private let directory: Descriptor
    private let mode: UInt32
    private let durability: Durability

    /// Makes sure that the file can be replaced: creates a temporary file beside it and removes that again.
    ///
    /// Temporary files that killed runs have left there are removed too. If something has the name already, it has to
    /// be a regular file: a device or a link would be lost.
    public init(_ path: String, noun: String, mode: UInt32, durability: Durability) throws(OutputError) {
        self.init(
            directory: try Self.check(path, noun: noun), path: path, noun: noun, mode: mode, durability: durability)
        TemporaryFile.removeAbandoned(from: directory, where: Self.isTemporary)
        do {
            try makeTemporary().remove()
        } catch {
            throw Self.refusal(path, noun, error)
        }
    }

    private init(directory: Descriptor, path: String, noun: String, mode: UInt32, durability: Durability) {
        self.noun = "\(noun) \(path)"
        self.mode = mode
        self.durability = durability
        self.directory = directory
        name = TypedPath.lastName(of: path)
    }

    /// Fails if the file cannot be replaced, as far as can be seen without a change. Returns its directory.
    @discardableResult
    public static func check(_ path: String, noun: String) throws(OutputError) -> Descriptor {
        let name = TypedPath.lastName(of: path)
        let existing: stat?
        let directory: Descriptor
        do throws(SystemError) {
            guard !name.isEmpty else { throw SystemError(path.isEmpty ? ENOENT : EISDIR) }
            directory = try Descriptor.open(TypedPath.parent(of: path), O_RDONLY | O_DIRECTORY)
            existing = try status(of: name, in: directory)
            try Descriptor.retrying { faccessat(directory.number, ".", W_OK | X_OK, CInt(AT_EACCESS)) }
        } catch {
            throw refusal(path, noun, error)
        }
        guard existing?.isRegularFile ?? true else {
            throw OutputError("\(noun) \(path) is no regular file, and would be replaced by one")
        }
        return directory
    }

    private static func refusal(_ path: String, _ noun: String, _ error: SystemError) -> OutputError {
        OutputError("\(noun) \(path) cannot be written: \(error)")
    }

    /// Gives the file these bytes. Under full durability they, and the name, are on stable storage on return.
    public func replace(with bytes: [UInt8]) throws(SystemError) {
        let temporary = try makeTemporary()
        do throws(SystemError) {
            try temporary.descriptor.writeAll(bytes.span.bytes)
            if durability == .full { try temporary.descriptor.sync() }
            try temporary.rename(to: name)
        } catch {
            // That it cannot be removed either changes nothing.
            try? temporary.remove()
            throw error
        }
        if durability == .full { try directory.syncNames() }
    }

    /// What the file holds now; nil when there is none, it cannot be read, or it is longer than `limit` bytes.
    public func contents(limit: Int) -> [UInt8]? {
        do {
            let file = try Descriptor.open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, in: directory)
            guard try file.status().isRegularFile else { return nil }
            return try file.readAll(limit: limit)
        } catch {
            return nil
        }
    }

    private static func status(of name: String, in directory: Descriptor) throws(SystemError) -> stat? {
        var status = stat()
        do {
            try Descriptor.retrying { fstatat(directory.number, name, &status, AT_SYMLINK_NOFOLLOW) }
        } catch let error where error.code == ENOENT {
            return nil
        }
        return status
    }

    /// An empty temporary file beside it.
    private func makeTemporary() throws(SystemError) -> TemporaryFile {
        try Self.makeTemporary(in: directory, mode: mode)
    }

    /// An empty temporary file, of a name that ``isTemporary(_:)`` knows.
    static func makeTemporary(in directory: Descriptor, mode: UInt32) throws(SystemError) -> TemporaryFile {
        try TemporaryFile(in: directory, mode: mode) { temporaryName(UInt64.random(in: .min ... .max)) }
    }

    private static let prefix = ".pictory-fetch-"
    private static let suffix = ".tmp"

    static func temporaryName(_ number: UInt64) -> String {
        prefix + String(number, radix: 16) + suffix
    }

    /// Whether a name is one that ``temporaryName(_:)`` makes.
    static func isTemporary(_ name: String) -> Bool {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix),
            let number = UInt64(name.dropFirst(prefix.count).dropLast(suffix.count), radix: 16)
        else { return false }
        return name == temporaryName(number)
    }
}
