import Testing

@testable import HTTPTransport

@Suite("The heads of ordinary replies", .timeLimit(.minutes(1)))
struct OrdinaryHeadTests {
    private func read(_ text: String) -> OrdinaryHead? {
        Array(text.utf8).withUnsafeBytes(OrdinaryHead.init)
    }

    private func read(fields: String...) -> OrdinaryHead? {
        read((["HTTP/1.1 200 OK"] + fields + ["", ""]).joined(separator: "\r\n"))
    }

    /// What servers of today send before an image or a reply of the API.
    @Test(arguments: [
        """
        HTTP/1.1 200 OK
        Server: nginx/1.22.1
        Date: Tue, 01 Dec 2026 02:00:00 GMT
        Content-Type: image/png
        Content-Length: 1000
        Last-Modified: Mon, 30 Nov 2026 02:00:00 GMT
        Connection: keep-alive
        ETag: "65f-3e8"
        Accept-Ranges: bytes
        """,
        """
        HTTP/1.1 200 OK
        Content-Type: image/png
        Content-Length: 1000
        Connection: keep-alive
        x-amz-server-side-encryption: AES256
        Via: 1.1 0123456789abcdef.cloudfront.net (CloudFront)
        X-Cache: Hit from cloudfront
        Age: 12
        """,
        """
        HTTP/1.1 200 OK
        date: Tue, 01 Dec 2026 02:00:00 GMT
        content-type: application/json; charset=utf-8
        content-length: 1000
        set-cookie: __cf_bm=a_b.c-d; path=/; HttpOnly; Secure; SameSite=None
        report-to: {"endpoints":[{"url":"https:\\/\\/a.example\\/report?s=%2B"}],"max_age":604800}
        keep-alive: timeout=5
        """,
    ])
    func whatServersSendIsOrdinary(lines: String) throws {
        let text = lines.split(separator: "\n").joined(separator: "\r\n") + "\r\n\r\n"
        let head = try #require(read(text + "a body"))
        #expect(head.length == text.utf8.count)
        #expect(head.contentLength == 1000)
        #expect(head.isKeptAlive)
    }

    @Test(arguments: [
        ("Content-Length: 0", 0), ("content-length:7", 7), ("CONTENT-LENGTH:   7", 7), ("Content-Length: 007", 7),
        ("Content-Length: 999999999999999", 999_999_999_999_999),
    ])
    func lengthIsRead(field: String, length: Int) throws {
        let head = try #require(read(fields: field))
        #expect(head.contentLength == length)
    }

    @Test(arguments: [("keep-alive", true), ("Keep-Alive", true), ("close", false), ("\tCLOSE ", false)])
    func connectionIsKeptUnlessTheServerCloses(value: String, isKept: Bool) throws {
        let head = try #require(read(fields: "Content-Length: 1", "Connection:\(value)"))
        #expect(head.isKeptAlive == isKept)
    }

    /// Each goes to the decoder, whatever that makes of it.
    @Test(arguments: [
        // How the reply is to be read is said otherwise, or twice, or not at all.
        "X: y", "Content-Length: 1\r\nContent-Length: 1", "Content-Length: 1, 1", "Content-Length: -1",
        "Content-Length: +1", "Content-Length: 0x1", "Content-Length: 1 1", "Content-Length: 1 ", "Content-Length:\t1",
        "Content-Length:",
        "Content-Length: 1000000000000000", "Content-Length: 1\r\nTransfer-Encoding: chunked",
        "transfer-encoding: identity\r\nContent-Length: 1", "Content-Length: 1\r\nContent-Encoding: identity",
        "Content-Length: 1\r\nConnection: close\r\nConnection: close", "Content-Length: 1\r\nConnection: close, x",
        "Content-Length: 1\r\nConnection: upgrade", "Content-Length: 1\r\nConnection:",
        "Content-Length: 1\r\nUpgrade: h2c", "Content-Length: 1\r\nPROXY-CONNECTION: close",
        "Content-Length: 1\r\nRetry-After: 1", "Content-Length: 1\r\nLocation: /",
        // Lines are not as they should be.
        "Content-Length: 1\r\nX: a\r\n b", "Content-Length: 1\r\nX: a\nY: b", "Content-Length: 1\r\nX: a\rb",
        "Content-Length: 1\r\nX: \u{0}", "Content-Length: 1\r\nX: \u{7F}", "Content-Length: 1\r\nX: \u{FC}",
        "Content-Length: 1\r\nX", "Content-Length: 1\r\n: x", "Content-Length : 1", " Content-Length: 1",
        "Content-Length: 1\r\nX Y: z", "Content-Length: 1\r\nX\"Y: z",
    ])
    func everythingElseIsLeftToTheDecoder(fields: String) {
        #expect(read(fields: fields) == nil)
    }

    @Test(arguments: [
        "HTTP/1.0 200 OK", "HTTP/1.1 201 Created", "HTTP/1.1 206 Partial Content", "HTTP/1.1 100 Continue",
        "HTTP/1.1 404 Not Found", "HTTP/1.1  200 OK", "http/1.1 200 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 200",
        "HTTP/1.1 200 \u{1}", "\r\nHTTP/1.1 200 OK",
    ])
    func onlyAPlain200IsOrdinary(line: String) {
        #expect(read("\(line)\r\nContent-Length: 1\r\n\r\nx") == nil)
    }

    @Test func headThatHasNotArrivedWholeIsLeftToTheDecoder() throws {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
        for length in 0..<text.utf8.count {
            let start = Array(text.utf8.prefix(length))
            #expect(start.withUnsafeBytes(OrdinaryHead.init) == nil, "\(length) bytes")
        }
        let head = try #require(read(text))
        #expect(head.length == text.utf8.count)
    }

    @Test func headThatIsTooLongIsLeftToTheDecoder() throws {
        let rest = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX: \r\n\r\n".utf8.count
        for more in [0, 1] {
            let value = String(repeating: "x", count: OrdinaryHead.mostBytes - rest + more)
            let head = read(fields: "Content-Length: 1", "X: \(value)")
            #expect((head == nil) == (more > 0))
        }
    }

    @Test(arguments: [0, 1]) func headOfTooManyFieldsIsLeftToTheDecoder(more: Int) {
        let fields = Array(repeating: "X: y", count: OrdinaryHead.mostFields - 1 + more) + ["Content-Length: 1"]
        #expect((read(fields: fields.joined(separator: "\r\n")) == nil) == (more > 0))
    }
}
