import Foundation
import Testing

extension EndToEnd {
    /// Replies that break the rules of HTTP, and connections that break.
    @Suite(.timeLimit(.minutes(5))) struct FramingTests {
        private static let json = #"{"success":true,"data":{"status":"in-progress"}}"#

        /// A head with these lines of its own, and then what follows it.
        private static func raw(_ lines: [String], _ body: String = json, status: Int = 200) -> [Act] {
            [.text((["HTTP/1.1 \(status) Status"] + lines).map { $0 + "\r\n" }.joined() + "\r\n" + body)]
        }

        /// What follows the head is the picture.
        private static func rawPicture(_ lines: [String], _ body: [UInt8] = Picture.bytes) -> [Act] {
            raw(lines, "") + [.send(body)]
        }

        /// A megabyte of header lines.
        private static let manyHeaders = (0..<8192).map { "X-\($0): \(String(repeating: "x", count: 120))" }

        private static let garbage = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }

        @Test func brokenRepliesOfTheAPIAreClassified() async throws {
            let length = Self.json.utf8.count
            try await expectEnds(of: [
                .poll("content length too long", "connection_failed", polls: 3) { _ in
                    Self.raw(["Content-Length: \(length + 100)"])
                },
                .poll("two content lengths", "invalid_response", polls: 3) { _ in
                    Self.raw(["Content-Length: \(length)", "Content-Length: \(length - 1)"])
                },
                .poll("negative content length", "invalid_response", polls: 3) { _ in Self.raw(["Content-Length: -1"])
                },
                .poll("content length of no number", "invalid_response", polls: 3) { _ in
                    Self.raw(["Content-Length: many"])
                },
                .poll("content length beyond 64 bits", "invalid_response", polls: 3) { _ in
                    Self.raw(["Content-Length: 99999999999999999999999"])
                },
                .poll("chunk size of no number", "invalid_response", polls: 3) { _ in
                    Self.raw(["Transfer-Encoding: chunked"], "zz\r\n\(Self.json)\r\n0\r\n\r\n")
                },
                .poll("chunk shorter than its size", "invalid_response", polls: 3) { _ in
                    Self.raw(["Transfer-Encoding: chunked"], "5\r\n\(Self.json)\r\n0\r\n\r\n")
                },
                .poll("chunks without an end", "connection_failed", polls: 3) { _ in
                    Self.raw(["Transfer-Encoding: chunked"], "\(String(length, radix: 16))\r\n\(Self.json)\r\n")
                },
                .poll("chunk size beyond 64 bits", "invalid_response", polls: 3) { _ in
                    Self.raw(["Transfer-Encoding: chunked"], "fffffffffffffffffffff\r\n\(Self.json)")
                },
                .poll("a megabyte of headers", "invalid_response", polls: 3) { _ in Self.raw(Self.manyHeaders) },
                .poll("one header without an end", "invalid_response", polls: 3) { _ in
                    [.text("HTTP/1.1 200 OK\r\nX: "), .flood(Array(String(repeating: "x", count: 65_536).utf8))]
                },
                .poll("garbage", "invalid_response", polls: 3) { _ in [.send(Self.garbage)] },
                .poll("another protocol", "invalid_response", polls: 3) { _ in [.text("SSH-2.0-OpenSSH_9.2\r\n")] },
                .poll("status of no number", "invalid_response", polls: 3) { _ in
                    [.text("HTTP/1.1 OK fine\r\n\r\n")]
                },
                .poll("NUL in a header", "invalid_response", polls: 3) { _ in
                    Self.raw(["X: a\u{0}b", "Content-Length: \(length)"])
                },
                .poll("nothing", "connection_failed", polls: 3) { _ in [] },
                .poll("reset at once", "connection_failed", polls: 3) { _ in [.reset] },
                .poll("reset within the head", "connection_failed", polls: 3) { _ in [.text("HTTP/1.1 2"), .reset] },
                .poll("hang-up within the body", "connection_failed", polls: 3) { _ in
                    [Act.head(200, ["Content-Length: 900"]), .text(Self.json)]
                },
                .poll("other replies before the last", "downloaded", polls: 1) { exchange in
                    Array(repeating: .text("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), count: 200)
                        + exchange.good
                },
            ])
        }

        @Test func brokenRepliesOfTheImageHostAreClassified() async throws {
            let length = Picture.bytes.count
            try await expectEnds(of: [
                .image("content length too long", "truncated", downloads: 3) { _ in
                    Self.rawPicture(["Content-Length: \(length + 1)"])
                },
                .image("two content lengths", "connection_failed", downloads: 3) { _ in
                    Self.rawPicture(["Content-Length: \(length)", "Content-Length: \(length - 1)"])
                },
                .image("negative content length", "connection_failed", downloads: 3) { _ in
                    Self.rawPicture(["Content-Length: -1"])
                },
                // A good chunk comes byte by byte before the bad one, so that the head has been read when it breaks.
                .image("chunk size of no number", "truncated", downloads: 3) { _ in
                    Self.raw(["Transfer-Encoding: chunked"], "")
                        + [.drip(Array("1\r\n".utf8) + [0x89] + Array("\r\n".utf8), pause: 0.03), .text("zz\r\n")]
                },
                .image("chunks without an end", "truncated", downloads: 3) { _ in
                    Self.raw(["Transfer-Encoding: chunked"], "\(String(length, radix: 16))\r\n")
                        + [.send(Picture.bytes), .text("\r\n")]
                },
                .image("a megabyte of headers", "connection_failed", downloads: 3) { _ in Self.raw(Self.manyHeaders) },
                .image("garbage", "connection_failed", downloads: 3) { _ in [.send(Self.garbage)] },
                .image("nothing", "connection_failed", downloads: 3) { _ in [] },
                .image("reset at once", "connection_failed", downloads: 3) { _ in [.reset] },
                .image("hang-up without a length", "truncated", downloads: 3) { _ in
                    Self.rawPicture([], Array(Picture.bytes.dropLast(20)))
                },
            ])
        }

        /// Each in a run of its own: the reply is whole before what follows it shows that the connection is no good, so
        /// that the next request may already be on it, and would be the one that fails.
        @Test func repliesLongerThanTheirLengthAreClassified() async throws {
            try await expectEnds(of: [
                .poll("content length too short", "invalid_response", polls: 3) { _ in
                    Self.raw(["Content-Length: \(Self.json.utf8.count - 10)"])
                }
            ])
            try await expectEnds(of: [
                .image("content length too short", "truncated", downloads: 3) { _ in
                    Self.rawPicture(["Content-Length: \(Picture.bytes.count - 1)"])
                }
            ])
        }

        /// In a run of its own: no connection that another reply broke can be taken for this one.
        @Test func imageWithoutALengthIsProvenByItself() async throws {
            try await expectEnds(
                of: [.image("no length", "downloaded", downloads: 1) { _ in Self.rawPicture([]) }], status: 0)
        }

        /// A reply that promises to keep its connection, which is reset at the next request.
        private static func once(_ acts: [Act]) -> [Act] {
            acts.map { act in
                guard case .send(let bytes) = act else { return act }
                let text = String(decoding: bytes, as: UTF8.self)
                return text.hasPrefix("HTTP/") ? .text(text.replacing("Connection: close\r\n", with: "")) : act
            } + [.hear, .reset]
        }

        /// With no further attempt: what a new connection serves at once may cost none.
        @Test func connectionsThatDieWhileTheyAreIdleCostNothing() async throws {
            let server = try FaultServer { Self.once($0.good) }
            let night = try Night(server)
            let records = try await night.run(
                (0..<60).map { line(faultID($0)) }, ["-j", "16", "--retries", "0"], status: 0)
            #expect(records.values.allSatisfy { $0.polls == 1 && $0.downloads == 1 })
        }

        @Test func foldedHeadIsRead() async throws {
            let length = Picture.bytes.count
            try await expectEnds(
                of: [
                    .image("folded", "downloaded", downloads: 1) { _ in
                        Self.rawPicture(["X: a", " b", "Content-Length:", "\t\(length)"])
                    },
                    .poll("folded redirect", "downloaded", polls: 1) { exchange in
                        let folded = "Location:\r\n \(exchange.target)?x"
                        return exchange.target.contains("?")
                            ? exchange.completed() : Self.raw(["Content-Length: 0", folded], "", status: 302)
                    },
                ], status: 0)
        }

        @Test func silenceAndTricklesAreBoundedAndFreeTheirSlots() async throws {
            let faults: [Fault] = [
                .poll("silence", "timeout", polls: 2) { _ in [.hold] },
                .poll("silence within the reply", "timeout", polls: 2) { _ in
                    [Act.head(200, ["Content-Length: 900"]), .text(Self.json), .hold]
                },
                .poll("a byte now and then", "timeout", polls: 2) { _ in
                    [.drip(Array("HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 500))".utf8), pause: 0.2)]
                },
                .poll("interim replies for ever", "timeout", polls: 2) { _ in
                    [.flood(Array("HTTP/1.1 102 Processing\r\n\r\n".utf8))]
                },
                .image("silence", "timeout", downloads: 2) { _ in [.hold] },
                .image("silence after 99 %", "timeout", downloads: 2) { _ in
                    [Act.head(200, ["Content-Length: \(Picture.bytes.count)"]), .send(Picture.bytes.dropLast()), .hold]
                },
                .image("a byte every two seconds", "timeout", downloads: 2) { _ in
                    [Act.head(200, ["Content-Length: \(Picture.bytes.count)"]), .drip(Picture.bytes, pause: 2)]
                },
            ]
            // Two slots for seven faults: a slot that is not freed would have the good jobs wait for ever.
            try await expectEnds(
                of: faults,
                [
                    "-j", "2", "--retries", "1", "--request-timeout", "1s", "--stall-timeout", "700ms",
                    "--connect-timeout", "500ms", "--max-wait", "60s",
                ])
        }

        @Test func unreachableHostsAreClassifiedAndOthersGoOn() async throws {
            let port = try Listening.freePort()
            try await expectEnds(
                of: [
                    .poll("nobody listens", "connection_failed") { exchange in
                        exchange.completed(url: "http://127.0.0.1:\(port)/x.png")
                    },
                    .poll("no such name", "dns_failed") { exchange in
                        exchange.completed(url: "https://no-such-host.invalid/x.png")
                    },
                ], ["--connect-timeout", "3s"])
        }
    }
}
