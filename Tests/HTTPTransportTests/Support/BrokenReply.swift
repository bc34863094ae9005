import FetchCore
import Testing

/// Bytes of a server that break a rule of HTTP, and what a request that gets them ends as.
struct BrokenReply: Sendable, CustomTestStringConvertible {
    /// What is wrong with it.
    let testDescription: String
    let bytes: String
    let code: FailureCode

    init(_ flaw: String, _ bytes: String, _ code: FailureCode) {
        testDescription = flaw
        self.bytes = bytes
        self.code = code
    }
}
