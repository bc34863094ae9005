import Testing

@testable import FetchCore

@Suite struct PollReplyTests {
    @Test(arguments: [
        ("https://h/a.png?signature=1#x", "https://h/a.png"), ("https://h/a.png#f?x", "https://h/a.png"),
        ("https://h/a", "https://h/a"), ("?", ""), ("é?é", "é"), ("https://h/a?\u{301}b", "https://h/a"),
    ])
    func urlIsRecordedWithoutItsQuery(url: String, recorded: String) {
        #expect(CompletedImage(url: url).urlWithoutQuery == recorded)
    }
}
