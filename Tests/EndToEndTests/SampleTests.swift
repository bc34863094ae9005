import Foundation
import Testing

extension EndToEnd {
    /// The samples are what the program makes of them today.
    @Suite(.timeLimit(.minutes(5))) struct SampleTests {
        private static let samples = Programs.repository.appendingPathComponent("samples")

        @Test func sampleResultsAreThoseOfTheSampleManifest() async throws {
            let kept = try Record.all(
                in: String(contentsOf: Self.samples.appendingPathComponent("results.jsonl"), encoding: .utf8))
            let fetch = try Fetch(try await Simulator())
            let ended = try await fetch.start(
                Fetch.fast + [Self.samples.appendingPathComponent("jobs.jsonl").path]
            ).end()
            let made = try ended.records()
            #expect(made.count == kept.count)
            for old in kept {
                let new = try #require(made.first { $0.number == old.number }, "line \(old.number) has no record")
                #expect(new.status == old.status, "\(new.line)")
                #expect(new.jobID == old.jobID)
                #expect(new.code == old.code, "\(new.line)")
                #expect(new.action == old.action)
                #expect(new.warnings == old.warnings)
                #expect(Set(new.names) == Set(old.names), "\(new.line)")
            }
        }
    }
}
