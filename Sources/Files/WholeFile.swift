import Glibc

/// A file that is written in pieces and appears under its name once it is whole; until then it has a temporary name.
///
/// One that is let go before ``publish(durability:)`` leaves nothing behind, and what had the name stays.
public final class WholeFile {
    public let descriptor: Descriptor
    private let temporary: TemporaryFile
    private let directory: Descriptor
    private let name: String
    /// The file that is replaced, locked as long as this one is written; nil where there was none.
    private let replaced: Descriptor?
    private var isPublished = false

    /// Begins a file. One that exists is refused with EEXIST, or replaced in the end if `replacing`: then a symbolic link
    /// is followed to it, and one that another run writes to is refused with EWOULDBLOCK.
    public init(_ path: String, replacing: Bool) throws(SystemError) {
        let existing: stat?
        do {
            existing = try stat(ofPath: path)
        } catch let error where error.code == ENOENT {
            existing = nil
        }
        guard existing == nil || replacing else { throw SystemError(EEXIST) }
        // A link that leads nowhere is neither followed nor replaced.
        if existing == nil { try NewFile.check(path) }
        let path = existing == nil ? path : try Self.resolved(path)
        name = TypedPath.lastName(of: path)
        directory = try Descriptor.open(TypedPath.parent(of: path), O_RDONLY | O_DIRECTORY)
        replaced = existing == nil ? nil : try Self.locked(name, in: directory)
        TemporaryFile.removeAbandoned(from: directory, where: ReplacedFile.isTemporary)
        temporary = try ReplacedFile.makeTemporary(in: directory, mode: 0o666)
        descriptor = temporary.descriptor
        if let existing { keepAccess(of: existing) }
    }

    /// Whoever could not read the old file cannot read the new one. What the system does not permit is left out.
    private func keepAccess(of existing: stat) {
        _ = fchown(descriptor.number, existing.st_uid, existing.st_gid)
        _ = fchmod(descriptor.number, existing.st_mode & 0o7777)
    }

    deinit {
        // That it cannot be removed changes nothing; a later run removes it.
        if !isPublished { try? temporary.remove() }
    }

    /// Gives the file its name. Under full durability it, and the name, are on stable storage on return. Blocks.
    ///
    /// Fails with EEXIST if something has the name by now that is not to be replaced.
    public func publish(durability: Durability) throws(SystemError) {
        if durability == .full { try descriptor.sync() }
        if replaced == nil {
            // Unlike a rename, a link never takes the place of another file.
            try Descriptor.retrying { linkat(directory.number, temporary.name, directory.number, name, 0) }
            try? temporary.remove()
        } else {
            try temporary.rename(to: name)
        }
        isPublished = true
        if durability == .full { try directory.syncNames() }
    }

    private static func resolved(_ path: String) throws(SystemError) -> String {
        guard let resolved = realpath(path, nil) else { throw SystemError.last }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func locked(_ name: String, in directory: Descriptor) throws(SystemError) -> Descriptor {
        let file = try Descriptor.open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY, in: directory)
        try file.lockIfPossible()
        return file
    }
}
