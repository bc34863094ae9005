import Testing

@testable import HTTPTransport

@Suite struct KeyMaskTests {
    @Test(arguments: [
        ("", ""), ("pictai_secre", "pictai_secre"), ("pictai_secret", "[key]"), ("a pictai_secret b", "a [key] b"),
        ("pictai_secretpictai_secret", "[key][key]"), ("pictai_pictai_secret.", "pictai_[key]."),
    ]) func everyOccurrenceIsMasked(text: String, masked: String) {
        #expect(KeyMask("pictai_secret").masking(Array(text.utf8)) == Array(masked.utf8))
    }

    @Test func keyThatCouldBeAPartOfAnythingIsLeft() {
        #expect(KeyMask("data").masking(Array("{\"data\":1}".utf8)) == Array("{\"data\":1}".utf8))
    }
}
