import FoundationEssentials
import Testing

@testable import PictorySimulator

@Suite struct ManifestTests {
    private struct Line: Decodable {
        let jobID: String
        let prompt: String

        enum CodingKeys: String, CodingKey {
            case jobID = "job_id"
            case prompt
        }
    }

    @Test func linesAreJSONWithDistinctLowerCaseVersion4Ids() throws {
        var seen: Set<String> = []
        let shape = try Regex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        for text in Manifest(jobs: 500, seed: 1) {
            let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
            #expect(line.jobID.wholeMatch(of: shape) != nil)
            #expect(seen.insert(line.jobID).inserted)
            #expect(!line.prompt.isEmpty)
        }
        #expect(seen.count == 500)
    }

    @Test func idsOfASeedNeverChange() {
        let first = Manifest(jobs: 1, seed: 1).map { $0 }
        #expect(first.first?.hasPrefix(#"{"job_id":"f792552a-dbf7-4c02-bab3-627b1eaa1b6c""#) == true)
    }

    @Test func longerManifestBeginsWithTheShorterOne() {
        #expect(Array(Manifest(jobs: 50, seed: 9).prefix(10)) == Array(Manifest(jobs: 10, seed: 9)))
    }

    @Test func seedsGiveDifferentIds() {
        let first = Set(Manifest(jobs: 100, seed: 1).map { $0.prefix(50) })
        #expect(first.isDisjoint(with: Manifest(jobs: 100, seed: 2).map { $0.prefix(50) }))
    }

    @Test func uuidSpellingIsReadInEitherCaseAndWrittenInLower() {
        let text = "4d82d040-4394-4371-867d-72ae1dd62b6d"
        #expect(JobID(text)?.text == text)
        #expect(JobID(text.uppercased())?.text == text)
        for bad in ["", "4d82d040", text + "0", text.replacing("-", with: "0"), text.replacing("b", with: "g")] {
            #expect(JobID(bad) == nil)
        }
    }
}
