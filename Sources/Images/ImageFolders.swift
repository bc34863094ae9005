import FetchCore
import Files
import Glibc
import Synchronization

/// The output directory and the directories below it to which images go.
///
/// A directory is reached from the one above it, by its descriptor, and is never a symbolic link: whatever is put on the
/// way while a run goes on, no image leaves the output directory. Under full durability a directory with a new name in it
/// is kept open until it is synced.
final class ImageFolders: Sendable {
    private let root: Descriptor
    private let path: String
    private let durability: Durability
    private let syncsAtOnce: Int
    /// Most directories that are kept open for the next sync.
    private let mostUnsynced: Int
    private let state = Mutex(State())

    private struct State {
        /// The file system of the output directory, once it was asked for.
        var device: dev_t?
        /// Directories with new names, by their inodes.
        var unsynced: [ino_t: Descriptor] = [:]
        /// Directories whose own names are durable, or will be with the next sync.
        var known: Set<ino_t> = []
        /// A sync that was due before the end of a batch, and failed.
        var failure: SystemError?
    }

    /// Most directories that are known to have durable names. Of one that was forgotten the name is synced again.
    private static let mostKnown = 100_000

    /// How often a directory is made that somebody removes again at once.
    private static let attempts = 3

    init(below root: Descriptor, path: String, durability: Durability, syncsAtOnce: Int, mostUnsynced: Int) {
        self.root = root
        self.path = path
        self.durability = durability
        self.syncsAtOnce = syncsAtOnce
        self.mostUnsynced = mostUnsynced
    }

    /// The directory with these names, one below the other; created where it is missing.
    func open(_ names: [String]) throws(JobFailure) -> Descriptor {
        try state.withLock { (state) throws(JobFailure) in
            var folder = root
            for place in names.indices {
                folder = try step(to: names[...place], in: folder, &state)
            }
            return folder
        }
    }

    /// The directory with these names if there is one and no link leads to it. Nothing is created.
    func existing(_ names: [String]) -> Descriptor? {
        var folder = root
        for name in names {
            // Whatever the reason is, there is no image to be found.
            guard let next = try? Descriptor.open(name, Self.flags, in: folder) else { return nil }
            folder = next
        }
        return folder
    }

    /// Notes that the directory has a new name in it.
    func noteName(in folder: Descriptor) throws(JobFailure) {
        try state.withLock { (state) throws(JobFailure) in
            do throws(SystemError) {
                try note(folder, &state)
            } catch {
                throw JobFailure(error, "The output directory could not be looked at")
            }
        }
    }

    /// Notes that the output directory itself has a new name in it.
    func noteNameInRoot() {
        guard durability == .full else { return }
        // No inode has the number 0.
        state.withLock { $0.unsynced[0] = root }
    }

    /// Makes all new names durable. Blocks.
    func sync() throws(SystemError) {
        try state.withLock { (state) throws(SystemError) in
            syncAll(&state)
            if let failure = state.failure.take() { throw failure }
        }
    }

    private static let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NOCTTY

    /// The directory with the last of these names, which is in `parent`.
    private func step(
        to names: ArraySlice<String>, in parent: Descriptor, _ state: inout State
    ) throws(JobFailure) -> Descriptor {
        let name = names[names.endIndex - 1]
        var isNew = false
        let folder: Descriptor
        let status: stat
        do throws(SystemError) {
            folder = try open(name, in: parent, isNew: &isNew, &state)
            status = try folder.status()
        } catch {
            throw failure(error, names, parent)
        }
        do throws(SystemError) {
            guard try status.st_dev == device(&state) else { throw SystemError(EXDEV) }
            guard durability == .full else { return folder }
            if state.known.count >= Self.mostKnown { state.known = [] }
            // One that was there already may be that of a run that was killed before it synced the name.
            if state.known.insert(status.st_ino).inserted || isNew { try note(parent, &state) }
        } catch {
            throw failure(error, names, parent)
        }
        return folder
    }

    private func open(
        _ name: String, in parent: Descriptor, isNew: inout Bool, _ state: inout State
    ) throws(SystemError) -> Descriptor {
        var error = SystemError(ENOENT)
        for _ in 1...Self.attempts {
            do {
                return try Descriptor.open(name, Self.flags, in: parent)
            } catch let refusal where refusal.code == ENOENT {
                error = refusal
            } catch let refusal where refusal.isTooManyOpenFiles {
                // What is kept open for the next sync may be what is too much.
                error = refusal
                syncAll(&state)
                continue
            }
            do {
                try Descriptor.retrying { mkdirat(parent.number, name, 0o777) }
                isNew = true
            } catch let refusal where refusal.code == EEXIST {
                // Another run was faster, or a link leads nowhere.
                continue
            }
        }
        throw error
    }

    private func device(_ state: inout State) throws(SystemError) -> dev_t {
        if let device = state.device { return device }
        let device = try root.status().st_dev
        state.device = device
        return device
    }

    private func note(_ folder: Descriptor, _ state: inout State) throws(SystemError) {
        guard durability == .full else { return }
        let inode = folder === root ? 0 : try folder.status().st_ino
        if state.unsynced.count >= mostUnsynced, state.unsynced[inode] == nil { syncAll(&state) }
        state.unsynced[inode] = folder
    }

    private func syncAll(_ state: inout State) {
        let folders = Array(state.unsynced.values)
        state.unsynced = [:]
        let results = folders.concurrentMap(maxConcurrent: syncsAtOnce) { folder in
            Result { () throws(SystemError) in try folder.syncNames() }
        }
        for case .failure(let error) in results where state.failure == nil { state.failure = error }
    }

    /// What is wrong with the directory with the last of these names, in words.
    private func failure(_ error: SystemError, _ names: ArraySlice<String>, _ parent: Descriptor) -> JobFailure {
        let place = ForeignText.printable(TypedPath.joined(path, names.joined(separator: "/")), limit: 300)
        var status = stat()
        let isThere = fstatat(parent.number, names[names.endIndex - 1], &status, AT_SYMLINK_NOFOLLOW) == 0
        let message: String
        if isThere, status.isSymbolicLink {
            message = "\(place) is a symbolic link, and no image goes through one."
        } else if isThere, !status.isDirectory {
            message = "\(place) has to be a directory and is none."
        } else if error.code == EXDEV {
            message = "\(place) is on another file system than the output directory, and an image is only renamed."
        } else {
            return JobFailure(error, onTheWay: "The directory \(place) could not be opened")
        }
        return JobFailure(.writeFailed, at: .store, message, cause: .unusableDirectory)
    }
}
