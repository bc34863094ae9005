/// Takes the API key out of what the API answers.
///
/// Gateways are known to quote a header that they do not like, and what the API says ends up in records and in logs.
struct KeyBlanking: Sendable {
    private let key: [UInt8]

    /// Anything shorter is no real key, and would be found in every reply.
    private static let shortestKey = 8

    init(key: String) {
        self.key = Array(key.utf8)
    }

    /// The body with an asterisk for each byte of the key, so that its structure stays.
    func applied(to body: [UInt8]) -> [UInt8] {
        guard key.count >= Self.shortestKey else { return body }
        var result = body
        for range in body.ranges(of: key) {
            result.replaceSubrange(range, with: repeatElement(UInt8(ascii: "*"), count: range.count))
        }
        return result
    }
}
