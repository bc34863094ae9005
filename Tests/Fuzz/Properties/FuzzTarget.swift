/// What is fuzzed: any bytes at all become a call of the product, and what must hold of its answer is checked.
enum FuzzTarget: String, Sendable, CaseIterable {
    case apiReply = "api-reply"
    case journal
    case json
    case manifestBytes = "manifest-bytes"
    case manifestLine = "manifest-line"
    case names
    case png
    case record
    case replies
    case retryAfter = "retry-after"
    case urls

    /// Throws the first property that does not hold for this input; a trap is a finding too.
    func check(_ input: [UInt8]) throws(Violation) {
        switch self {
        case .apiReply: try APIReplyProperties.check(input)
        case .journal: try JournalProperties.check(input)
        case .json: try JSONProperties.check(input)
        case .manifestBytes: try ManifestBytesProperties.check(input)
        case .manifestLine: try ManifestLineProperties.check(input)
        case .names: try NameProperties.check(input)
        case .png: try PNGProperties.check(input)
        case .record: try RecordProperties.check(input)
        case .replies: try ReplyProperties.check(input)
        case .retryAfter: try RetryAfterProperties.check(input)
        case .urls: try URLProperties.check(input)
        }
    }
}
