import FetchCore
import NIOCore
import Testing

@testable import HTTPTransport

@Suite(
    "How fast a reply of HTTP/2 comes",
    .enabled(if: ThrowawayCertificate.isPossible, "openssl is missing: HTTP/2 was NOT tested"), .timeLimit(.minutes(1)))
struct HTTP2FlowTests {
    private func body(_ bytes: Int) -> String { String(repeating: "x", count: bytes) }

    @Test func downloadsTakeTheTimeThatTheRateAsksFor() async throws {
        // Two seconds' worth, of which the first quarter may come at once.
        let reply = body(50_000)
        try await HTTP2Trial.run {
            $0.maxDownloadRate = 100_000
        } script: {
            .reply(to: $0, 200, reply, piece: 1000)
        } _: { trial in
            let start = ContinuousClock.now
            await withTaskGroup(of: Int?.self) { group in
                for _ in 0..<4 { group.addTask { await trial.download("/").value?.count } }
                for await count in group { #expect(count == 50_000) }
            }
            #expect(start.duration(to: .now) >= .milliseconds(1700))
            #expect(trial.server.connections == 1)
        }
    }

    @Test func waitForATurnIsNoSilence() async throws {
        // Seven seconds' worth for all, and a quarter of a second's in each turn. A reply is larger than its window, so
        // that the server has not sent all of it while it waits.
        let reply = body(80_000)
        try await HTTP2Trial.run {
            $0.maxDownloadRate = 60_000
            $0.stallTimeout = .seconds(1)
        } script: {
            .reply(to: $0, 200, reply, piece: 16_000)
        } _: { trial in
            await withTaskGroup(of: Int?.self) { group in
                for _ in 0..<5 { group.addTask { await trial.download("/").value?.count } }
                for await count in group { #expect(count == 80_000) }
            }
        }
    }

    @Test func repliesOfTheAPIAreNotLimited() async throws {
        let reply = body(100_000)
        try await HTTP2Trial.run {
            $0.maxDownloadRate = 1
        } script: {
            .reply(to: $0, 200, reply)
        } _: { trial in
            let received = try await trial.reply().body.count
            #expect(received == 100_000)
        }
    }

    @Test func serverCannotSendWhatIsNotRead() async throws {
        // Many times what the windows permit.
        let reply = body(20_000_000)
        try await HTTP2Trial.run {
            $0.maxDownloadRate = 100_000
            $0.maxImageBytes = reply.utf8.count
        } script: {
            .reply(to: $0, 200, reply)
        } _: { trial in
            let enough = JobFailure(.diskFull, at: .store, "Enough.")
            var received = 0
            do throws(JobFailure) {
                try await trial.transport.images.download("https://127.0.0.1:\(trial.port)/") {
                    (bytes) throws(JobFailure) in
                    received += bytes.byteCount
                    if received > 150_000 { throw enough }
                }
            } catch {
                #expect(error == enough)
            }
            #expect(received > 150_000)
            #expect(trial.server.bytesSent < 1_000_000)
        }
    }

    @Test func bodyBeyondTheWindowEndsTheConnection() async throws {
        let block = RawFrame.frame(0, stream: 1, Array(repeating: 1, count: 16384))
        let attack = HostileHTTP2Server.Attack(
            testDescription: "", opening: RawFrame.head, flood: block, times: 100_000)
        try await ThrowawayCertificate.withCertificate(for: "IP:127.0.0.1") { certificate in
            try await HostileHTTP2Server.withServer(certificate, attack) { server, port in
                var configuration = Wire.configuration(
                    api: "https://127.0.0.1:\(port)", caFile: certificate.certificateFile)
                configuration.http2 = .everywhere
                // The first piece is read, and so the window is soon full.
                configuration.maxDownloadRate = 20_000
                let failure = try await HTTPTransport.withTransport(configuration) {
                    await $0.download("https://127.0.0.1:\(port)/").failure
                }
                #expect(failure?.code == .truncated)
                #expect(server.floods < attack.times / 2)
            }
        }
    }

    @Test func repliesThatWereGivenUpLeaveTheWindowOpen() async throws {
        // Each is too large, and so given up at its head; its body comes all the same, together more than the window of
        // a connection.
        let count: UInt32 = 100
        let large = [0x88] + RawFrame.field("content-length", "\(2 << 20)")
        let block = [UInt8](repeating: 1, count: 16384)
        let attack = HostileHTTP2Server.Attack(
            testDescription: "",
            answer: { type, stream in
                switch type {
                case 1 where stream > 2 * count:
                    return RawFrame.frame(1, flags: RawFrame.endHeaders, stream: stream, [0x88])
                        + RawFrame.frame(0, flags: RawFrame.endStream, stream: stream, block)
                case 1: return RawFrame.frame(1, flags: RawFrame.endHeaders, stream: stream, large)
                case 3: return Array((0..<15).map { _ in RawFrame.frame(0, stream: stream, block) }.joined())
                default: return []
                }
            })
        try await ThrowawayCertificate.withCertificate(for: "IP:127.0.0.1") { certificate in
            try await HostileHTTP2Server.withServer(certificate, attack) { server, port in
                var configuration = Wire.configuration(
                    api: "https://127.0.0.1:\(port)", caFile: certificate.certificateFile)
                configuration.http2 = .everywhere
                try await HTTPTransport.withTransport(configuration) { transport in
                    let url = "https://127.0.0.1:\(port)/"
                    for _ in 0..<count { #expect(await transport.download(url).failure?.code == .imageTooLarge) }
                    #expect(await transport.download(url).value == block)
                }
                #expect(server.connections == 1)
            }
        }
    }
}
