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

    /// The form digit by digit, as the plain rule says it.
    private func isID(_ bytes: [UInt8]) -> Bool {
        bytes.count == 36
            && bytes.enumerated().allSatisfy { position, byte in
                [8, 13, 18, 23].contains(position)
                    ? byte == UInt8(ascii: "-") : "0123456789abcdefABCDEF".utf8.contains(byte)
            }
    }

    @Test func everyByteIsJudgedAtEveryPlace() throws {
        let text = "4d82d040-4394-4371-867d-72ae1dd62b6d"
        for position in text.utf8.indices.map({ $0.utf16Offset(in: text) }) {
            for byte in UInt8.min...UInt8.max {
                var bytes = Array(text.utf8)
                bytes[position] = byte
                let id = JobID(utf8: bytes.span)
                #expect((id != nil) == isID(bytes), "\(byte) at \(position)")
                guard let id else { continue }
                #expect(id.description.utf8.elementsEqual(bytes.map { 65...90 ~= $0 ? $0 | 0x20 : $0 }))
            }
        }
    }

    @Test func asciiIsTheDescription() throws {
        let id = try #require(JobID("4D82D040-4394-4371-867d-72ae1dd62b6f"))
        let ascii = id.ascii
        #expect(ascii.indices.map { ascii[$0] } == Array("4d82d040-4394-4371-867d-72ae1dd62b6f".utf8))
        #expect(id.description == "4d82d040-4394-4371-867d-72ae1dd62b6f")
    }
}
