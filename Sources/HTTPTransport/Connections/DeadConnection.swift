import Glibc
import NIOCore
import NIOSSL

/// What is done about an idle connection that turns out to be closed when it is used.
///
/// Servers close idle connections without a word, and restarts and middleboxes close all of them at once. The next
/// request over such a connection finds out, and is not at fault.
enum DeadConnection {
    /// Whether a request that failed over an idle connection is sent again at once, over a new one.
    ///
    /// Only if the connection was closed, and only before a byte of the reply: after that byte, or after a silence, the
    /// connection was alive, and the failure is the server's answer to this request.
    static func isFound(by error: any Error, replyHasCome: Bool) -> Bool {
        !replyHasCome && isEnd(error)
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

    /// How old a connection is.
    struct Age: Equatable {
        let opened: NIODeadline
        /// Since when no request has been made over it.
        var idleSince: NIODeadline

        /// Whether the connection is likely to be dead too, once one of this other age to the same place was found dead.
        ///
        /// Whatever ended that one ends those that were idle as long, or that were there before it. A connection that is
        /// dropped in vain costs a new one; one that is kept in vain costs a request.
        func isSuspect(after dead: Age) -> Bool {
            idleSince <= dead.idleSince || opened <= dead.opened
        }
    }
}
