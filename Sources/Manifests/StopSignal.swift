import Files
import Glibc
import Synchronization

/// Ends a wait for input from any thread: once raised, it stays raised.
final class StopSignal: Sendable {
    private let raised = Atomic(false)
    /// The read end turns readable with the first byte, which is never read, so that no later wait can miss it.
    private let readEnd: Descriptor
    private let writeEnd: Descriptor

    init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        try Descriptor.retrying { pipe(&ends) }
        readEnd = Descriptor(owning: ends[0])
        writeEnd = Descriptor(owning: ends[1])
        for end in [readEnd, writeEnd] {
            try Descriptor.retrying { fcntl(end.number, F_SETFD, FD_CLOEXEC) }
        }
        // Raised a hundred thousand times, the pipe would be full and the next raise would block.
        try Descriptor.retrying { fcntl(writeEnd.number, F_SETFL, O_NONBLOCK) }
    }

    var isRaised: Bool {
        raised.load(ordering: .acquiring)
    }

    func raise() {
        raised.store(true, ordering: .releasing)
        // A pipe with no room is one that wakes already; nothing else can fail while both ends are open.
        _ = try? Descriptor.retrying { write(writeEnd.number, "!", 1) }
    }

    /// Waits until a read of `input` would not block, or until the signal is raised; false if it is raised.
    func waitForInput(on input: Descriptor) throws(SystemError) -> Bool {
        var watched = [
            pollfd(fd: input.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: readEnd.number, events: Int16(POLLIN), revents: 0),
        ]
        try Descriptor.retrying { poll(&watched, nfds_t(watched.count), -1) }
        return !isRaised
    }
}
