import FetchCore
import Testing

@testable import HTTPTransport

@Suite(
    "TLS", .timeLimit(.minutes(1)),
    .enabled(if: ThrowawayCertificate.isPossible, "openssl is missing: NOTHING about TLS was tested"))
struct HTTPTransportTLSTests {
    private let reply = Script.reply(200, "{}")

    @Test func unknownAuthorityIsATLSFailureOfThePoll() async throws {
        try await ThrowawayCertificate.withCertificate(for: "DNS:localhost") { certificate in
            try await TLSServer.withServer(certificate, reply: reply) { port in
                let failure = try await Wire.get(Wire.configuration(api: "https://localhost:\(port)")).failure
                #expect(failure?.code == .tlsFailed)
                #expect(failure?.stage == .poll)
            }
        }
    }

    @Test func unknownAuthorityIsATLSFailureOfTheDownload() async throws {
        try await ThrowawayCertificate.withCertificate(for: "DNS:localhost") { certificate in
            try await TLSServer.withServer(certificate, reply: reply) { port in
                let failure = try await Wire.download("https://localhost:\(port)/").failure
                #expect(failure?.code == .tlsFailed)
                #expect(failure?.stage == .download)
            }
        }
    }

    @Test(arguments: [("DNS:localhost", "localhost"), ("IP:127.0.0.1", "127.0.0.1")])
    func certificateOfTheCAFileIsTrusted(name: String, host: String) async throws {
        try await ThrowawayCertificate.withCertificate(for: name) { certificate in
            try await TLSServer.withServer(certificate, reply: reply) { port in
                let configuration = Wire.configuration(
                    api: "https://\(host):\(port)", caFile: certificate.certificateFile)
                let polled = try await Wire.get(configuration)
                #expect(polled.value?.status == 200)
                let downloaded = try await Wire.download("https://\(host):\(port)/", configuration)
                #expect(downloaded.value == Array("{}".utf8))
            }
        }
    }

    @Test(arguments: [("DNS:elsewhere.example", "localhost"), ("IP:192.0.2.1", "127.0.0.1")])
    func certificateForAnotherNameIsRefused(name: String, host: String) async throws {
        try await ThrowawayCertificate.withCertificate(for: name) { certificate in
            try await TLSServer.withServer(certificate, reply: reply) { port in
                let configuration = Wire.configuration(
                    api: "https://\(host):\(port)", caFile: certificate.certificateFile)
                let failure = try await Wire.get(configuration).failure
                #expect(failure?.code == .tlsFailed)
            }
        }
    }

    @Test func serverThatSpeaksNoTLSIsATLSFailure() async throws {
        try await RawServer.withServer({ peer in
            peer.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            peer.waitForClose()
        }) { server in
            let failure = try await Wire.get(Wire.configuration(api: "https://127.0.0.1:\(server.port)")).failure
            #expect(failure?.code == .tlsFailed)
        }
    }

    @Test func hangingUpInTheHandshakeIsAFailedConnection() async throws {
        try await RawServer.withServer({ _ in }) { server in
            let failure = try await Wire.get(Wire.configuration(api: "https://127.0.0.1:\(server.port)")).failure
            #expect(failure?.code == .connectionFailed)
        }
    }

    @Test func silenceInTheHandshakeEndsByTheConnectTimeoutAndIsWorthAnotherTry() async throws {
        try await RawServer.withServer({ peer in peer.waitForClose() }) { server in
            var configuration = Wire.configuration(api: "https://127.0.0.1:\(server.port)")
            configuration.connectTimeout = .milliseconds(200)
            let code = try await Wire.get(configuration).failure?.code
            #expect(code == .timeout)
        }
    }

    @Test func peerIsLookedAtBeforeTheRequestOverTLSToo() async throws {
        try await ThrowawayCertificate.withCertificate(for: "DNS:images.test") { certificate in
            try await TLSServer.withServer(certificate, reply: reply) { port in
                let configuration = Wire.configuration(
                    api: "https://api.test", caFile: certificate.certificateFile)
                let failure = try await Wire.download(
                    "https://images.test:\(port)/", configuration,
                    overrides: .init(names: ["images.test": "127.0.0.1"])
                ).failure
                #expect(failure?.code == .urlRejected)
            }
        }
    }

    @Test func fileWithoutCertificatesIsAConfigurationFault() async throws {
        try await ThrowawayCertificate.withCertificate(for: "DNS:localhost") { certificate in
            #expect(throws: ConfigurationError.self) {
                try Wire.configuration(caFile: certificate.keyFile).validate()
            }
            try Wire.configuration(caFile: certificate.certificateFile).validate()
        }
    }
}
