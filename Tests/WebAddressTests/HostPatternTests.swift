import Testing

@testable import WebAddress

@Suite("A pattern of hosts", .timeLimit(.minutes(1)))
struct HostPatternTests {
    @Test(arguments: [
        ("*.cloudfront.net", "d1.cloudfront.net"), ("*.cloudfront.net", "a.b.cloudfront.net"),
        ("*.CloudFront.NET", "D1.CLOUDFRONT.net"), ("*.cloudfront.net", "d1.cloudfront.net."),
        ("images.example", "images.example"), ("Images.Example.", "IMAGES.example"), ("10.0.0.1", "10.0.0.1"),
        ("10.0.0.1", "0xa.1"), ("[fd00::1]", "fd00:0::1"), ("fd00::1", "fd00::1"),
    ])
    func matches(pattern: String, host: String) throws {
        #expect(try #require(HostPattern(pattern)).matches(#require(URLHost(host))))
    }

    @Test(arguments: [
        ("*.cloudfront.net", "cloudfront.net"), ("*.cloudfront.net", "evilcloudfront.net"),
        ("*.cloudfront.net", "cloudfront.net.evil.example"), ("*.net", "net"), ("images.example", "a.images.example"),
        ("images.example", "images.example.org"), ("10.0.0.1", "10.0.0.2"), ("fd00::1", "fd00::2"),
        ("*.example", "10.0.0.1"),
    ])
    func doesNotMatch(pattern: String, host: String) throws {
        #expect(try !#require(HostPattern(pattern)).matches(#require(URLHost(host))))
    }
}
