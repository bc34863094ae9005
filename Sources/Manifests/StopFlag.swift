import Files
import Glibc
import Synchronization

/// Ends a wait for input. Any thread may raise it, and once raised it stays so.
final class StopFlag: Sendable {
    private let raised = Atomic(false)
    /// The first byte makes the read end readable. It is never read, so no later wait can miss it.
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
        // After very many raises the pipe is full, and a write would block.
        try Descriptor.retrying { fcntl(writeEnd.number, F_SETFL, O_NONBLOCK) }
    }

    var isRaised: Bool {
        raised.load(ordering: .acquiring)
    }

    func raise() {
        raised.store(true, ordering: .releasing)
        // If the pipe is full, it ends every wait already. Nothing else can fail while both ends are open.
        _ = try? Descriptor.retrying { write(writeEnd.number, "!", 1) }
    }

    /// Waits until a read of `input` would not block, or until the flag is raised; false if it is raised.
    func waitForInput(on input: Descriptor) throws(SystemError) -> Bool {
        var watched = [
            pollfd(fd: input.number, events: Int16(POLLIN), revents: 0),
            pollfd(fd: readEnd.number, events: Int16(POLLIN), revents: 0),
        ]
        try Descriptor.retrying { poll(&watched, nfds_t(watched.count), -1) }
        return !isRaised
    }
}
