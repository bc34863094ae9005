import FetchCore
import NIOCore
import Synchronization
import Testing

@testable import HTTPTransport

@Suite("A download at a limited rate", .timeLimit(.minutes(1)))
struct HTTPTransportLimitTests {
    private func configuration(
        _ rate: Int, api: String = "http://127.0.0.1:1", stall: Duration = .seconds(30), maxImageBytes: Int = 1 << 20,
        caFile: String? = nil
    ) -> TransportConfiguration {
        var configuration = Wire.configuration(
            api: api, stall: stall, maxImageBytes: maxImageBytes, caFile: caFile)
        configuration.maxDownloadRate = rate
        return configuration
    }

    private static func reply(_ bytes: Int) -> String { Script.reply(200, String(repeating: "x", count: bytes)) }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n" + String(repeating: "abcdef", count: 100),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + String(repeating: "2\r\nab\r\n4;x=y\r\ncdef\r\n", count: 100) + "0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + String(repeating: "abcdef", count: 100),
        "HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n"
            + String(repeating: "abcdef", count: 100),
    ])
    func goodBodyArrivesWhole(reply: String) async throws {
        for rate in [40_000, 1_000_000_000] {
            try await RawServer.withServer(Script.once(reply)) { server in
                let value = try await Wire.download(server.origin, configuration(rate)).value
                #expect(value == Array(String(repeating: "abcdef", count: 100).utf8))
            }
        }
    }

    @Test func compressedBodyArrivesWhole() async throws {
        let text = (0..<2000).map { "\($0)" }.joined()
        let body = try Compressed.gzip(Array(text.utf8))
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n")
            peer.send(body)
        }) { server in
            let value = try await Wire.download(server.origin, configuration(40_000)).value
            #expect(value == Array(text.utf8))
        }
    }

    @Test(.enabled(if: ThrowawayCertificate.isPossible, "openssl is missing: NOTHING about TLS was tested"))
    func bodyOfManyRecordsOfTLSArrivesWhole() async throws {
        try await ThrowawayCertificate.withCertificate(for: "DNS:localhost") { certificate in
            try await TLSServer.withServer(certificate, reply: Self.reply(200_000)) { port in
                let value = try await Wire.download(
                    "https://localhost:\(port)/", configuration(1_000_000, caFile: certificate.certificateFile)
                ).value
                #expect(value?.count == 200_000)
            }
        }
    }

    @Test func downloadsTakeTheTimeThatTheRateAsksFor() async throws {
        // Two seconds' worth, of which the first quarter may come at once.
        try await RawServer.withServer(Script.always(Self.reply(10_000))) { server in
            let start = ContinuousClock.now
            try await HTTPTransport.withTransport(configuration(20_000)) { transport in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 { group.addTask { try await transport.images.download(server.origin) { _ in } } }
                    try await group.waitForAll()
                }
            }
            #expect(start.duration(to: .now) >= .milliseconds(1700))
        }
    }

    @Test func connectionIsKeptForTheNextDownload() async throws {
        try await RawServer.withServer(Script.always(Self.reply(3000))) { server in
            try await HTTPTransport.withTransport(configuration(100_000)) { transport in
                for _ in 0..<3 { try await transport.images.download(server.origin) { _ in } }
            }
            #expect(server.connections == 1)
        }
    }

    @Test func waitForATurnIsNoSilence() async throws {
        // A turn of 250 bytes every 250 ms, for one of six downloads.
        try await RawServer.withServer(Script.always(Self.reply(600))) { server in
            let slow = configuration(1000, stall: .seconds(1))
            let ends = try await HTTPTransport.withTransport(slow) { transport in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<6 {
                        group.addTask {
                            var count = 0
                            try await transport.images.download(server.origin) { count += $0.byteCount }
                            return count
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
            #expect(ends == Array(repeating: 600, count: 6))
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"])
    func silenceEndsADownloadAllTheSame(sent: String) async throws {
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send(sent)
            peer.waitForClose()
        }) { server in
            let failure = try await Wire.download(
                server.origin, configuration(1_000_000, stall: .milliseconds(200))
            ).failure
            #expect(failure?.code == .timeout)
        }
    }

    @Test func limitIsNotTakenForASlowServer() async throws {
        // Of the second that it takes, all but a moment is the limit's.
        try await RawServer.withServer(Script.once(Self.reply(1200))) { server in
            let rate = MinimumRate(grace: .milliseconds(500), bytesPerSecond: 5000)
            let value = try await Wire.download(
                server.origin, configuration(1000), overrides: .init(minimumRate: rate)
            ).value
            #expect(value?.count == 1200)
        }
    }

    @Test func bodyThatOnlyDripsEndsADownloadAllTheSame() async throws {
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
            peer.waitForClose()
        }) { server in
            let rate = MinimumRate(grace: .zero, bytesPerSecond: .max)
            let failure = try await Wire.download(
                server.origin, configuration(1000), overrides: .init(minimumRate: rate)
            ).failure
            #expect(failure?.code == .timeout)
        }
    }

    @Test func cancellationEndsTheWaitForATurn() async throws {
        try await RawServer.withServer(Script.always(Self.reply(1000))) { server in
            let result = try await cancelled(once: { !server.requests.isEmpty }) {
                try await Wire.download(server.origin, configuration(1))
            }
            #expect(result.failure?.code == .interrupted)
        }
    }

    @Test func repliesOfTheAPIAreNotLimited() async throws {
        try await RawServer.withServer(Script.always(Self.reply(100_000))) { server in
            let reply = try await Wire.get(configuration(1, api: server.origin)).value
            #expect(reply?.body.count == 100_000)
        }
    }

    @Test func serverCannotSendWhatIsNotRead() async throws {
        // More than the buffers of both sockets ever hold.
        let all = 200 << 20
        let sent = Mutex(0)
        let sentUntilEnough = Mutex(all)
        try await RawServer.withServer({ peer in
            peer.receive()
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(all)\r\n\r\n")
            let block = [UInt8](repeating: 1, count: 1 << 20)
            while sent.withLock({ $0 }) < all {
                peer.send(block)
                sent.withLock { $0 += block.count }
            }
        }) { server in
            let enough = JobFailure(.diskFull, at: .store, "Enough.")
            let received = Mutex(0)
            try await HTTPTransport.withTransport(configuration(100_000, maxImageBytes: all)) { transport in
                do throws(JobFailure) {
                    try await transport.images.download(server.origin) { (bytes) throws(JobFailure) in
                        let count = received.withLock { count in
                            count += bytes.byteCount
                            return count
                        }
                        guard count > 80_000 else { return }
                        sentUntilEnough.withLock { $0 = sent.withLock { $0 } }
                        throw enough
                    }
                } catch {
                    #expect(error == enough)
                }
            }
            #expect(sentUntilEnough.withLock { $0 } < all / 2)
        }
    }
}
