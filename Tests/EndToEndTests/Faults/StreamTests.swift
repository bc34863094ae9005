import Foundation
import Testing

extension EndToEnd {
    /// Streams that are full, closed or gone, and the narrow places that cron and shells put a program in.
    @Suite(.timeLimit(.minutes(5))) struct StreamTests {
        private static let count = 20

        private func night(_ script: @escaping FaultServer.Script = { $0.good }) throws -> (Night, String, FaultServer)
        {
            let server = try FaultServer(script)
            let night = try Night(server)
            let lines = (0..<Self.count).map { line(faultID($0)) + "\n" }.joined()
            return (night, try night.scratch.file("jobs.jsonl", lines), server)
        }

        /// The run's end as a script told it, for scripts whose own status says something else.
        private func status(_ night: Night) throws -> String {
            try String(contentsOfFile: night.scratch.path("status.out"), encoding: .utf8)
        }

        @Test func fullStandardOutputIs74AndEveryImageIsWhole() async throws {
            let (night, manifest, _) = try night()
            let ended = try await night.shell("exec $fetch \(manifest) >/dev/full")
            try await night.expectOrder(after: ended, lines: nil, records: [], status: 74)
        }

        @Test func closedStandardOutputIsRefusedBeforeAnyRequest() async throws {
            let (night, manifest, server) = try night()
            let ended = try await night.shell("exec $fetch \(manifest) >&-")
            try await night.expectOrder(after: ended, lines: nil, records: [], status: 73)
            #expect(server.heads == [])
        }

        @Test func goneReaderEndsTheRunWith141AndOtherResultsAreComplete() async throws {
            let (night, manifest, _) = try night()
            let ended = try await night.shell("{ $fetch \(manifest); echo $? >status.out; } | head -n 1 >first.out")
            let code = try status(night)
            #expect(["141\n", "0\n"].contains(code), "\(code) \(ended)")
            let first = try String(contentsOfFile: night.scratch.path("first.out"), encoding: .utf8)
            #expect(try Record.all(in: first).count == 1)
            let filed = try await night.shell("exec $fetch -o other -r results.jsonl \(manifest) >&- 2>&- <&-")
            let records = try Record.all(
                in: String(contentsOfFile: night.scratch.path("results.jsonl"), encoding: .utf8))
            try await night.expectOrder(
                after: filed, lines: Self.count, records: records, status: 0, images: "other", made: ["images"])
        }

        @Test func standardErrorThatIsClosedFullOrGoneChangesNothing() async throws {
            for (index, place) in ["2>&-", "2>/dev/full", "2>&1 >records.jsonl | true"].enumerated() {
                let (night, manifest, _) = try night()
                let redirection = place.contains(">records") ? place : ">records.jsonl \(place)"
                let ended = try await night.shell(
                    "{ $fetch \(manifest) \(redirection.components(separatedBy: " | ")[0]); echo $? >status.out; }"
                        + (index == 2 ? " | true" : ""))
                #expect(try status(night) == "0\n", "\(place): \(ended)")
                let records = try Record.all(
                    in: String(contentsOfFile: night.scratch.path("records.jsonl"), encoding: .utf8))
                try await night.expectOrder(after: ended, lines: Self.count, records: records, status: 0)
            }
        }

        /// Each mask is obeyed, and no file is made that others may write.
        @Test func filesObeyTheMask() async throws {
            for (mask, file, directory) in [("000", "666", "777"), ("077", "600", "700"), ("027", "640", "750")] {
                let (night, manifest, _) = try night()
                let ended = try await night.shell(
                    "umask \(mask); env -i $fetch --api-key-file key --api-url \(night.api) -r results.jsonl \(manifest)"
                        .replacingOccurrences(of: "umask", with: "printf %s \"$PICTORY_API_KEY\" >key; umask")
                        + "; status=$?; rm key; stat -c %a results.jsonl images images/*.png | sort -u | tr '\\n' ' ' >modes.out; exit $status"
                )
                #expect(ended.status == 0, "\(ended)")
                let modes = try String(contentsOfFile: night.scratch.path("modes.out"), encoding: .utf8)
                #expect(modes == "\(file) \(directory) ")
            }
        }

        @Test func fewOpenFilesFailNoJobForGood() async throws {
            // Every reply takes its time, so that all jobs want a connection at once.
            let (night, manifest, _) = try night { exchange in
                [.drip(Array("HTTP/1.1 200".utf8), pause: 0.02)]
                    + exchange.good.map { act in
                        guard case .send(let bytes) = act, bytes.starts(with: "HTTP/1.1 200".utf8) else { return act }
                        return .send(Array(bytes.dropFirst(12)))
                    }
            }
            let ended = try await night.shell("ulimit -n 64; exec $fetch -j 64 --retries 20 \(manifest)")
            try await night.expectOrder(after: ended, lines: Self.count, records: ended.records(), status: 0)
        }

        @Test func stoppedAndContinuedRunFinishes() async throws {
            let (night, manifest, server) = try night { exchange in
                exchange.count < 8 && exchange.isPoll ? exchange.data(#""status":"in-progress""#) : exchange.good
            }
            let program = try night.start(
                Night.brief + ["--request-timeout", "1s", "--stall-timeout", "1s", "--max-wait", "60s", manifest])
            try await program.wait { _ in server.heads.count > 10 }
            program.signal(SIGSTOP)
            try await Task.sleep(for: .seconds(3))
            program.signal(SIGCONT)
            let ended = try await program.end()
            try await night.expectOrder(after: ended, lines: Self.count, records: ended.records(), status: 0)
        }
    }
}
