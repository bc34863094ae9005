import Hummingbird
import Synchronization

/// Carries requests from the wire to the simulation and its replies back.
final class SimulatorResponder: HTTPResponder, Sendable {
    typealias Context = SimulatorContext

    private let simulation: Mutex<Simulation>
    private let darkroom = Darkroom()
    private let now: @Sendable () -> Moment
    private let timeScale: Double

    init(_ simulation: Simulation, now: @escaping @Sendable () -> Moment) {
        timeScale = simulation.timeScale
        self.simulation = Mutex(simulation)
        self.now = now
    }

    func respond(to request: Request, context: SimulatorContext) async throws -> Response {
        let incoming = IncomingRequest(request)
        if incoming.path == "/simulator/stats" {
            let moment = now()
            // Copied under the lock, spelled outside it: a million jobs take a while to write down.
            let copy = simulation.withLock { $0 }
            let jobs = !incoming.query.split(separator: "&").contains("jobs=false")
            return response(.json(200, StatisticsReport.json(copy, at: moment, jobs: jobs)))
        }
        let kind = Simulation.kind(of: incoming.path)
        let moment = now()
        let reply = simulation.withLock { simulation in
            simulation.statistics.arrived(kind, at: moment.seconds)
            return simulation.answer(incoming, at: moment)
        }
        let ticket = FlightTicket { [weak self] in
            self?.simulation.withLock { $0.statistics.left(kind) }
        }
        switch reply.delivery {
        case .resetAtOnce:
            await context.resetConnection()
            throw BodySender.Abandoned()
        case .late(let seconds): try await Task.sleep(for: .seconds(seconds / timeScale))
        default: break
        }
        return try await response(reply, context, ticket)
    }

    private func response(
        _ reply: Reply, _ context: SimulatorContext, _ ticket: FlightTicket
    ) async throws -> Response {
        let sender = BodySender(
            delivery: reply.delivery, timeScale: timeScale, context: context, ticket: ticket,
            sent: { [weak self] bytes in self?.simulation.withLock { $0.statistics.sent(bytes: bytes) } })
        let body: ResponseBody
        switch reply.body {
        case .bytes(let bytes): body = whole(bytes, sender)
        case .picture(let picture, let damage):
            var file = try await darkroom.png(of: picture)
            if let damage { SimulatorResponder.damage(&file, damage) }
            body = whole(file, sender)
        case .filler(let declared):
            body = ResponseBody(contentLength: declared) { writer in
                try await sender.sendFiller(declared: declared, to: &writer)
                try await writer.finish(nil)
            }
        }
        return Response(status: .init(code: reply.status), headers: SimulatorResponder.fields(reply), body: body)
    }

    private func whole(_ bytes: [UInt8], _ sender: BodySender) -> ResponseBody {
        ResponseBody(contentLength: bytes.count) { writer in
            try await sender.send(bytes, to: &writer)
            try await writer.finish(nil)
        }
    }

    private func response(_ reply: Reply) -> Response {
        guard case .bytes(let bytes) = reply.body else { return Response(status: .internalServerError) }
        return Response(
            status: .init(code: reply.status), headers: SimulatorResponder.fields(reply),
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static func fields(_ reply: Reply) -> HTTPFields {
        var fields = HTTPFields()
        for header in reply.headers {
            switch header.name {
            case .contentType: fields[.contentType] = header.value
            case .location: fields[.location] = header.value
            case .retryAfter: fields[.retryAfter] = header.value
            case .server: fields[.server] = header.value
            }
        }
        return fields
    }

    /// Flips one bit somewhere behind the header, where a checksum covers it.
    static func damage(_ file: inout [UInt8], _ draw: UInt64) {
        let first = min(64, file.count - 1)
        let place = first + Int((draw >> 3) % UInt64(max(file.count - first - 16, 1)))
        file[place] ^= 1 << UInt8(draw & 7)
    }
}

extension IncomingRequest {
    init(_ request: Request) {
        let target = request.head.path ?? "/"
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(
            method: request.head.method.rawValue, path: String(parts[0]),
            query: parts.count > 1 ? String(parts[1]) : "", authority: request.head.authority ?? "127.0.0.1",
            headers: request.headers.map { IncomingRequest.Header(name: $0.name.rawName, value: $0.value) })
    }
}
