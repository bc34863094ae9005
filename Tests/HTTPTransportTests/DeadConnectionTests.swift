import Glibc
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

@testable import HTTPTransport

@Suite("An idle connection that died", .timeLimit(.minutes(1)))
struct DeadConnectionTests {
    private static let ends: [any Error] = [
        ConnectionError.hangUp, IOError(errnoCode: ECONNRESET, reason: "read"),
        IOError(errnoCode: EPIPE, reason: "write"), IOError(errnoCode: ECONNABORTED, reason: "read"),
        IOError(errnoCode: ENOTCONN, reason: "read"), IOError(errnoCode: ESHUTDOWN, reason: "write"),
        ChannelError.eof, ChannelError.inputClosed, ChannelError.outputClosed, ChannelError.ioOnClosedChannel,
        ChannelError.alreadyClosed, NIOSSLError.uncleanShutdown,
    ]

    private static let others: [any Error] = [
        ConnectionError.timeout, ConnectionError.resolverSilent, ConnectionError.replyTooLarge, CancellationError(),
        IOError(errnoCode: ETIMEDOUT, reason: "read"), IOError(errnoCode: EHOSTUNREACH, reason: "read"),
        IOError(errnoCode: EMFILE, reason: "socket"), ChannelError.connectTimeout(.seconds(1)),
        HTTPParserError.invalidConstant, HTTPParserError.invalidEOFState, NIOSSLError.unableToValidateCertificate,
        BoringSSLError.noError, BodyDecoderError.corrupt,
    ]

    @Test func isFoundByItsEndBeforeAByteOfTheReply() {
        for error in Self.ends {
            #expect(DeadConnection.isFound(by: error, replyHasArrived: false), "\(error)")
            #expect(!DeadConnection.isFound(by: error, replyHasArrived: true), "\(error)")
        }
    }

    @Test func isNotFoundByAnythingElse() {
        for error in Self.others {
            #expect(!DeadConnection.isFound(by: error, replyHasArrived: false), "\(error)")
        }
    }

    private func age(opened: UInt64, idleSince: UInt64) -> DeadConnection.Age {
        .init(opened: .uptimeNanoseconds(opened), idleSince: .uptimeNanoseconds(idleSince))
    }

    @Test func fellowsThatAreAsOldAreSuspect() {
        let dead = age(opened: 10, idleSince: 20)
        // Idle as long, or longer.
        #expect(age(opened: 15, idleSince: 20).isSuspect(after: dead))
        #expect(age(opened: 15, idleSince: 19).isSuspect(after: dead))
        // Used later, but there before.
        #expect(age(opened: 10, idleSince: 30).isSuspect(after: dead))
        #expect(age(opened: 5, idleSince: 30).isSuspect(after: dead))
        // Younger in both.
        #expect(!age(opened: 11, idleSince: 21).isSuspect(after: dead))
    }
}
