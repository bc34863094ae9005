import FetchCore
import NIOCore
import Testing

@testable import HTTPTransport

@Suite(
    "A server that breaks the rules of HTTP/2",
    .enabled(if: ThrowawayCertificate.isPossible, "openssl is missing: hostile HTTP/2 was NOT tested"),
    // Side by side they would take each other's time.
    .serialized, .timeLimit(.minutes(2)))
struct HTTP2NoiseTests {
    private typealias Attack = HostileHTTP2Server.Attack

    /// Lets the server attack a download and a request to the API, and returns how they fail.
    private func failures(
        under attack: HostileHTTP2Server.Attack, limit: Duration = .seconds(20),
        _ check: (HostileHTTP2Server) async throws -> Void = { _ in }
    ) async throws -> [FailureCode?] {
        try await ThrowawayCertificate.withCertificate(for: "IP:127.0.0.1") { certificate in
            try await HostileHTTP2Server.withServer(certificate, attack) { server, port in
                var configuration = Wire.configuration(
                    api: "https://127.0.0.1:\(port)", request: limit, stall: limit,
                    caFile: certificate.certificateFile)
                configuration.http2 = .everywhere
                let codes = try await HTTPTransport.withTransport(configuration) { transport in
                    var codes = [await transport.download("https://127.0.0.1:\(port)/").failure?.code]
                    do throws(JobFailure) {
                        _ = try await transport.api.get("/")
                        codes.append(nil)
                    } catch { codes.append(error.code) }
                    return codes
                }
                try await check(server)
                return codes
            }
        }
    }

    private static let long = String(repeating: "x", count: 4000)
    /// Fields in one frame and five that go on, which is as much as passes: together more than any head that is read.
    private static let largeHead =
        RawFrame.frame(1, stream: 1, [0x88] + (0..<4).flatMap { RawFrame.field("a\($0)", long) })
        + (1...5).flatMap {
            RawFrame.frame(
                9, flags: $0 == 5 ? RawFrame.endHeaders : 0, stream: 1,
                (0..<4).flatMap { RawFrame.field("b\($0)", long) })
        }

    /// More than the buffers of both sockets ever hold, by a multiple.
    private static let mostTimes = 2_000_000

    /// Each goes on far longer than anything that a server says in good faith.
    private static let floods = [
        Attack(testDescription: "PING", flood: RawFrame.frame(6, Array(repeating: 1, count: 8)), times: mostTimes),
        Attack(testDescription: "SETTINGS", flood: RawFrame.settings, times: mostTimes),
        Attack(testDescription: "PRIORITY", flood: RawFrame.frame(2, stream: 1, [0, 0, 0, 3, 1]), times: mostTimes),
        Attack(testDescription: "RST_STREAM", flood: RawFrame.frame(3, stream: 1, [0, 0, 0, 8]), times: mostTimes),
        Attack(
            testDescription: "empty DATA", opening: RawFrame.head, flood: RawFrame.frame(0, stream: 1), times: mostTimes
        ),
        Attack(
            testDescription: "empty CONTINUATION", opening: RawFrame.frame(1, stream: 1, [0x88]),
            flood: RawFrame.frame(9, stream: 1), times: mostTimes),
        Attack(
            testDescription: "CONTINUATION", opening: RawFrame.frame(1, stream: 1, [0x88]),
            flood: RawFrame.frame(9, stream: 1, RawFrame.field("a", long)), times: 50_000),
        Attack(
            testDescription: "interim heads",
            // `:status: 103`, of which the static table has the name alone.
            flood: RawFrame.frame(1, flags: RawFrame.endHeaders, stream: 1, [0x08, 3] + Array("103".utf8)),
            times: mostTimes),
    ]

