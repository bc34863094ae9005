import Foundation
import Testing

extension EndToEnd {
    /// What samples/webhook holds, with Debian's webhook daemon: what is posted is kept, and taken in by the night.
    @Suite(.timeLimit(.minutes(5))) struct WebhookSampleTests {
        /// 120 jobs post when they are finished, some of them twice, and 40 posts are none; 30 jobs never post.
        @Test func nightOfPostsNeedsLessThanHalfTheRequests() async throws {
            let ids = try await manifestIDs(150)
            let own = ids.map { #"{"success":true,"data":{"jobId":"\#($0)"}}"# + "\n" }.joined()

            // A night by polls alone.
            let polled = try Fetch(try await Simulator(scenario: "calm"))
            let without = try await polled.run(ids.map { line($0) })
            #expect(without.status == 0, "\(without)")
            let polls = try await polled.simulator.statistics().requests.poll

            let simulator = try await Simulator(scenario: "calm")
            let daemon = try await WebhookDaemon()
            let posted = Array(ids.prefix(120))
            try await makeBodies(of: posted, simulator, daemon)
            let answers = try await daemon.post("posts", atOnce: 20)
            #expect(answers.count == 200)
            #expect(answers.allSatisfy { $0.value == ($0.key.hasPrefix("bad") ? "400" : "200") }, "\(answers)")
            let kept = try daemon.kept()
            #expect(kept.count == 160)
            let bodies = try daemon.scratch.files(in: "posts").filter { !$0.hasPrefix("bad") }.map {
                try daemon.scratch.text("posts/\($0)").replacingOccurrences(of: "\n", with: " ") + "\n"
            }
            #expect(kept.sorted() == bodies.sorted())

            _ = try daemon.scratch.file("srv/incoming/jobs.jsonl", own)
            let before = try await simulator.statistics()
            let night = try await self.night(daemon, simulator)
            #expect(night.status == 0, "\(night)")
            let after = try await simulator.statistics()
            let requests = after.requests.poll - before.requests.poll
            #expect(requests * 2 <= polls, "\(requests) requests with webhooks, \(polls) without")
            #expect(after.requests.image - before.requests.image == 150)
            #expect(after.imagesPerJob.count == 150)
            #expect(after.imagesPerJob.values.allSatisfy { $0 == 1 })
            #expect(after.imageRequestsWithKey.total == 0)
            let name = try #require(daemon.scratch.files(in: "srv/nights").first { $0.hasSuffix("results.jsonl") })
            let records = try Record.all(in: daemon.scratch.text("srv/nights/\(name)"))
            #expect(records.count == 160 + 150)
            #expect(Set(records.filter { $0.status == "downloaded" }.compactMap(\.jobID)) == Set(ids))
            #expect(records.count { $0.status == "downloaded" } == 150)
            #expect(records.count { $0.status == "duplicate" } == 160)
            #expect(records.count { $0.status == "downloaded" && $0.polls == 0 } == 120)
            #expect(daemon.scratch.files(in: "srv/incoming") == [])
            print(
                "webhooks: \(answers.count) posts, \(kept.count) lines, \(ids.count) jobs, "
                    + "\(requests) API requests in place of \(polls)")
        }

        /// The bodies as the API would post them, in `posts`: one for each job, 40 of them twice, 20 over many lines.
        private func makeBodies(of ids: [String], _ simulator: Simulator, _ daemon: WebhookDaemon) async throws {
            _ = try daemon.scratch.file("ids", ids.map { $0 + "\n" }.joined())
            let made = try await daemon.shell(
                """
                set -e
                mkdir posts
                get() { sed "s|.*|url = $PICTORY_API_BASE_URL/v1/jobs/&\\noutput = posts/&|" ids |
                    curl -sS --fail -H "Authorization: $PICTORY_API_KEY" -K -; }
                get; sleep 2; get
                for id in $(head -n 40 ids); do cp posts/$id posts/again-$id; done
                for id in $(tail -n 20 ids); do jq . posts/$id >lines; mv lines posts/$id; done
                ! grep -L completed posts/* | grep .
                for n in $(seq 40); do
                    case $((n % 4)) in 0) printf 'no JSON %s' $n ;; 1) printf '{"job_id":"%s"' $n ;; 2) : ;;
                    3) printf '<html>%s</html>' $n ;; esac >posts/bad-$n
                done
                """, environment: simulator.environment)
            try #require(made.status == 0, "\(made)")
        }

        private func night(_ daemon: WebhookDaemon, _ simulator: Simulator) async throws -> Ended {
            let script = WebhookDaemon.samples.appendingPathComponent("operators/nightly").path
            return try await daemon.shell(
                ([script, "srv", "--trust-replies"] + Fetch.fast).joined(separator: " "),
                environment: simulator.environment)
        }

        @Test func postsAreTakenInOnceByANightThatGoesOnFromWhereItWasKilled() async throws {
            let simulator = try await Simulator(scenario: "calm")
            let daemon = try await WebhookDaemon()
            let ids = (0..<4).map { fixture(1, picture: $0) }
            try await makeBodies(of: ids, simulator, daemon)
            #expect(try await daemon.post("posts", atOnce: 4).values.count { $0 == "200" } == 8)
            // The night was killed when half of the files had moved and its manifest was half there.
            let moved = try await daemon.shell(
                """
                mkdir -p srv/nights/next/new
                ls srv/incoming/* | head -n 4 | xargs mv -t srv/nights/next/new
                head -c 40 $(ls -d srv/nights/next/new/* | head -n 1) >srv/nights/next/jobs.jsonl
                """)
            #expect(moved.status == 0, "\(moved)")
            let night = try await self.night(daemon, simulator)
            #expect(night.status == 0, "\(night)")
            #expect(try await self.night(daemon, simulator).status == 0)
            let images = try await simulator.statistics().imagesPerJob
            #expect(images.count == 4)
            #expect(images.values.allSatisfy { $0 == 1 })
        }

        private static let good = #"{"n":12345678901234567890,"x":1.10,"s":"\u00e9 \ud83d"}"#

        private static let bodies: [(name: String, body: [UInt8], answer: String)] = [
            ("good", Array(good.utf8), "200"), ("lines", Array("{\r\n\"n\":\n1.50}\r\n".utf8), "200"),
            ("digits", Array("{\"n\":\(String(repeating: "9", count: 9000))}".utf8), "200"),
            ("text", Array("nonsense".utf8), "400"), ("none", [], "400"), ("half", Array("{\"n\":".utf8), "400"),
            ("array", Array("[{}]".utf8), "400"), ("string", Array("\"x\"".utf8), "400"),
            ("more", Array("{} more".utf8), "400"), ("NaN", Array("{\"n\":NaN}".utf8), "400"),
            ("newline-in-a-string", Array("{\"n\":\"a\nb\"}".utf8), "400"),
            ("NUL", Array("{\"n\":\"\0\"}".utf8), "400"), ("NUL-after", Array("{}\0}".utf8), "400"),
            ("two", Array("{} {}".utf8), "500"), ("latin", Array("{\"n\":\"".utf8) + [0xFF] + Array("\"}".utf8), "500"),
            (
                "deep",
                Array("\(String(repeating: "{\"n\":", count: 5000))1\(String(repeating: "}", count: 5000))".utf8), "500"
            ),
            ("long", Array("{\"n\":\"\(String(repeating: "x", count: 300_000))\"}".utf8), "500"),
        ]

        @Test func bodyIsKeptByteForByteOrRefusedWhole() async throws {
            let daemon = try await WebhookDaemon()
            try FileManager.default.createDirectory(
                atPath: daemon.scratch.path("posts"), withIntermediateDirectories: true)
            for (name, body, _) in Self.bodies {
                try Data(body).write(to: daemon.scratch.url.appendingPathComponent("posts/\(name)"))
            }
            let answers = try await daemon.post("posts", atOnce: 4)
            for (name, _, answer) in Self.bodies { #expect(answers[name] == answer, "\(name)") }
            let good = Self.bodies.filter { $0.answer == "200" }.map { body in
                String(decoding: body.body.map { [0x0A, 0x0D].contains($0) ? 0x20 : $0 }, as: UTF8.self) + "\n"
            }
            #expect(try daemon.kept().sorted() == good.sorted())
            #expect(daemon.scratch.files(in: "run") == [])
        }

        @Test func onlyAPostWithTheTokenIsTaken() async throws {
            let daemon = try await WebhookDaemon()
            let ended = try await daemon.shell(
                """
                code() { curl -sS -o /dev/null -w '%{http_code} ' "$@"; }
                code -d '{}' "${url}0"; code -d '{}' "${url%?}"; code -d '{}' "${url%/*}/TOKEN"; code "$url"
                code -X PUT -d '{}' "$url"; code -H 'Content-Type: text/plain' -d '{}' "$url"
                """)
            #expect(ended.standardOutput == "404 404 404 405 405 200 ", "\(ended)")
            #expect(try daemon.kept() == ["{}\n"])
        }

        @Test func answerSaysKeptOnlyAfterFileNameAndDirectoryAreSynced() async throws {
            let scratch = try Scratch()
            _ = try scratch.file("body", "{}")
            try FileManager.default.createDirectory(atPath: scratch.path("in"), withIntermediateDirectories: true)
            let keep = WebhookDaemon.samples.appendingPathComponent("webhook/keep").path
            let ended = try await RunningProgram(
                URL(fileURLWithPath: "/usr/bin/strace"),
                ["-y", "-o", "calls", "-e", "trace=fsync,rename,renameat,renameat2", keep, "in"],
                environment: ["REQUEST_BODY": "body", "PATH": "/usr/bin:/bin"], in: scratch
            ).end()
            #expect(ended.status == 0, "\(ended)")
            let calls = try scratch.text("calls").split(separator: "\n").compactMap { call -> String? in
                guard call.hasSuffix("= 0") else { return nil }
                return call.contains("rename") ? "rename" : call.contains(".new>") ? "file" : "directory"
            }
            #expect(calls == ["file", "rename", "directory"])
        }

        @Test func fullDiskIsToldAndLeavesNothing() async throws {
            let scratch = try Scratch()
            _ = try scratch.file("body", "{\"n\":\"\(String(repeating: "x", count: 100_000))\"}")
            let keep = WebhookDaemon.samples.appendingPathComponent("webhook/keep").path
            let ended = try await RunningProgram(
                URL(fileURLWithPath: "/bin/bash"), ["-c", "mkdir in; ulimit -f 10; trap '' XFSZ; '\(keep)' in"],
                environment: ["REQUEST_BODY": "body", "PATH": "/usr/bin:/bin"], in: scratch
            ).end()
            #expect(ended.status == 1, "\(ended)")
            #expect(ended.standardError.contains("nothing is kept: "), "\(ended)")
            #expect(scratch.files(in: "in") == [])
        }

        @Test func nginxRefusesWhatIsTooLongAndPassesTheRest() async throws {
            let daemon = try await WebhookDaemon()
            let (socket, port) = try Listening.on()
            close(socket)
            let place = try WebhookDaemon.sample("webhook/nginx.conf")
                .replacingOccurrences(of: "127.0.0.1:9000", with: "127.0.0.1:\(daemon.port)")
                .replacingOccurrences(of: "/var/log/nginx/", with: daemon.scratch.path(""))
            let configuration = try daemon.scratch.file(
                "nginx.conf",
                """
                daemon off; master_process off; pid nginx.pid; \(geteuid() == 0 ? "user root;" : "")
                events {}
                http {
                    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    server { listen 127.0.0.1:\(port); \(place) }
                }
                """)
            let nginx = try RunningProgram(
                URL(fileURLWithPath: "/usr/sbin/nginx"),
                ["-p", daemon.scratch.url.path, "-e", "error.log", "-c", configuration],
                environment: ["PATH": "/usr/bin:/bin"], in: daemon.scratch)
            let ended = try await daemon.shell(
                """
                url=http://127.0.0.1:\(port)/hooks/\(WebhookDaemon.token)
                code() { curl -sS --retry 50 --retry-connrefused --retry-delay 1 -o /dev/null -w '%{http_code} ' "$@"; }
                head -c 300000 /dev/zero | tr '\\0' ' ' | sed 's/$/{}/' >long
                code -d '{"n":1.10}' "$url"; code --data-binary @long "$url"; code -d 'nonsense' "$url"
                """)
            #expect(ended.standardOutput == "200 413 400 ", "\(ended)\n\(nginx.standardError)")
            #expect(try daemon.kept() == ["{\"n\":1.10}\n"])
        }

        @Test(
            .enabled(
                if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze"),
                "systemd is missing: the unit was NOT verified"))
        func unitIsVerified() async throws {
            let scratch = try Scratch()
            let unit = try scratch.file(
                "pictory-webhook.service", WebhookDaemon.sample("webhook/pictory-webhook.service"))
            let ended = try await tool("/usr/bin/systemd-analyze", ["verify", "--man=no", unit], in: scratch)
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.standardError == "", "\(ended)")
        }
    }
}
