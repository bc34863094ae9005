import Testing

@testable import HTTPTransport

@Suite struct KeyRedactionTests {
    @Test(arguments: [
        ("", ""), ("pictai_secre", "pictai_secre"), ("pictai_secret", "[key]"), ("a pictai_secret b", "a [key] b"),
        ("pictai_secretpictai_secret", "[key][key]"), ("pictai_pictai_secret.", "pictai_[key]."),
    ]) func everyOccurrenceIsRedacted(text: String, redacted: String) {
        #expect(KeyRedaction("pictai_secret").redacting(Array(text.utf8)) == Array(redacted.utf8))
    }

    @Test func keyThatCouldBeAPartOfAnythingIsLeft() {
        #expect(KeyRedaction("data").redacting(Array("{\"data\":1}".utf8)) == Array("{\"data\":1}".utf8))
    }
}
