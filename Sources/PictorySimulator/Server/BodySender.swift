import Hummingbird
import NIOCore

/// Sends one reply's body the way its delivery says.
struct BodySender: Sendable {
    /// Thrown to make the server end a connection whose body is not complete.
    struct Abandoned: Error {}

    /// How much is handed to the connection at once.
    private static let pieceLength = 64 * 1024
    /// What the client must still be waiting for when the request stops counting as in flight.
    private static let lastPieceLength = 8 * 1024
    /// Time for the last piece before a deliberate end to leave this machine.
    private static let farewell = Duration.milliseconds(30)
    /// A stalled body stays silent for this long before the connection ends.
    private static let longestSilence = 600

    let delivery: Reply.Delivery
    let timeScale: Double
    let context: SimulatorContext
    let ticket: FlightTicket
    let sent: @Sendable (Int) -> Void

    @concurrent
    func send(_ bytes: [UInt8], to writer: inout any ResponseBodyWriter) async throws {
        switch delivery {
        case .whole, .late, .resetAtOnce: try await write(bytes[...], to: &writer, thenLand: true)
        case .slow(let seconds):
            let length = max(bytes.count / 20, 1)
            let pause = Duration.seconds(seconds / timeScale / 20)
            for start in stride(from: 0, to: bytes.count, by: length) {
                let end = min(start + length, bytes.count)
                try await write(bytes[start..<end], to: &writer, thenLand: end == bytes.count)
                if end < bytes.count { try await Task.sleep(for: pause) }
            }
        case .cut:
            try await write(bytes.prefix(bytes.count * 2 / 3), to: &writer, thenLand: true)
            try await Task.sleep(for: BodySender.farewell)
            throw Abandoned()
        case .reset:
            try await write(bytes.prefix(bytes.count / 2), to: &writer, thenLand: true)
            try await Task.sleep(for: BodySender.farewell)
            await context.resetConnection()
            throw Abandoned()
        case .stalled:
            try await context.noticeDeparture()
            try await write(bytes.prefix(bytes.count / 2), to: &writer, thenLand: false)
            for _ in 0..<BodySender.longestSilence where context.isConnected {
                try await Task.sleep(for: .seconds(1))
            }
            throw Abandoned()
        }
    }

    /// Sends filler chunks up to a length, or until the client has had enough.
    @concurrent
    func sendFiller(declared: Int?, to writer: inout any ResponseBodyWriter) async throws {
        try await write(FillerPNG.opening[...], to: &writer, thenLand: false)
        var left = (declared ?? .max) - FillerPNG.opening.count
        let chunk = ByteBuffer(bytes: FillerPNG.chunk)
        while left > 0 {
            try Task.checkCancellation()
            let length = min(left, chunk.readableBytes)
            if length == left { ticket.land() }
            sent(length)
            try await writer.write(chunk.getSlice(at: 0, length: length) ?? chunk)
            try await context.drained()
            left -= length
        }
    }

    @concurrent
    private func write(
        _ bytes: ArraySlice<UInt8>, to writer: inout any ResponseBodyWriter, thenLand: Bool
    ) async throws {
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let left = bytes.endIndex - start
            let last = BodySender.lastPieceLength
            let length = left <= last ? left : min(left - last, BodySender.pieceLength)
            if thenLand, length == left { ticket.land() }
            sent(length)
            try await writer.write(ByteBuffer(bytes: bytes[start..<start + length]))
            start += length
            if start < bytes.endIndex { try await context.drained() }
        }
        if thenLand { ticket.land() }
    }
}
