public import FetchCore
public import Files
import Glibc

/// The output directory. It is kept open, so that all images go to it even if its path leads elsewhere later.
public final class ImageDirectory: ImageStore {
    let directory: Descriptor
    /// As it was typed.
    let path: String
    let durability: Durability
    let folders: ImageFolders
    /// Paths of files that the run itself writes, some of them at its end. No image gets the name of one.
    let reserved: [String]
    /// Gives the numbers in the names of part files.
    let randomNumber: @Sendable () -> UInt64

    /// Most images that are synced at once.
    ///
    /// Syncs that wait at the same time share one commit of the file system's journal and one flush of the device, which
    /// are most of what each costs. Each has a thread while it waits.
    private let syncsAtOnce: Int

    /// Enough to share what can be shared.
    public static let usualSyncsAtOnce = 64

    /// Most directories below this one that are open until their new names are synced: enough for the images of a batch
    /// to share what syncs can share.
    public static let usualUnsyncedFolders = 64

    init(
        _ directory: Descriptor, path: String, durability: Durability, syncsAtOnce: Int,
        unsyncedFolders: Int = usualUnsyncedFolders, reserved: [String] = [],
        randomNumber: @escaping @Sendable () -> UInt64
    ) {
        self.reserved = reserved
        self.directory = directory
        self.path = path
        self.durability = durability
        folders = ImageFolders(
            below: directory, path: path, durability: durability, syncsAtOnce: syncsAtOnce,
            mostUnsynced: unsyncedFolders)
        self.syncsAtOnce = syncsAtOnce
        self.randomNumber = randomNumber
    }

    /// Opens the directory, and creates it and its parents if they are missing.
    ///
    /// Under full durability new names are durable on return. `reserved` has the paths of the files that the run itself
    /// writes: no image takes the place of one.
    public static func open(
        _ path: String, durability: Durability = .full, syncsAtOnce: Int = usualSyncsAtOnce,
        unsyncedFolders: Int = usualUnsyncedFolders, reserved: [String] = []
    ) throws(OutputError) -> ImageDirectory {
        try open(
            path, durability: durability, syncsAtOnce: syncsAtOnce, unsyncedFolders: unsyncedFolders,
            reserved: reserved, randomNumber: { UInt64.random(in: .min ... .max) })
    }

    /// Opens the directory with another source of the numbers in part files' names.
    static func open(
        _ path: String, durability: Durability, syncsAtOnce: Int = usualSyncsAtOnce,
        unsyncedFolders: Int = usualUnsyncedFolders, reserved: [String] = [],
        randomNumber: @escaping @Sendable () -> UInt64
    ) throws(OutputError) -> ImageDirectory {
        try refusing(path) { () throws(SystemError) in
            let directory =
                if let existing = try openExisting(path) {
                    existing
                } else {
                    try create(path, durability: durability)
                }
            try requireWritable(directory)
            return ImageDirectory(
                directory, path: path, durability: durability, syncsAtOnce: syncsAtOnce,
                unsyncedFolders: unsyncedFolders, reserved: reserved, randomNumber: randomNumber)
        }
    }

    /// Fails as ``open(_:durability:syncsAtOnce:unsyncedFolders:reserved:)`` would now, and creates nothing. Returns the
    /// directory to look at the images that it has; nil when it has yet to be created.
    public static func check(_ path: String, durability: Durability = .full) throws(OutputError) -> ImageDirectory? {
        try refusing(path) { () throws(SystemError) in
            guard let directory = try openExisting(path) else {
                try checkCreation(path, durability: durability)
                return nil
            }
            try requireWritable(directory)
            return ImageDirectory(
                directory, path: path, durability: durability, syncsAtOnce: 1,
                randomNumber: { UInt64.random(in: .min ... .max) })
        }
    }

    private static func refusing<Part>(
        _ path: String, _ make: () throws(SystemError) -> Part
    ) throws(OutputError) -> Part {
        do {
            return try make()
        } catch {
            throw OutputError("the output directory \(path) cannot be used: \(error)")
        }
    }

    /// Removes the part files that killed runs have left there; those of a run that still goes on stay. Blocks.
    ///
    /// It reads all names, of which there may be a million. Other work may go on meanwhile.
    public func removeAbandonedParts() {
        TemporaryFile.removeAbandoned(from: directory) { PartName($0) != nil }
    }

    public func makePart(for id: JobID, at place: ImagePlace = .ofJobID) -> any PartFile {
        ImagePart(of: id, at: place, in: self)
    }

    /// How many bytes the file has where the job's image would be put; nil when there is none. A link is no image of
    /// ours, wherever it leads, and nothing is that lies behind one.
    public func imageBytes(of id: JobID, named name: ImageName? = nil) -> Int? {
        if let name { return imageBytes(named: name) }
        // A failed look is repeated once, for the trouble may pass. After that the image is downloaded again.
        for _ in 1...2 {
            var status = stat()
            let failure = ImagePart.withName(of: id) { name in
                fstatat(directory.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno
            }
            if failure == 0 { return status.isRegularFile ? Int(status.st_size) : nil }
            if failure == ENOENT { return nil }
        }
        return nil
    }

    public func sync(_ parts: [any PartFile]) -> [Result<Void, JobFailure>] {
        guard durability == .full else { return parts.map { _ in .success(()) } }
        return parts.concurrentMap(maxConcurrent: syncsAtOnce) { part in
            Result { () throws(JobFailure) in try part.sync() }
        }
    }

    private func imageBytes(named name: ImageName) -> Int? {
        var names = name.components
        let last = names.removeLast()
        guard let folder = folders.existing(names) else { return nil }
        var status = stat()
        guard fstatat(folder.number, last, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return status.isRegularFile ? Int(status.st_size) : nil
    }

    public func syncDirectories() throws(JobFailure) {
        do {
            try folders.sync()
        } catch {
            throw JobFailure(error, "The output directory could not be synced")
        }
    }

    private static func openExisting(_ path: String) throws(SystemError) -> Descriptor? {
        do {
            return try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
        } catch let error where error.code == ENOENT {
            return nil
        }
    }

    private static func requireWritable(_ directory: Descriptor) throws(SystemError) {
        try Descriptor.retrying { faccessat(directory.number, ".", W_OK | X_OK, CInt(AT_EACCESS)) }
    }

    /// Creates what is missing of a path, from its first component on.
    private static func create(_ path: String, durability: Durability) throws(SystemError) -> Descriptor {
        // A directory that exists may well be on a read-only file system, so no attempt is made to create it.
        for step in TypedPath.steps(to: path) where try !exists(step) {
            do {
                try Descriptor.retrying { mkdir(step, 0o777) }
            } catch let error where error.code == EEXIST {
                // Another run was faster.
                continue
            }
            if durability == .full { try Descriptor.syncName(ofPath: step) }
        }
        return try Descriptor.open(path, O_RDONLY | O_DIRECTORY)
    }

    /// Fails as ``create(_:durability:)`` would at the first component that is missing.
    private static func checkCreation(_ path: String, durability: Durability) throws(SystemError) {
        for step in TypedPath.steps(to: path) where try !exists(step) {
            return try NewFile.check(step, durability: durability)
        }
        throw SystemError(ENOENT)
    }

    private static func exists(_ path: String) throws(SystemError) -> Bool {
        do {
            _ = try stat(ofPath: path)
            return true
        } catch let error where error.code == ENOENT {
            return false
        }
    }
}