    @Test(arguments: floods) func floodEndsTheConnection(flood: HostileHTTP2Server.Attack) async throws {
        let codes = try await failures(under: flood) { server in
            // Long before its end.
            #expect(server.floods < flood.times / 2, "\(server.floods)")
            try await until { server.closedByClient == server.connections }
        }
        for code in codes { #expect(code == .connectionFailed || code == .invalidResponse || code == .truncated) }
    }

    private static let nonsense = [
        Attack(testDescription: "no preface", preface: RawFrame.head),
        Attack(testDescription: "HTTP/1.1", preface: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)),
        Attack(
            testDescription: "a frame that is too large",
            opening: RawFrame.frame(0, stream: 1, Array(repeating: 0, count: 16385))),
        Attack(
            testDescription: "a head without a status",
            opening: RawFrame.frame(1, flags: 5, stream: 1, RawFrame.field("a", "b"))),
        Attack(
            testDescription: "a status that is none",
            opening: RawFrame.frame(1, flags: 5, stream: 1, [0x08, 2] + Array("20".utf8))),
        Attack(
            testDescription: "a name in capitals",
            opening: RawFrame.frame(1, flags: 5, stream: 1, [0x88] + RawFrame.field("A", "b"))),
        Attack(
            testDescription: "a field of a connection",
            opening: RawFrame.frame(1, flags: 5, stream: 1, [0x88] + RawFrame.field("connection", "close"))),
        Attack(
            testDescription: "a field that breaks its line",
            opening: RawFrame.frame(1, flags: 5, stream: 1, [0x88] + RawFrame.field("a", "b\r\nc: d"))),
        Attack(
            testDescription: "broken compression",
            opening: RawFrame.frame(1, flags: 5, stream: 1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF])),
        Attack(testDescription: "a body before its head", opening: RawFrame.frame(0, stream: 1, [1])),
        Attack(testDescription: "a body that nobody asked for", opening: RawFrame.frame(0, stream: 5, [1])),
        Attack(
            testDescription: "a reply that nobody asked for", opening: RawFrame.frame(1, flags: 5, stream: 7, [0x88])),
        Attack(testDescription: "a pushed reply", opening: RawFrame.frame(5, flags: 4, stream: 1, [0, 0, 0, 2, 0x82])),
        Attack(testDescription: "a window of more than 2^31", opening: RawFrame.frame(8, [0x7F, 0xFF, 0xFF, 0xFF])),
        Attack(
            testDescription: "an acknowledgement of nothing",
            opening: RawFrame.frame(4, flags: 1) + RawFrame.frame(4, flags: 1) + RawFrame.frame(4, flags: 1, [1])),
        Attack(testDescription: "a setting that is not permitted", opening: RawFrame.frame(4, [0, 5, 0, 0, 0, 1])),
        Attack(testDescription: "a large head", opening: largeHead),
        Attack(
            testDescription: "a small head that becomes a large one",
            opening: RawFrame.frame(
                1, flags: 5, stream: 1,
                [0x88] + RawFrame.field("a", long, isIndexed: true) + Array(repeating: 0xBE, count: 8000))),
        Attack(
            testDescription: "padding longer than its frame",
            opening: RawFrame.head + RawFrame.frame(0, flags: 8, stream: 1, [200, 1, 2])),
        Attack(testDescription: "half a head", opening: Array(RawFrame.head.dropLast()), staysOpen: false),
        Attack(
            testDescription: "half a body", opening: RawFrame.head + RawFrame.frame(0, stream: 1, [1, 2]),
            staysOpen: false),
        Attack(testDescription: "a farewell", opening: RawFrame.frame(7, Array(repeating: 0, count: 8))),
        Attack(testDescription: "nothing", preface: [], staysOpen: false),
    ]

    @Test(arguments: nonsense) func nonsenseEndsTheRequestSoon(nonsense: HostileHTTP2Server.Attack) async throws {
        let start = ContinuousClock.now
        let codes = try await failures(under: nonsense)
        for code in codes { #expect(code == .connectionFailed || code == .invalidResponse || code == .truncated) }
        #expect(start.duration(to: .now) < .seconds(10))
    }

    private static let silence = [
        Attack(testDescription: "after the handshake", preface: []),
        Attack(testDescription: "after the settings"),
        Attack(testDescription: "within a head", opening: Array(RawFrame.head.dropLast())),
        Attack(testDescription: "after the head", opening: RawFrame.head),
        Attack(testDescription: "within the body", opening: RawFrame.head + RawFrame.frame(0, stream: 1, [1, 2])),
        Attack(
            testDescription: "but for interim heads",
            opening: RawFrame.frame(1, flags: RawFrame.endHeaders, stream: 1, [0x08, 3] + Array("103".utf8))),
    ]

    @Test(arguments: silence) func silenceEndsTheRequestInTime(silence: HostileHTTP2Server.Attack) async throws {
        let codes = try await failures(under: silence, limit: .milliseconds(300))
        #expect(codes == [.timeout, .timeout])
    }
}
