import Testing

@testable import WebAddress

@Suite("The decision on a redirect", .timeLimit(.minutes(1)))
struct RedirectTests {
    private func decide(
        _ location: String?, status: Int = 302, from url: String = "https://a.example/b", followed: Int = 0
    ) throws -> Redirect {
        try Redirect.decide(status: status, location: location, from: WebURL(url), followed: followed)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func theseStatusesAreFollowed(status: Int) throws {
        #expect(try decide("/c", status: status) == .follow(WebURL("https://a.example/c")))
    }

    @Test(arguments: [200, 201, 300, 304, 305, 306, 309, 404])
    func otherStatusesAreNoRedirect(status: Int) throws {
        #expect(try decide("/c", status: status) == .none)
    }

    @Test func httpsIsNeverLeftForHTTP() throws {
        #expect(try decide("http://a.example/") == .refuse(.downgrade))
        #expect(try decide("http://127.0.0.1/") == .refuse(.downgrade))
        #expect(try decide("http://a.example/", from: "http://b.example/") == .follow(WebURL("http://a.example/")))
        #expect(try decide("https://a.example/", from: "http://b.example/") == .follow(WebURL("https://a.example/")))
    }

    @Test func limitIsFive() throws {
        #expect(try decide("/c", followed: 4) == .follow(WebURL("https://a.example/c")))
        #expect(try decide("/c", followed: 5) == .refuse(.tooMany))
    }

    @Test func locationMustMakeSense() throws {
        #expect(try decide(nil) == .refuse(.noLocation))
        #expect(try decide("") == .refuse(.noLocation))
        #expect(try decide("//") == .refuse(.badLocation(.notAbsolute)))
        #expect(try decide("file:///x") == .refuse(.badLocation(.scheme("file"))))
        #expect(try decide("//u:p@a.example/") == .refuse(.badLocation(.credentials)))
        #expect(try decide("#f") == .follow(WebURL("https://a.example/b")))
        #expect(try decide("//[::1]/") == .follow(WebURL("https://[::1]/")))
    }
}
