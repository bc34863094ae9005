import Glibc

/// What the system gives this process, as it was when the program began: later its own files and threads count too.
struct SystemLimits: Sendable {
    /// Found once, before the program has opened a file or begun a thread.
    static let atStart = SystemLimits(openFiles: .raised(), threadRoom: .find())

    /// Those of a system that refuses nothing, for who looks beyond what this one refuses.
    static let ample = SystemLimits(
        openFiles: OpenFileLimit(limit: 8192, inherited: 3),
        threadRoom: ThreadPlan.Room(threads: 1024, addressSpace: 1 << 40, stackBytes: 8 << 20))

    let openFiles: OpenFileLimit
    let threadRoom: ThreadPlan.Room

    /// How many threads a run may have; more event loops than one also need more files.
    func threadPlan() throws(StartError) -> ThreadPlan {
        try ThreadPlan(
            in: threadRoom, processors: Self.processors,
            mostEventLoops: openFiles.isNarrow ? 1 : ThreadPlan.mostEventLoops)
    }

    private static let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
}
