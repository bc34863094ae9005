import Foundation
import Testing

extension EndToEnd {
    /// Replies of the API in good HTTP whose bodies are not what they should be.
    @Suite(.timeLimit(.minutes(5))) struct ReplyBodyTests {
        private static func body(_ bytes: [UInt8]) -> FaultServer.Script {
            { _ in Act.reply(200, ["Content-Type: application/json"], body: bytes) }
        }

        private static func body(_ text: String) -> FaultServer.Script { body(Array(text.utf8)) }

        @Test func replyThatMakesNoSenseIsAskedForAgainAndThenInvalid() async throws {
            let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
            let bodies: [(String, FaultServer.Script)] = [
                ("no JSON", Self.body("hello")),
                ("half of it", Self.body(#"{"success":true,"data":{"stat"#)),
                ("two documents", Self.body(#"{"data":{"status":"completed"}}{}"#)),
                ("a status within what is not UTF-8", Self.body([0xFF] + Array(#"{"data":{"status":"failed"}}"#.utf8))),
                (
                    "a damaged url",
                    { $0.data(#""status":"completed","url":"\#($0.home)/images/\#($0.id)\ud83d.png""#) }
                ),
                ("UTF-16", Self.body(Array(#"{"data":{"status":"completed"}}"#.utf16).flatMap { [UInt8($0), 0] })),
                ("100,000 deep", Self.body(deep)),
                ("deep within data", Self.body(#"{"data":{"status":"completed","x":\#(deep)}}"#)),
                ("null", Self.body("null")), ("a number", Self.body("17")), ("an array", Self.body("[]")),
                ("a string", Self.body(#""completed""#)), ("an empty object", Self.body("{}")),
                ("data null", Self.body(#"{"data":null}"#)), ("data a string", Self.body(#"{"data":"completed"}"#)),
                ("status null", { $0.data(#""status":null"#) }),
                (
                    "a hundred megabytes",
                    { _ in
                        [
                            Act.head(200, ["Content-Length: 100000000"]), .text(#"{"x":""#),
                            .flood(Array(repeating: 0x61, count: 65_536)),
                        ]
                    }
                ),
                (
                    "no length and no end",
                    { _ in
                        [Act.head(200, []), .text(#"{"x":""#), .flood(Array(repeating: 0x61, count: 65_536))]
                    }
                ),
                (
                    "gzip that ends too early",
                    { _ in Act.reply(200, ["Content-Encoding: gzip"], body: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]) }
                ),
                ("an error and no status", Self.body(#"{"success":false,"error":{"message":"sorry"}}"#)),
            ]
            try await expectEnds(
                of: bodies.map { Fault.poll($0.0, "invalid_response", polls: 3, script: $0.1) })
        }

        @Test func packedReplyIsRead() async throws {
            let text = Array(#"{"success":true,"data":{"status":"failed"}}"#.utf8)
            let compressed = [
                ("gzip", "H4sIAAAAAAACA6tWKi5NTk4tLlayKikqTdVRSkksSVSyqlYqLkksKQWKKqUlZuakpijV1gIAqkDIaisAAAA="),
                ("deflate", "eJyrViouTU5OLS5WsiopKk3VUUpJLElUsqpWKi5JLCkFiiqlJWbmpKYo1dYCAFAIDzc="),
            ].map { ($0, Array(Data(base64Encoded: $1) ?? Data())) }
            try await expectEnds(
                of: (compressed + [("gzip", text), ("utf-8", text)]).map { label, body in
                    .poll("labelled \(label)", "job_failed", "resubmit", polls: 1) { _ in
                        Act.reply(200, ["Content-Encoding: \(label)"], body: body)
                    }
                }, status: 1)
        }

        @Test func statusThatIsNotKnownIsAskedForAgain() async throws {
            let fields = [
                #""queued""#, #""""#, "5", "true", "{}", "[]", #""\#(String(repeating: "x", count: 10_000))""#,
                #""completed\ud83d""#,
            ]
            try await expectEnds(
                of: fields.map { field in
                    Fault.poll("status \(field.prefix(20))", "unknown_status", polls: 3) {
                        $0.data(#""status":\#(field)"#)
                    }
                })
        }

        @Test func idAndFieldsOfTheReplyAreJudged() async throws {
            try await expectEnds(of: [
                .poll("another job's id", "job_id_mismatch", polls: 1) { $0.completed(id: faultID(0xFFFF)) },
                .poll("the id in capitals", "downloaded", polls: 1) { $0.completed(id: $0.id.uppercased()) },
                .poll("no id", "downloaded", polls: 1) { exchange in
                    Act.reply(
                        200,
                        json: #"{"data":{"status":"completed","url":"\#(exchange.home)/images/\#(exchange.id).png"}}"#)
                },
                .poll("fields that nobody knows", "downloaded", polls: 1) { exchange in
                    exchange.data(
                        #""x":[{"y":1e300}],"status":"completed","width":null,"height":"tall","aiCreditsUsed":"many","#
                            + #""url":"\#(exchange.home)/images/\#(exchange.id).png""#)
                },
                .poll("half an emoji, a number beyond any range, 70 levels and 1.2 MB", "downloaded", polls: 1) {
                    exchange in
                    let deep = String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
                    let long = String(repeating: "A", count: 1_200_000)
                    return exchange.data(
                        #""prompt":"a cat \ud83d","score":1e999,"meta":\#(deep),"reference":"\#(long)","#
                            + #""status":"completed","url":"\#(exchange.home)/images/\#(exchange.id).png""#)
                },
                .poll("a byte order mark, and a byte of Latin-1", "downloaded", polls: 1) { exchange in
                    let url = "\(exchange.home)/images/\(exchange.id).png"
                    let body = Array(#"{"data":{"status":"completed","url":"\#(url)","prompt":"caf"#.utf8)
                    return Act.reply(
                        200, ["Content-Type: application/json"],
                        body: [0xEF, 0xBB, 0xBF] + body + [0xE9] + Array(#""}}"#.utf8))
                },
                .poll("completed without url", "invalid_response", polls: 4) {
                    $0.data(#""status":"completed""#)
                },
                .poll("url null", "invalid_response", polls: 4) {
                    $0.data(#""status":"completed","url":null"#)
                },
                .poll("url empty", "invalid_response", polls: 4) { $0.completed(url: "") },
                .poll("url of white space", "invalid_response", polls: 4) { $0.completed(url: " \\t") },
                .poll("url a number", "invalid_response", polls: 4) {
                    $0.data(#""status":"completed","url":17"#)
                },
                // The url gives nothing, and the fresh one that is asked for does not come: what was said stays said.
                Fault(
                    name: "completed and then in progress",
                    poll: { $0.count == 1 ? $0.completed() : $0.data(#""status":"in-progress""#) },
                    image: { _ in Act.reply(403) }, end: "url_expired", action: "rerun", polls: 2, downloads: 1),
                Fault(
                    name: "completed and then failed",
                    poll: { $0.count == 1 ? $0.completed() : $0.data(#""status":"failed""#) },
                    image: { _ in Act.reply(403) }, end: "job_failed", action: "resubmit", polls: 2, downloads: 1),
            ])
        }

        @Test func urlThatCannotBeOneIsRejectedWithoutARequest() async throws {
            let urls = [
                "images/x.png", "/images/x.png", "//127.0.0.1/x.png", "?x", "x", "http://", "http:///x.png",
                "https://:443/",
                "file:///etc/passwd", "ftp://127.0.0.1/x.png", "data:image/png;base64,AAAA",
                "http://user:password@127.0.0.1/x.png", "http://127.0.0.1:99999/x.png", "http://127.0.0.1:-1/",
                "http://127.0.0 .1/x.png", "http://b\u{fc}cher.example/x.png",
                "http://[::1/x.png", "http://[1.2.3.4]/", "http://127.0.0.1/\(String(repeating: "x", count: 100_000))",
            ]
            try await expectEnds(
                of: urls.map { url in
                    var fault = Fault.poll("url \(url.prefix(40))", "url_rejected", "fix", polls: 1) {
                        $0.completed(url: url)
                    }
                    fault.downloads = 0
                    return fault
                }, status: 1)
        }

        @Test func urlIsEncodedAsBrowsersDo() async throws {
            let names = [
                ("my image.png", "my%20image.png"), ("x.png ", "x.png"), ("x.png\\r\\n", "x.png"),
                ("x\\r\\n.png", "x.png"), ("\\u0000x.png", "%00x.png"), ("\u{fc}|{}", "%C3%BC|%7B%7D"),
                ("a%20b", "a%20b"), ("x?a b'c#d", "x?a%20b%27c"), ("[1]%2.png?[]^{}", "[1]%2.png?[]^{}"),
                ("p/../q.png", "q.png"), ("p/%2e%2E/./r.png", "r.png"),
            ]
            let server = try FaultServer { exchange in
                guard exchange.isPoll, let index = Int(exchange.id.suffix(4), radix: 16) else { return Picture.reply }
                return exchange.completed(url: "\(index == 0 ? " " : "")\(exchange.home)/i/\(names[index].0)")
            }
            let night = try Night(server)
            try await night.run(names.indices.map { line(faultID($0)) }, status: 0)
            let asked = server.heads.compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) }
            for (_, name) in names { #expect(asked.contains("/i/\(name)"), "\(name)") }
        }

        @Test func hostIsReadAsBrowsersDo() async throws {
            // Digits of full width, percent-encoded ones, backslashes for slashes, and none at all.
            let hosts = ["//\u{ff11}\u{ff12}7\u{3002}0.0.1", "//%31%327.0.0.1", "\\\\\\\\127.0.0.1", "127.1"]
            let server = try FaultServer { exchange in
                guard exchange.isPoll, let index = Int(exchange.id.suffix(4), radix: 16) else { return Picture.reply }
                let start = "http:\(hosts[index])"
                return exchange.completed(
                    url: exchange.home.replacingOccurrences(of: "http://127.0.0.1", with: start) + "/i/x.png")
            }
            let night = try Night(server)
            let records = try await night.run(hosts.indices.map { line(faultID($0)) }, status: 0)
            #expect(records.values.allSatisfy { $0.status == "downloaded" }, "\(records)")
        }

        @Test(arguments: [
            ("http://127.0.0.1:65536/", "no setting changes that"), ("ftp://127.0.0.1/", "no setting changes that"),
            ("http://u@127.0.0.1/", "no setting changes that"), ("http://images.example/", "--allow-http"),
            ("https://images.example/", "--allow-host"),
        ])
        func adviceFitsTheRuleThatTheUrlBreaks(url: String, words: String) async throws {
            let server = try FaultServer { $0.completed(url: url) }
            let night = try Night(server)
            let arguments = words == "--allow-host" ? ["--allow-host", "other.example"] : []
            let records = try await night.run([line(faultID(0))], arguments, status: 1)
            let reason = try #require(records[1]).object("retry")["reason"] as? String
            #expect(reason?.contains(words) == true, "\(records)")
        }
    }
}
