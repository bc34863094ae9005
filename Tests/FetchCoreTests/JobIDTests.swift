import Testing

@testable import FetchCore

@Suite struct JobIDTests {
    @Test func eitherCaseIsOneIdInLowerCase() {
        let lower = JobID("4d82d040-4394-4371-867d-72ae1dd62b6d")
        let upper = JobID("4D82D040-4394-4371-867D-72AE1DD62B6D")
        #expect(lower != nil)
        #expect(lower == upper)
        #expect(upper?.description == "4d82d040-4394-4371-867d-72ae1dd62b6d")
    }

    @Test func everyDigitCounts() {
        let text = Array("00000000-0000-0000-0000-000000000000")
        var seen: Set<JobID> = []
        for position in text.indices where text[position] != "-" {
            var other = text
            other[position] = "f"
            if let id = JobID(String(other)) {
                #expect(id.description == String(other))
                seen.insert(id)
            }
        }
        #expect(seen.count == 32)
    }

    @Test(arguments: [
        "", "4d82d040", "4d82d0404394-4371-867d-72ae1dd62b6d-", "4d82d040-4394-4371-867d-72ae1dd62b6",
        "4d82d040-4394-4371-867d-72ae1dd62b6d0", "4d82d040-4394-4371-867d-72ae1dd62b6g",
        "{4d82d040-4394-4371-867d-72ae1dd62b6d}", "4d82d040_4394_4371_867d_72ae1dd62b6d",
        " 4d82d040-4394-4371-867d-72ae1dd62b6d", "../../etc/passwd/../../../../../../x",
        "４d82d040-4394-4371-867d-72ae1dd62b6d",
    ]) func anythingElseIsNone(text: String) {
        #expect(JobID(text) == nil)
    }
}
