import FetchCore
import Files
import Images

/// How many threads the program is to run with.
///
/// Where the system gives fewer than are asked for, Dispatch waits for ever and NIO ends the program; where it has no
/// address space for them, the allocator ends it. So what is needed is made sure of before the first of them begins.
struct ThreadPlan: Equatable {
    /// Threads for the connections.
    let eventLoops: Int
    /// Images that may be synced at once; each has a thread while it is, but for one.
    let syncsAtOnce: Int

    /// More event loops than this bring nothing.
    static let mostEventLoops = 4
    private static let mostSyncsAtOnce = ImageDirectory.usualSyncsAtOnce

    /// What the system has for threads besides the first.
    struct Room: Equatable {
        /// How many there may be, as far as was looked.
        let threads: Int
        /// Bytes of address space for them, as far as was looked.
        let addressSpace: Int
        /// What the stack of each takes of it.
        let stackBytes: Int

        /// Looks for as much as the widest run needs.
        static func find() -> Room {
            find(threads: ThreadPlan.threads(eventLoops: mostEventLoops, processors: .max), syncs: mostSyncsAtOnce)
        }

        /// How many threads can be added to those that exist, at most `limit`.
        static func threads(upTo limit: Int) -> Int {
            find(threads: limit, syncs: 0).threadCount
        }

        private static func find(threads: Int, syncs: Int) -> Room {
            let stackBytes = ProcessRoom.stackBytes
            return Room(
                threads: ProcessRoom.threads(upTo: threads),
                addressSpace: ProcessRoom.addressSpace(
                    upTo: reserveBytes + threads * (stackBytes + heapBytes) + syncs * syncBytes),
                stackBytes: stackBytes)
        }

        /// What one thread takes of the address space.
        var bytesPerThread: Int { stackBytes + heapBytes }

        /// How many threads there may be, by both.
        var threadCount: Int { min(threads, (addressSpace - reserveBytes) / bytesPerThread) }
    }

    /// What mimalloc maps for a thread at its first allocation: a segment.
    private static let heapBytes = 32 << 20
    /// What a thread for a sync may take: a small stack, and a segment if the sync fails and an error is made.
    private static let syncBytes = heapBytes + 256 << 10
    /// For what the first thread allocates beyond its first segment.
    private static let reserveBytes = heapBytes

    /// Threads besides the first: two for each event loop, its own and one that resolves names; one that reads the
    /// manifest and one that writes the results; one of Dispatch, and those of Swift's pool, most of which stay idle.
    private static func threads(eventLoops: Int, processors: Int) -> Int {
        2 * eventLoops + 2 + 1 + min(processors, 4)
    }

    /// As wide as the room and the processors make useful; refused where there is too little for a single event loop.
    init(in room: Room, processors: Int, mostEventLoops: Int = ThreadPlan.mostEventLoops) throws(StartError) {
        let widest = max(1, min(processors, mostEventLoops))
        let fits = (1...widest).last { eventLoops in
            Self.threads(eventLoops: eventLoops, processors: processors) <= room.threadCount
        }
        guard let eventLoops = fits else {
            throw Self.refusal(room, needed: Self.threads(eventLoops: 1, processors: processors))
        }
        self.eventLoops = eventLoops
        let rest =
            room.addressSpace - Self.reserveBytes
            - Self.threads(eventLoops: eventLoops, processors: processors) * room.bytesPerThread
        syncsAtOnce = max(1, min(Self.mostSyncsAtOnce, rest / Self.syncBytes))
    }

    private static func refusal(_ room: Room, needed: Int) -> StartError {
        let bytes = reserveBytes + needed * room.bytesPerThread
        guard room.addressSpace >= bytes else {
            // What there is has been found to less than a megabyte.
            let missing = bytes - room.addressSpace + 1 << 20
            return StartError(
                status: .configuration,
                message:
                    "the address space has no room for the \(needed) further threads that are needed; the limit has to be at least \(missing >> 10) kB higher (ulimit -v)"
            )
        }
        return StartError(
            status: .configuration,
            message:
                "the system gives the program \(room.threads) further threads; at least \(needed) are needed (ulimit -u, or the limit of the container)"
        )
    }
}
