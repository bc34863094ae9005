import Foundation
import Testing

extension EndToEnd {
    /// `pictory-fetch schema`; every record and every summary of the other tests is checked by it too.
    @Suite(.timeLimit(.minutes(5))) struct SchemaTests {
        private func run(_ command: String) async throws -> Ended {
            let program = Programs.url("pictory-fetch").path
            return try await tool("/bin/sh", ["-c", "\(program) \(command)"], in: try Scratch())
        }

        @Test func schemasArePrintedWithoutAKey() async throws {
            for (arguments, id) in [
                ("schema", "record:1"), ("schema record", "record:1"), ("schema summary", "summary:1"),
            ] {
                let ended = try await run(arguments)
                #expect(ended.status == 0, "\(ended)")
                #expect(ended.standardError == "")
                let schema = try #require(
                    JSONSerialization.jsonObject(with: Data(ended.standardOutput.utf8)) as? [String: Any])
                #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
                #expect(schema["$id"] as? String == "urn:pictory-fetch:\(id)")
                #expect(schema["additionalProperties"] as? Bool == false)
            }
        }

        @Test func otherNamesAreRefusedAndLostOutputIs74() async throws {
            #expect(try await run("schema nonsense").status == 64)
            let full = try await run("schema >/dev/full")
            #expect(full.status == 74, "\(full)")
            #expect(
                full.standardError == "pictory-fetch: standard output could not be written: No space left on device\n")
            #expect(try await run("schema >&-").status == 74)
        }

        /// The first record of the samples with this status.
        private static func sample(_ status: String, _ code: String? = nil) throws -> String {
            let file = Programs.repository.appendingPathComponent("samples/results.jsonl")
            let records = try Record.all(in: String(contentsOf: file, encoding: .utf8))
            return try #require(records.first { $0.status == status && (code == nil || $0.code == code) }).line
        }

        /// Status and code of a sample, what is replaced in it, and by what.
        static let wrong: [(String, String?, String, String)] = [
            ("downloaded", nil, #""v":1"#, #""v":2"#),
            ("downloaded", nil, #""status":"downloaded""#, #""status":"done""#),
            ("downloaded", nil, #""status":"downloaded""#, #""status":"failed""#),
            ("downloaded", nil, #""line":"#, #""lines":"#),
            ("downloaded", nil, #""image":{"#, #""image":{"format":"png","#),
            ("downloaded", nil, #""sha256":""#, #""sha256":"A"#),
            ("downloaded", nil, #""polls":1,"#, ""),
            ("downloaded", nil, #""polls":1"#, #""polls":1.5"#),
            ("downloaded", nil, #""download_ms":"#, #""download_ms":-"#),
            ("failed", "job_failed", #""runs":1"#, #""download_ms":1,"runs":1"#),
            ("invalid", nil, #""runs":1"#, #""waited_ms":1,"runs":1"#),
            ("downloaded", nil, #""job_id":""#, #""job_id":"A"#),
            ("downloaded", nil, #""first_seen":"20"#, #""first_seen":"99920"#),
            ("downloaded", nil, #""runs":1"#, #""runs":0"#),
            ("downloaded", nil, #""runs":1"#, #""runs":1,"runs":1"#),
            ("pending", nil, #""action":"rerun""#, #""action":"fix""#),
            ("pending", nil, #""after_seconds":60,"#, ""),
            ("pending", nil, #""stage":"poll""#, #""stage":"download""#),
            ("pending", nil, #""status":"pending""#, #""status":"failed""#),
            ("failed", "job_failed", #""code":"job_failed""#, #""code":"job_broken""#),
            ("failed", "job_failed", #""code":"job_failed""#, #""code":"timeout""#),
            ("failed", "job_failed", #""reason":"#, #""after_seconds":1,"reason":"#),
            ("failed", "job_failed", #""action":"resubmit""#, #""action":"rerun""#),
            ("failed", "job_failed", #""action":"resubmit""#, #""action":"fix""#),
            ("failed", "corrupt_png", #""message":"#, #""message":"","text":"#),
            ("invalid", nil, #""job_id":null"#, #""job_id":"00000000-0000-4000-8000-000000000001""#),
            ("invalid", nil, #""runs":1"#, #""polls":0,"runs":1"#),
            ("duplicate", nil, #""duplicate_of_line":1,"#, ""),
            ("duplicate", nil, #""job_id":""#, #""job_id":null,"was":""#),
        ]

        @Test(arguments: wrong)
        func recordThatIsNoneOfOursIsRefused(status: String, code: String?, part: String, other: String) throws {
            // What the user wrote is any JSON, and so the check for names that are there twice stops before it.
            let good = try Self.sample(status, code).replacing(#/,"input":.*$/#, with: "}")
            #expect(Validator.shared.fault(of: good, by: .record) == nil)
            #expect(good.contains(part), "\(good)")
            let bad = good.replacingOccurrences(of: part, with: other)
            #expect(Validator.shared.fault(of: bad, by: .record) != nil, "\(bad)")
        }

        @Test func textThatIsNoJSONIsRefused() {
            for text in ["", "{", "{} {}", "NaN", "\"\\u12\""] {
                #expect(Validator.shared.fault(of: text, by: .record) != nil)
                #expect(Validator.shared.fault(of: text, by: .summary) != nil)
            }
        }
    }
}
