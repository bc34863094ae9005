import FetchCore
import Glibc
import Images

/// How many files the process may have open (RLIMIT_NOFILE), connections included.
///
/// The limit must never be reached: the Swift runtime ends the program when it cannot open a file of its own.
struct OpenFileLimit: Sendable, Equatable {
    /// How many there may be.
    let limit: Int
    /// How many there were when the program began: the standard streams, and what its parent has left open.
    let inherited: Int

    /// How many more can be opened.
    var free: Int { limit - inherited }

    /// There is no room for many connections, and so none for many event loops.
    var isNarrow: Bool { free < 256 }

    /// Raises the limit as far as the system allows without privileges, and counts what is open. To be called before the
    /// program opens anything.
    static func raised() -> OpenFileLimit {
        let limit = raise()
        return OpenFileLimit(limit: limit, inherited: openFiles(below: min(limit, most)))
    }

    private static func raise() -> Int {
        var limit = rlimit()
        // What these calls refuse leaves the limit as it is, and a limit that is not told counts as the usual one.
        guard getrlimit(resource, &limit) == 0 else { return 1024 }
        if limit.rlim_cur < limit.rlim_max {
            var wanted = limit
            wanted.rlim_cur = min(limit.rlim_max, rlim_t(most))
            if wanted.rlim_cur > limit.rlim_cur,
                setrlimit(resource, &wanted) == 0
            {
                limit = wanted
            }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many of the numbers below `end` belong to an open file. A file above the limit takes none of them away.
    private static func openFiles(below end: Int) -> Int {
        var watched = (0..<end).map { pollfd(fd: CInt($0), events: 0, revents: 0) }
        // One call asks about all of them, and marks each number that belongs to no open file.
        guard poll(&watched, nfds_t(end), 0) >= 0 else { return standardStreams }
        return watched.count { CInt($0.revents) & CInt(POLLNVAL) == 0 }
    }

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    /// More than the widest run needs: 1024 requests of four files each, and their backlog.
    private static let most = 8192

    private static let standardStreams = 3

    /// Refuses a limit that leaves less than any command needs: Dispatch and the runtime end the program where they
    /// cannot open the few files of their own.
    func check() throws(StartError) {
        try check(needing: 8)
    }

    private func check(needing needed: Int) throws(StartError) {
        guard free < needed else { return }
        let others = inherited > Self.standardStreams ? ", and \(inherited) were open when the program began" : ""
        throw StartError(
            status: .configuration,
            message:
                "the limit of open files is \(limit)\(others); at least \(inherited + needed) are needed (ulimit -n)")
    }

    /// How many directories of images may be open until their new names are synced.
    var unsyncedFolders: Int { isNarrow ? 8 : ImageDirectory.usualUnsyncedFolders }

    /// Narrows the policy to the limit, or refuses a limit that leaves no room for a single job. `folders` says that
    /// images go to directories of their own.
    func fit(_ policy: RunPolicy, eventLoops: Int, folders: Bool = false) throws(StartError) -> RunPolicy {
        // Before the first job are open, besides what was: the manifest, results and directory, the signals, the event
        // loops with three each; and a reserve for what the runtime and the resolver open in passing.
        // On the way to an image two directories more are open than wait for a sync.
        let base = 14 + 3 * eventLoops + (folders ? unsyncedFolders + 2 : 0)
        try check(needing: base + 3)
        var policy = policy
        policy.fit(openFiles: free - base)
        return policy
    }
}
