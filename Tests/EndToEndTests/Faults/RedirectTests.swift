import Foundation
import Testing

extension EndToEnd {
    /// Redirects that lead round in circles, astray, or to strangers.
    @Suite(.timeLimit(.minutes(5))) struct RedirectTests {
        /// Targets that no redirect leads to, whoever redirects.
        private static let forbidden = [
            "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "data:image/png;base64,AAAA",
            "http://user:secret@127.0.0.1/", "javascript:alert(1)",
        ]
        /// Targets that make no sense.
        private static let senseless = [
            "", "http://", "http://[::1", "http://127.0.0.1:99999999999/", "http:// space /", "//", "http://%00/",
            "http://" + String(repeating: "a", count: 20_000),
        ]
        /// Targets that make sense and lead nowhere. `//[::1]/` has no scheme of its own.
        private static let dead = ["//[::1]:9/", "//[::1]/", "http://127.0.0.1:9/x"]

        @Test func pollsFollowNoBadRedirect() async throws {
            var faults = (Self.forbidden + Self.senseless).map { target in
                Fault.poll("to \(target.prefix(40))", "http_error", polls: 1) { _ in
                    Act.reply(302, ["Location: \(target)"])
                }
            }
            faults += Self.dead.map { target in
                Fault.poll("to \(target)", "connection_failed", polls: 3) { _ in
                    Act.reply(307, ["Location: \(target)"])
                }
            }
            faults += [
                .poll("loop", "http_error", polls: 1) { exchange in Act.reply(302, ["Location: \(exchange.target)"]) },
                .poll("no location", "http_error", polls: 1) { _ in Act.reply(302) },
                .poll("other host and port", "downloaded", polls: 1) { exchange in
                    Act.reply(302, ["Location: \(exchange.elsewhere)\(exchange.target)"])
                },
                .poll("other name of the same host", "downloaded", polls: 1) { exchange in
                    exchange.count == 1
                        ? Act.reply(
                            308,
                            [
                                "Location: \(exchange.home.replacingOccurrences(of: "127.0.0.1", with: "localhost"))\(exchange.target)"
                            ]) : exchange.good
                },
                .poll("within the API", "downloaded", polls: 1) { exchange in
                    exchange.target.contains("?")
                        ? exchange.completed(id: String(exchange.id))
                        : Act.reply(301, ["Location: \(exchange.target)?x"])
                },
            ]
            try await expectEnds(of: faults)
        }

        @Test func downloadsFollowNoBadRedirect() async throws {
            var faults = Self.forbidden.map { target in
                Fault.image("to \(target)", "url_rejected", "fix", downloads: 1) { _ in
                    Act.reply(302, ["Location: \(target)"])
                }
            }
            faults += Self.senseless.map { target in
                Fault.image("to \(target.prefix(40))", "download_http_error", downloads: 1) { _ in
                    Act.reply(302, ["Location: \(target)"])
                }
            }
            faults += Self.dead.map { target in
                Fault.image("to \(target)", "connection_failed", downloads: 3) { _ in
                    Act.reply(303, ["Location: \(target)"])
                }
            }
            faults += [
                .image("loop", "download_http_error", downloads: 1) { exchange in
                    Act.reply(302, ["Location: \(exchange.target)"])
                },
                .image("six steps", "download_http_error", downloads: 1) { exchange in
                    let step = exchange.target.split(separator: "?").dropFirst().first?.utf8.count ?? 0
                    let path = exchange.target.prefix { $0 != "?" }
                    return step == 6
                        ? Picture.reply
                        : Act.reply(302, ["Location: \(path)?\(String(repeating: "x", count: step + 1))"])
                },
                .image("five steps", "downloaded", downloads: 1) { exchange in
                    let step = exchange.target.split(separator: "?").dropFirst().first?.utf8.count ?? 0
                    let path = exchange.target.prefix { $0 != "?" }
                    return step == 5
                        ? Picture.reply
                        : Act.reply(302, ["Location: \(path)?\(String(repeating: "x", count: step + 1))"])
                },
                .image("other host and port", "downloaded", downloads: 1) { exchange in
                    Act.reply(302, ["Location: \(exchange.elsewhere)\(exchange.target)"])
                },
            ]
            try await expectEnds(of: faults)
        }

        /// What the API's origin is asked carries the key, and nothing else does, whichever way it is reached.
        @Test func keyGoesToTheAPIsOriginAlone() async throws {
            let stranger = try FaultServer { exchange in exchange.good }
            let server = try FaultServer(elsewhere: stranger.url) { exchange in
                switch (exchange.isPoll, exchange.count) {
                case (true, _) where exchange.id == faultID(1):
                    // There and back again: once left, the key stays behind.
                    exchange.completed(url: "\(exchange.elsewhere)/images/\(exchange.id).png")
                case (true, 1): Act.reply(302, ["Location: \(exchange.elsewhere)\(exchange.target)"])
                default: exchange.good
                }
            }
            let night = try Night(server, strangers: [stranger])
            try await night.run([line(faultID(0)), line(faultID(1))], status: 0)
            #expect(stranger.heads.contains { $0.hasPrefix("GET /pictoryapis/") })
            #expect(stranger.heads.contains { $0.hasPrefix("GET /images/") })
            let polls = server.heads.filter { $0.hasPrefix("GET /pictoryapis/") }
            #expect(!polls.isEmpty && polls.allSatisfy { $0.contains(Night.canary) })
            let images = server.heads.filter { $0.hasPrefix("GET /images/") }
            #expect(images.allSatisfy { !$0.contains(Night.canary) })
        }
    }
}
