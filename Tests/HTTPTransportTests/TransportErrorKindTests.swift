import FetchCore
import Glibc
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOSSL
import Testing
import WebAddress

@testable import HTTPTransport

@Suite("The translation of foreign errors", .timeLimit(.minutes(1)))
struct TransportErrorKindTests {
    private struct Unheard: Error {}

    /// One row of the table in ``JobFailure/ofTransport``: codes for a poll, for the head and for the body of an image.
    private struct Row {
        let error: any Error
        let codes: [FailureCode]

        init(_ error: any Error, _ poll: FailureCode, _ head: FailureCode, _ body: FailureCode) {
            self.error = error
            codes = [poll, head, body]
        }
    }

    private func check(_ rows: [Row]) {
        for row in rows {
            for (exchange, code) in zip([ExchangePhase.poll, .imageHead, .imageBody], row.codes) {
                let failure = JobFailure.ofTransport(row.error, in: exchange, cancelled: false, httpStatus: 200)
                #expect(failure.code == code, "\(row.error) in \(exchange)")
                #expect(failure.stage == (exchange == .poll ? .poll : .download))
                #expect(failure.httpStatus == 200)
            }
        }
    }

    @Test func timeoutsAreTimeouts() {
        let errors: [any Error] = [
            ConnectionError.timeout, ChannelError.connectTimeout(.seconds(1)),
            IOError(errnoCode: ETIMEDOUT, reason: "connect"),
            NIOHTTP1ProxyConnectHandler.Error.httpProxyHandshakeTimeout(),
        ]
        check(errors.map { Row($0, .timeout, .timeout, .timeout) })
    }

    @Test func resolverThatIsSilentIsADNSFailure() {
        check([Row(ConnectionError.resolverSilent, .dnsFailed, .dnsFailed, .dnsFailed)])
    }

    @Test func brokenConnectionsAreFailedConnections() {
        let errors: [any Error] = [
            IOError(errnoCode: ECONNREFUSED, reason: "connect"), IOError(errnoCode: ECONNRESET, reason: "read"),
            IOError(errnoCode: EHOSTUNREACH, reason: "connect"), ChannelError.ioOnClosedChannel, Unheard(),
            NIOHTTP1ProxyConnectHandler.Error.noResult(),
        ]
        check(errors.map { Row($0, .connectionFailed, .connectionFailed, .connectionFailed) })
    }

    @Test func troubleWithTrustIsATLSFailure() {
        let errors: [any Error] = [
            NIOSSLError.handshakeFailed(.noError), NIOSSLError.unableToValidateCertificate,
            NIOSSLError.noCertificateToValidate, NIOSSLExtraError.failedToValidateHostname, BoringSSLError.noError,
        ]
        check(errors.map { Row($0, .tlsFailed, .tlsFailed, .tlsFailed) })
    }

    @Test func hangingUpInAHandshakeIsAFailedConnection() {
        check([
            Row(
                NIOSSLError.handshakeFailed(.sslError([.eofDuringHandshake])), .connectionFailed, .connectionFailed,
                .connectionFailed),
            Row(
                NIOSSLError.handshakeFailed(.syscallError), .connectionFailed, .connectionFailed, .connectionFailed),
        ])
    }

    @Test func hangingUpWithinABodyIsATruncation() {
        let errors: [any Error] = [
            ConnectionError.hangUp, NIOHTTP1ProxyConnectHandler.Error.remoteConnectionClosed(),
            HTTPParserError.invalidEOFState, NIOSSLError.uncleanShutdown,
            ChannelError.eof,
        ]
        check(errors.map { Row($0, .connectionFailed, .connectionFailed, .truncated) })
    }

    @Test func whatIsNotHTTPIsSaidSo() {
        let errors: [any Error] = [
            HTTPParserError.invalidChunkSize, HTTPParserError.headerOverflow, HTTPParserError.invalidConstant,
            HTTPParserError.unexpectedContentLength,
        ]
        check(errors.map { Row($0, .invalidResponse, .connectionFailed, .truncated) })
    }

