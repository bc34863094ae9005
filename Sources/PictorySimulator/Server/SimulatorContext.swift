import Glibc
import Hummingbird
import NIOCore

/// What a request carries beside itself: the connection, for faults that HTTP has no words for.
struct SimulatorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    var isConnected: Bool { channel.isActive }

    /// Makes the client's closing of its side end the connection at once, where otherwise it could still be answered.
    func noticeDeparture() async throws {
        try await channel.setOption(.allowRemoteHalfClosure, value: false).get()
    }

    /// Waits until what was written has left for the kernel, all but a little, or the connection is gone.
    ///
    /// The server's own writer learns late that a client is slow and would take in a whole body meanwhile.
    func drained() async throws {
        while true {
            // Behind the writes that were handed to the connection before, so that they are taken into account.
            try await channel.eventLoop.submit {}.get()
            guard channel.isActive, !channel.isWritable else { return }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Ends the connection with a reset, dropping whatever was not sent.
    ///
    /// A socket that must not linger answers its closing with RST instead of FIN.
    func resetConnection() async {
        if let socket = channel as? any SocketOptionProvider {
            // A connection that the client has closed already cannot be reset, and need not be.
            try? await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        // For the same reason.
        try? await channel.close().get()
    }
}
