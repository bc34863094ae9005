import Foundation
import Testing

extension EndToEnd {
    /// The key is in requests to the API's origin, and nowhere else.
    @Suite(.timeLimit(.minutes(5))) struct KeyTests {
        /// Gateways are known to quote the header that they do not like.
        @Test func keyThatTheAPIRepeatsIsNotPassedOn() async throws {
            let server = try FaultServer { exchange in
                let quote = #"{"message":"Invalid key=value pair in Authorization header: '\#(Night.canary)'."}"#
                switch exchange.id {
                case faultID(0): return Act.reply(400, json: quote)
                case faultID(1): return Act.reply(403, json: quote)
                case faultID(2): return exchange.data(#""status":"\#(Night.canary)""#)
                case faultID(3): return exchange.data(#""status":"failed","error_message":"key \#(Night.canary)""#)
                case faultID(4) where exchange.isPoll:
                    return exchange.completed(url: "\(exchange.home)/images/\(Night.canary)/\(exchange.id).png")
                case faultID(5) where exchange.isPoll:
                    return exchange.completed(url: "\(exchange.home)/images/\(exchange.id).png?key=\(Night.canary)")
                case faultID(6): return exchange.completed(url: "\(Night.canary)://x")
                default: return exchange.good
                }
            }
            let night = try Night(server)
            try await night.run((0..<8).map { line(faultID($0)) }, status: nil)
        }

        @Test func environmentAndArgumentsOfTheProcessAreAllThatHoldsIt() async throws {
            let server = try FaultServer { exchange in exchange.isHealed ? exchange.good : [.hold] }
            let night = try Night(server)
            let key = try night.scratch.file("key", Night.canary)
            let manifest = try night.scratch.file("jobs.jsonl", line(faultID(0)))
            let program = try RunningProgram(
                Programs.url("pictory-fetch"), ["--api-key-file", key, "--api-url", night.api, manifest],
                environment: [:], in: night.scratch)
            try await program.wait { _ in !server.heads.isEmpty }
            for name in ["cmdline", "environ", "comm"] {
                let text = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(program.id)/\(name)"))
                #expect(text.range(of: Data(Night.canary.utf8)) == nil)
            }
            program.signal(SIGKILL)
            _ = try await program.end()
        }

        @Test(arguments: [SIGABRT, SIGSEGV]) func crashTellsNoKey(signal: Int32) async throws {
            let server = try FaultServer { _ in [.hold] }
            let night = try Night(server)
            let manifest = try night.scratch.file("jobs.jsonl", line(faultID(0)))
            let script = try night.scratch.file(
                "run.sh",
                "ulimit -c 0; exec \(Programs.url("pictory-fetch").path) --verbose --progress always \(manifest)\n")
            // Without the runtime's own report, which finds no cause for a signal from outside and goes on.
            let environment = night.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
            let program = try RunningProgram(
                URL(fileURLWithPath: "/bin/sh"), [script], environment: environment,
                in: night.scratch)
            try await program.wait { _ in !server.heads.isEmpty }
            program.signal(signal)
            let ended = try await program.end()
            #expect(ended.status == 128 + signal, "\(ended)")
            try await night.expectNoKey(in: ended)
        }
    }
}
