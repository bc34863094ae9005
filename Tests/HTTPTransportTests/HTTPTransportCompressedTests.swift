import FetchCore
import Testing

@testable import HTTPTransport

@Suite("A compressed reply on the wire", .timeLimit(.minutes(1)))
struct HTTPTransportCompressedTests {
    private static let text = Array("{\"data\":{\"status\":\"completed\"},\"again\":\"and again and again\"}".utf8)

    /// Answers every request with this body, labelled as compressed.
    private static func script(_ body: [UInt8], _ label: String) -> @Sendable (Peer) -> Void {
        { peer in
            while peer.receive() != nil {
                peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: \(label)\r\nContent-Length: \(body.count)\r\n\r\n")
                peer.send(body)
            }
        }
    }

    /// What a poll and a download of the same reply come to.
    private func ends(
        _ body: [UInt8], _ label: String, maxImageBytes: Int = 1 << 20
    ) async throws -> (poll: Result<[UInt8], JobFailure>, image: Result<[UInt8], JobFailure>) {
        try await RawServer.withServer(Self.script(body, label)) { server in
            let configuration = Wire.configuration(api: server.origin, maxImageBytes: maxImageBytes)
            let poll = try await Wire.get(configuration).map(\.body)
            return (poll, try await Wire.download(server.origin, configuration))
        }
    }

    @Test(arguments: ["gzip", "x-gzip", "deflate", "gzip, identity"]) func isDecompressed(label: String) async throws {
        let compressed = try label == "deflate" ? Compressed.zlib(Self.text) : Compressed.gzip(Self.text)
        let (poll, image) = try await ends(compressed, label)
        #expect(poll.value == Self.text)
        #expect(image.value == Self.text)
    }

    @Test(arguments: [
        "base64", "aws-chunked", "utf-8", "binary", "none", "br", "identity, identity", "", "gzip", "deflate",
    ])
    func passesAsItIsWhereTheLabelIsWrong(label: String) async throws {
        let (poll, image) = try await ends(Self.text, label)
        #expect(poll.value == Self.text)
        #expect(image.value == Self.text)
    }

    @Test func thatEndsTooEarlyIsAFailure() async throws {
        let (poll, image) = try await ends(Array(Compressed.gzip(Self.text).dropLast()), "gzip")
        #expect(poll.failure?.code == .invalidResponse)
        #expect(image.failure?.code == .truncated)
        #expect(image.failure?.httpStatus == 200)
    }

    @Test func withAWrongChecksumIsAFailure() async throws {
        var compressed = try Compressed.gzip(Self.text)
        compressed[compressed.count - 5] ^= 1
        let (poll, image) = try await ends(compressed, "gzip")
        #expect(poll.failure?.code == .invalidResponse)
        #expect(image.failure?.code == .corruptPNG)
    }

    @Test func limitsAreOnTheDecompressedBytes() async throws {
        let zeros = [UInt8](repeating: 0, count: APIClient.maxReplyBytes)
        let whole = try await ends(Compressed.gzip(zeros), "gzip", maxImageBytes: zeros.count)
        #expect(whole.poll.value == zeros)
        #expect(whole.image.value == zeros)
        let more = try await ends(Compressed.gzip(zeros + [0]), "gzip", maxImageBytes: zeros.count)
        #expect(more.poll.failure?.code == .invalidResponse)
        #expect(more.image.failure?.code == .imageTooLarge)
    }

    @Test func packedBytesMayBeSomeMoreThanTheLimitAndNotManyMore() async throws {
        // Nothing repeats in it, so that it does not pack.
        let image = (0..<200).map { UInt8($0) }
        let compressed = try Compressed.gzip(image)
        try #require(compressed.count > image.count)
        #expect(try await ends(compressed, "gzip", maxImageBytes: image.count).image.value == image)
        let script: @Sendable (Peer) -> Void = { peer in
            guard peer.receive() != nil else { return }
            peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5000\r\n\r\n")
        }
        try await RawServer.withServer(script) { server in
            let failure = try await Wire.download(server.origin, Wire.configuration(maxImageBytes: image.count)).failure
            #expect(failure?.code == .imageTooLarge)
        }
    }

    @Test func connectionIsUsedAgain() async throws {
        try await RawServer.withServer(Self.script(Compressed.gzip(Self.text), "gzip")) { server in
            try await HTTPTransport.withTransport(Wire.configuration(api: server.origin)) { transport in
                for _ in 0..<3 { _ = try await transport.api.get("/") }
            }
            #expect(server.connections == 1)
        }
    }

    @Test func keyIsMaskedInWhatComesOut() async throws {
        let (poll, _) = try await ends(Compressed.gzip(Array("you sent \(Wire.key)".utf8)), "gzip")
        #expect(poll.value == Array("you sent [key]".utf8))
    }
}
