import Glibc
import NIOCore
import NIOSSL

/// Decisions about an idle connection that turns out to be closed when it is used.
///
/// Servers close idle connections at any time, and a restart or a middlebox closes all of them at once. The next request
/// over such a connection finds it closed, and should not fail for that.
enum DeadConnection {
    /// Whether a request that failed over an idle connection is sent again at once, over a new one.
    ///
    /// It is only if the connection was closed, and no byte of the reply had arrived. After such a byte, or after a
    /// timeout, the connection was alive, and the failure belongs to this request.
    static func isFound(by error: any Error, replyHasArrived: Bool) -> Bool {
        !replyHasArrived && isEnd(error)
    }

    /// Whether an error says that the connection is closed.
    private static func isEnd(_ error: any Error) -> Bool {
        switch error {
        case ConnectionError.hangUp: true
        case let error as IOError: [ECONNRESET, EPIPE, ECONNABORTED, ENOTCONN, ESHUTDOWN].contains(error.errnoCode)
        case ChannelError.eof, ChannelError.inputClosed, ChannelError.outputClosed, ChannelError.ioOnClosedChannel,
            ChannelError.alreadyClosed:
            true
        case NIOSSLError.uncleanShutdown: true
        default: false
        }
    }

    /// The age of a connection.
    struct Age: Equatable {
        let opened: NIODeadline
        /// Since when no request has been made over it.
        var idleSince: NIODeadline

        /// Whether the connection is probably dead too, after another one to the same place was found dead.
        ///
        /// What closed that one probably closed those that were idle for as long, or that were opened before it. To close
        /// a living connection costs a new one; to keep a dead one costs a failed request.
        func isSuspect(after dead: Age) -> Bool {
            idleSince <= dead.idleSince || opened <= dead.opened
        }
    }
}