    @Test func limitsAndRefusedPeersHaveTheirCodes() {
        check([
            Row(ConnectionError.replyTooLarge, .invalidResponse, .connectionFailed, .connectionFailed),
            Row(PeerNotPublicError(kind: .loopback), .connectionFailed, .urlRejected, .urlRejected),
        ])
    }

    @Test func bodyThatCannotBeDecompressedHasItsCode() {
        check([
            Row(BodyDecoderError.truncated, .invalidResponse, .truncated, .truncated),
            Row(BodyDecoderError.corrupt, .invalidResponse, .corruptPNG, .corruptPNG),
            Row(BodyDecoderError.tooLarge, .invalidResponse, .imageTooLarge, .imageTooLarge),
            Row(BodyDecoderError.noMemory, .connectionFailed, .connectionFailed, .connectionFailed),
        ])
    }

    @Test(arguments: [EMFILE, ENFILE]) func tooManyOpenFilesAreNamed(code: CInt) {
        let error = IOError(errnoCode: code, reason: "socket")
        check([Row(error, .connectionFailed, .connectionFailed, .connectionFailed)])
        for exchange in ExchangePhase.allCases {
            let failure = JobFailure.ofTransport(error, in: exchange, cancelled: false)
            #expect(failure.cause == .tooManyOpenFiles)
            #expect(failure.message.contains("too many files open"))
        }
    }

    @Test func peerThatIsNotPublicIsTheCauseOfARejectedUrl() {
        let error = PeerNotPublicError(kind: .loopback)
        #expect(JobFailure.ofTransport(error, in: .imageHead, cancelled: false).cause == .hostNotPublic)
        #expect(JobFailure.ofTransport(error, in: .poll, cancelled: false).cause == nil)
    }

    @Test func refusedTunnelIsAFailedConnectionThatNamesTheProxy() {
        let error = NIOHTTP1ProxyConnectHandler.Error.invalidProxyResponse()
        check([Row(error, .connectionFailed, .connectionFailed, .connectionFailed)])
        let failure = JobFailure.ofTransport(error, in: .poll, proxied: true, cancelled: false)
        #expect(failure.message == "The proxy refused to connect to the API.")
    }

    @Test func proxyThatWantsAUserIsAnHTTPErrorOfItsOwnStatus() {
        for (exchange, code) in [(ExchangePhase.poll, FailureCode.httpError), (.imageHead, .downloadHTTPError)] {
            let failure = JobFailure.ofTransport(
                NIOHTTP1ProxyConnectHandler.Error.proxyAuthenticationRequired(), in: exchange, proxied: true,
                cancelled: false)
            #expect(failure.code == code)
            #expect(failure.httpStatus == 407)
            #expect(failure.message.hasPrefix("The proxy "))
        }
    }

    @Test func proxyIsNamedOnlyWhereThereIsOne() {
        let error = IOError(errnoCode: ECONNREFUSED, reason: "connect")
        for proxied in [true, false] {
            let failure = JobFailure.ofTransport(error, in: .poll, proxied: proxied, cancelled: false)
            #expect(failure.message.contains("proxy") == proxied)
        }
    }

    @Test(arguments: ExchangePhase.allCases)
    func ourOwnFailureIsNotTouched(exchange: ExchangePhase) {
        let failure = JobFailure(.corruptPNG, at: .download, "A chunk is broken.")
        #expect(JobFailure.ofTransport(failure, in: exchange, cancelled: false) == failure)
        #expect(JobFailure.ofTransport(failure, in: exchange, cancelled: true) == failure)
    }

    @Test(arguments: ExchangePhase.allCases)
    func cancellationIsAnInterruptionOfTheRun(exchange: ExchangePhase) {
        for (error, cancelled) in [
            (CancellationError() as any Error, false), (ConnectionError.hangUp, true), (Unheard(), true),
        ] {
            let failure = JobFailure.ofTransport(error, in: exchange, cancelled: cancelled)
            #expect(failure.code == .interrupted)
            #expect(failure.stage == .run)
        }
    }
}
